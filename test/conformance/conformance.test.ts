import {readdirSync} from 'node:fs';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {messageOf} from '#engine/base/errors.ts';
import {UnsupportedError} from '#engine/planner/unsupported.ts';
import {type ConformanceCase, ddlOf, isAnswer, readCases} from '#test/support/conformance.ts';
import {startInProcessEngine} from '#test/support/in-process-engine.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/** Between two inputs, as when the answers were recorded. */
const gapMs = 6;
/** A case is over when nothing came for so long, after at most `longestMs`. */
const quietMs = 900;
const longestMs = 15_000;

/** Topics look as they did when the answers were recorded. */
const topicOf = (name: string) => `cf/c1/${name}`;

type Outcome = {readonly refusal: Error} | {readonly messages: readonly unknown[]};

/** Runs a case on an engine of its own, on virtual time. */
async function run(given: ConformanceCase): Promise<Outcome> {
  const engine = await startInProcessEngine();
  try {
    try {
      for (const name of Object.keys(given.streams)) await engine.declare(ddlOf(given, 'STREAM', name, topicOf(name)));
      for (const name of Object.keys(given.tables)) await engine.declare(ddlOf(given, 'TABLE', name, topicOf(name)));
      await engine.rules.create(
        JSON.stringify({
          id: 'case',
          sql: given.sql,
          actions: [{mqtt: {server: 'tcp://127.0.0.1:1883', topic: 'out', sendSingle: false, qos: 1, ...given.action}}],
          options: given.options,
        }),
      );
    } catch (thrown) {
      return {refusal: thrown as Error};
    }
    const first = Object.keys(given.streams)[0]!;
    for (const input of given.input) {
      if ('waitMs' in input) engine.clock.advance(input.waitMs);
      else engine.publish(topicOf(input.to ?? first), input.payload);
      engine.clock.advance(gapMs);
      await engine.settle();
    }
    for (let total = 0, quiet = 0, seen = engine.received('out').length; quiet < quietMs && total < longestMs; total += 50, quiet += 50) {
      engine.clock.advance(50);
      await engine.settle();
      if (engine.received('out').length !== seen) quiet = 0;
      seen = engine.received('out').length;
    }
    return {messages: engine.received('out').map(parsed)};
  } finally {
    await engine.close();
  }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return {$raw: payload};
  }
}

/** What the engine says it cannot do yet, in the words of its refusal; undefined for any other outcome. */
function notYet(outcome: Outcome): string | undefined {
  return 'refusal' in outcome && outcome.refusal instanceof UnsupportedError ? outcome.refusal.reason : undefined;
}

const tally = {passed: 0, notYet: new Map<string, number>()};

describe('eKuiper’s own answers', () => {
  const files = readdirSync(path.join(projectRoot, 'test/conformance')).filter(name => name.endsWith('.yaml'));
  for (const file of files) {
    describe(file, () => {
      for (const given of readCases(file)) {
        it(given.name, async () => {
          const outcome = await run(given);
          const reason = notYet(outcome);
          if (reason !== undefined) {
            tally.notYet.set(reason, (tally.notYet.get(reason) ?? 0) + 1);
            return;
          }
          if (given.refused !== undefined) expect(outcome, `wanted a refusal of: ${given.sql}`).toHaveProperty('refusal');
          else if (!given.open) {
            if ('refusal' in outcome) expect.fail(`refused: ${messageOf(outcome.refusal)}\n${given.sql}`);
            if (!isAnswer(given, outcome.messages)) expect(outcome.messages, given.sql).toEqual(given.answer);
          }
          tally.passed++;
        });
      }
    });
  }

  afterAll(() => {
    const missing = [...tally.notYet].sort(([, a], [, b]) => b - a);
    const total = missing.reduce((sum, [, count]) => sum + count, 0);
    console.log(`${tally.passed} cases answered as recorded, ${total} refused as not supported yet:`);
    for (const [reason, count] of missing) console.log(`  ${String(count).padStart(4)}  ${reason}`);
  });
});
