import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {
  type ComposedRunner,
  commandFile,
  composeRunner,
  createRunnerPlace,
  type RunnerPlace,
  ruleCommand,
  streamCommand,
} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

let engine: FakeEngine;
let place: RunnerPlace;
let runner: ComposedRunner;
let clock: VirtualClock;

beforeEach(async () => {
  engine = await FakeEngine.start();
  clock = new VirtualClock(0);
  place = createRunnerPlace(engine.url, {consoleLog: false, healthQuestions: 20});
});
afterEach(async () => {
  await engine.kill().catch(() => {});
  place.remove();
});

const rules = (count: number) => Array.from({length: count}, (_, i) => ruleCommand(`r${i}`, i === 7 ? 'other' : 'demo'));
const fileOf = (...commands: readonly object[]) => ({'a.json': commandFile(streamCommand('demo'), streamCommand('other'), ...commands)});
const failing = {op_2_project_0_records_in_total: 9, op_2_project_0_exceptions_total: 9, op_2_project_0_last_exception: 'bad'};

async function applyRules(count: number, server = ''): Promise<void> {
  engine.server = server;
  place.write(fileOf(...rules(count)));
  runner = await composeRunner(place, clock);
  await runner.pass();
  engine.forgetCalls();
}

const calls = () => engine.calls.map(({method, path}) => `${method} ${path}`);
const unwell = async () => {
  clock.advance(10_000);
  const {health} = await runner.look();
  return [...health.rules].flatMap(([rule, {reasons}]) => (reasons.length > 0 ? [rule] : []));
};

describe('a look at the rules', () => {
  it('is one request for all and a bounded number for some', async () => {
    await applyRules(100);
    expect(await unwell()).toEqual([]);
    expect(calls()[0]).toBe('GET /rules/status/all');
    // One rule of each of two streams, and ten whose turn it is.
    expect(
      calls()
        .slice(1)
        .every(call => /^GET \/rules\/r\d+\/status$/.test(call)),
    ).toBe(true);
    expect(calls()).toHaveLength(1 + 2 + 10);
  });

  it('asks about rules that failed since the last one, and never about more than it may', async () => {
    await applyRules(100);
    await unwell();
    for (let i = 50; i < 100; i++) engine.nodes.set(`r${i}`, failing);
    engine.forgetCalls();
    const found = await unwell();
    expect(calls()).toHaveLength(1 + 20);
    expect(found).toHaveLength(20);
    await unwell();
    expect(await unwell()).toHaveLength(50);
  });

  it('knows nothing of a rule that was gone in between', async () => {
    await applyRules(100);
    engine.nodes.set('r50', failing);
    expect(await unwell()).toEqual(['r50']);
    place.write(fileOf(...rules(50)));
    await clock.during(runner.pass());
    expect(await unwell()).toEqual([]);
    place.write(fileOf(...rules(100)));
    await clock.during(runner.pass());
    // It failed as often as the one before it, and did so since.
    expect(await unwell()).toEqual(['r50']);
  });

  it('finds a lost source of every rule by one of them, where rules share their sources', async () => {
    await applyRules(100, 'arrokoth/1');
    const lost = {source_demo_0_connection_status: -1, source_demo_0_connection_last_disconnected_message: 'refused'};
    for (let i = 0; i < 100; i++) engine.nodes.set(`r${i}`, i === 7 ? {source_other_0_connection_status: 1} : lost);
    const found = await unwell();
    expect(found).toHaveLength(99);
    expect(found).not.toContain('r7');
    for (let i = 0; i < 100; i++) engine.nodes.set(`r${i}`, {source_demo_0_connection_status: 1});
    expect(await unwell()).toEqual([]);
  });

  it('takes only its own connection for lost where every rule has one', async () => {
    await applyRules(30);
    engine.nodes.set('r0', {source_demo_0_connection_status: -1});
    expect(await unwell()).toEqual(['r0']);
  });

  it('knows which rules should not run, and leaves out those that ended by themselves', async () => {
    place.write({
      'a.json': commandFile(
        streamCommand('demo'),
        ruleCommand('r0', 'demo'),
        ruleCommand('stopped', 'demo'),
        {url: '/rules/stopped/stop', method: 'POST'},
        ruleCommand('done', 'demo'),
      ),
    });
    runner = await composeRunner(place, clock);
    await runner.pass();
    engine.finished.add('done');
    engine.state.stopped['done'] = 'stopped';
    await runner.pass();
    expect(await unwell()).toEqual([]);
    engine.state.stopped['r0'] = 'stopped by error';
    delete engine.state.stopped['stopped'];
    expect(await unwell()).toEqual(['r0', 'stopped']);
  });

  it('asks a slow engine for two seconds and leaves the rest for the next one', async () => {
    await applyRules(40);
    for (let i = 0; i < 40; i++) engine.nodes.set(`r${i}`, failing);
    engine.intercept = ({path}) => {
      if (path.startsWith('/rules/r')) clock.advance(300);
      return undefined;
    };
    expect(await unwell()).toHaveLength(8);
    expect(await unwell()).toHaveLength(16);
  });

  it("shows no secret in the engine's word for a state", async () => {
    await applyRules(1);
    engine.intercept = ({path}) =>
      path === '/rules/status/all'
        ? {answer: 200, text: JSON.stringify({r0: {status: 'stopped: no route to tcp://user:hunter2@broker'}})}
        : undefined;
    clock.advance(10_000);
    const {health} = await runner.look();
    const [reason] = health.rules.get('r0')!.reasons;
    expect(reason!.text).toContain('no route to tcp://user:******@broker');
  });

  it('says why it learned nothing', async () => {
    await applyRules(1);
    engine.intercept = () => ({answer: 500, text: 'out of memory'});
    await expect(runner.look()).rejects.toThrow('GET /rules/status/all with 500: out of memory');
  });

  it('asks no more of 8,000 rules that are well than of a hundred', async () => {
    await applyRules(8000);
    await unwell();
    engine.forgetCalls();
    const startedAt = performance.now();
    expect(await unwell()).toEqual([]);
    console.info(`8,000 rules: a look takes ${Math.round(performance.now() - startedAt)} ms, the engine's part included`);
    expect(calls()).toHaveLength(1 + 2 + 10);
  }, 120_000);
});
