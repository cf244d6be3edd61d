import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {EngineProxy} from '#test/support/engine-proxy.ts';
import {emptyEngine, readEngineState} from '#test/support/engine-state.ts';
import {pollUntil} from '#test/support/poll.ts';
import {
  commandFile,
  composeRunner,
  createRunnerPlace,
  type RunnerPlace,
  ruleCommand,
  startRunner,
  streamCommand,
} from '#test/support/runner.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

/** Three hundred objects on a real engine: that of ENGINE_URL, which must be empty and is emptied, or our own. */
const address = process.env['ENGINE_URL'];

let own: RunningEngine | undefined;
let url: string;
let front: EngineProxy;
let place: RunnerPlace;
let shipped: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  own = address === undefined ? await startEngine() : undefined;
  url = own?.url ?? address!.replace(/\/+$/, '');
  ({confKeys: shipped} = await readEngineState(url, ['sources/mqtt']));
  front = await EngineProxy.start(url);
  place = createRunnerPlace(front.url, {consoleLog: false, intervalTime: 3600});
});
afterAll(async () => {
  await front.kill();
  await emptyEngine(url, shipped);
  await own?.stop();
  place.remove();
});

/** 20 conf keys, 60 streams and 220 rules in ten files. In another version 40 rules are others, ten are gone and ten are new. */
function writeFiles(version: number): void {
  const files: Record<string, string> = {
    'conf-keys.json': commandFile(
      ...Array.from({length: 20}, (_, i) => ({
        url: `/metadata/sources/mqtt/confKeys/soak${i}`,
        method: 'PUT',
        data: {server: `tcp://127.0.0.1:${20_000 + i}`, qos: 1},
      })),
    ),
    'streams.json': commandFile(
      ...Array.from({length: 60}, (_, i) => streamCommand(`s${i}`, `DATASOURCE="soak/${i}", FORMAT="JSON", TYPE="memory"`)),
    ),
  };
  for (let file = 0; file < 8; file++) {
    const commands = [];
    for (let i = file; i < 220; i += 8) {
      const isReplaced = i < 10;
      const isOther = i < 50;
      commands.push(
        ruleCommand(isReplaced ? `r${i}-${version}` : `r${i}`, `s${i % 60}`, {
          sql: `SELECT avg(a) AS m, b FROM s${i % 60} WHERE a > ${isOther ? version : i} GROUP BY b, TUMBLINGWINDOW(ss, ${1 + (i % 9)})`,
          actions: [{nop: {}}, {memory: {topic: `out/${i}`}}],
        }),
      );
    }
    files[`rules-${file}.json`] = commandFile(...commands);
  }
  place.write(files);
}

async function expectVersion(version: number): Promise<void> {
  const held = await readEngineState(url, ['sources/mqtt']);
  const wanted = Array.from({length: 220}, (_, i) => (i < 10 ? `r${i}-${version}` : `r${i}`)).sort();
  expect(Object.keys(held.rules).sort()).toEqual(wanted);
  expect(Object.keys(held.streams)).toHaveLength(60);
  expect(held.confKeys['sources/mqtt']!.filter(name => name.startsWith('soak'))).toHaveLength(20);
  for (const [id, {sql, runs}] of Object.entries(held.rules)) {
    const number = Number(/\d+/.exec(id)![0]);
    expect(sql, id).toContain(`WHERE a > ${number < 50 ? version : number} `);
    expect(runs, id).toBe(true);
  }
}

/** The same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('three hundred objects on a real engine', () => {
  it('are made in one pass, and fifty more passes write nothing', async () => {
    writeFiles(0);
    const {pass} = await composeRunner(place);
    const first = await pass();
    expect(first.outcomes.filter(({result}) => result !== 'done')).toEqual([]);
    expect(first.outcomes).toHaveLength(300);
    // Rules that were still starting are looked at again.
    await pollUntil(async () => Object.values((await readEngineState(url, [])).rules).every(({runs}) => runs));
    front.forgetCalls();
    const startedAt = performance.now();
    for (let i = 0; i < 50; i++) await pass();
    console.info(
      `300 objects: made in ${Math.round(first.durationMs)} ms, ${Math.round((performance.now() - startedAt) / 50)} ms for a pass without a change`,
    );
    expect(front.writes()).toEqual([]);
    await expectVersion(0);
  }, 120_000);

  it('are right in the end although the runner was killed at twenty random points', async () => {
    const random = createRandom(42);
    for (let version = 1; version <= 20; version++) {
      writeFiles(version);
      front.forgetCalls();
      const killAt = 1 + Math.floor(random() * 60);
      const runner = startRunner(place);
      front.intercept = () => {
        if (front.writes().length < killAt) return undefined;
        runner.child.kill('SIGKILL');
        return {reset: random() < 0.5 ? 'before' : 'after'};
      };
      await pollUntil(() => runner.child.signalCode === 'SIGKILL', {withinMs: 30_000, what: runner.output});
      front.intercept = undefined;
    }
    const {pass} = await composeRunner(place);
    const last = await pass();
    expect(last.outcomes.filter(({result}) => result !== 'done')).toEqual([]);
    await expectVersion(20);
    front.forgetCalls();
    await pass();
    expect(front.writes()).toEqual([]);
  }, 180_000);
});
