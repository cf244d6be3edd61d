import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {EngineProxy} from '#test/support/engine-proxy.ts';
import {changeEngineState, emptyEngine, readEngineState} from '#test/support/engine-state.ts';
import {httpRequest} from '#test/support/http-request.ts';
import {pollUntil} from '#test/support/poll.ts';
import {confKeyTypesOf, playOnFakeEngine, playScenario, reasonAgainst, scenarioNames, skippingTime} from '#test/support/runner-scenario.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/**
 * Plays the scenarios against a real engine: that of ENGINE_URL, which must be empty and is emptied, or our own. The requests are those that
 * the fake engine gets, and so is the state at the end. RECORD=1 writes the result down for docs/compatibility.md.
 */
const address = process.env['ENGINE_URL'];

let own: RunningEngine | undefined;
let url: string;
let engine: {readonly name: string; readonly version: string};
const holds: string[] = [];
const doNot = new Map<string, string>();

beforeAll(async () => {
  own = address === undefined ? await startEngine() : undefined;
  url = own?.url ?? address!.replace(/\/+$/, '');
  engine = await identify();
  const held = await readEngineState(url, []);
  const full = Object.entries(held).filter(([, objects]) => Object.keys(objects as object).length > 0);
  if (full.length > 0)
    throw new Error(
      `${url} holds ${full.map(([family]) => family).join(', ')}; the scenarios delete everything, so the engine must be empty`,
    );
});

afterAll(async () => {
  await own?.stop();
  const reasons = [...doNot].map(([name, reason]) => `  ${name}: ${reason}\n`).join('');
  console.info(
    `${holds.length} scenarios hold on ${engine.name} ${engine.version}, ${doNot.size} do not${doNot.size > 0 ? `:\n${reasons}` : ''}`,
  );
  if (process.env['RECORD'] !== '1') return;
  const record = {engine: engine.name, version: engine.version, holds, doNot: Object.fromEntries(doNot)};
  writeFileSync(path.join(projectRoot, 'test/runner/real-engine.json'), `${JSON.stringify(record, null, 2)}\n`);
});

describe('a real engine', () => {
  it.each(scenarioNames)('%s', async name => {
    const marked = reasonAgainst(name, engine.name);
    if (marked !== undefined) {
      await expect(play(name), `${name} holds on ${engine.name}: its real.json says "${marked}"`).rejects.toThrow();
      doNot.set(name, marked);
    } else {
      await play(name);
      holds.push(name);
    }
  });
});

/** Rejects with what keeps the scenario from holding. */
async function play(name: string): Promise<void> {
  const types = confKeyTypesOf(name);
  const {confKeys: shipped} = await readEngineState(url, types);
  const model = await playOnFakeEngine(name);
  const front = await EngineProxy.start(url);
  try {
    await playScenario(name, {front, time: skippingTime(front), change: patch => changeEngineState(url, patch)});
    const wanted = await readEngineState(model.url, types);
    const {confKeys} = wanted;
    // The real engine has what it ships with besides.
    const expected = {
      ...wanted,
      confKeys: Object.fromEntries(types.map(type => [type, [...new Set([...(shipped[type] ?? []), ...(confKeys[type] ?? [])])].sort()])),
    };
    let held: unknown;
    await pollUntil(
      async () => {
        held = await readEngineState(url, types);
        return isDeepStrictEqual(held, expected);
      },
      {withinMs: 2000},
    ).catch(() => expect(held, 'the state at the end').toEqual(expected));
  } finally {
    await Promise.all([front.kill(), model.kill()]);
    await emptyEngine(url, shipped);
  }
}

/** From `GET /`: only our own engine says its name. */
async function identify(): Promise<{name: string; version: string}> {
  const {text, headers} = await httpRequest(url, 'GET', '/');
  const {version} = JSON.parse(text) as {version: string};
  return {name: /^arrokoth\b/i.test(String(headers['server'] ?? '')) ? 'Arrokoth' : 'eKuiper', version};
}
