import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, ruleCommand, streamCommand} from '#test/support/runner.ts';

let engine: FakeEngine;
let place: RunnerPlace;
beforeEach(async () => {
  engine = await FakeEngine.start();
  place = createRunnerPlace(engine.url, {consoleLog: false});
});
afterEach(async () => {
  await engine.kill();
  place.remove();
});

/** `count` rules in files of 100, the way a generator would write them. */
function writeRules(count: number): void {
  const files: Record<string, string> = {'streams.json': JSON.stringify({commands: [streamCommand('demo')]})};
  for (let first = 0; first < count; first += 100) {
    const commands = Array.from({length: Math.min(100, count - first)}, (_, i) =>
      ruleCommand(`rule${first + i}`, 'demo', {
        sql: `SELECT temperature, humidity AS h, device FROM demo WHERE temperature > ${first + i} AND device = "d${i}"`,
        actions: [{mqtt: {server: 'tcp://127.0.0.1:1883', topic: `out/${first + i}`, sendSingle: true}}],
        options: {qos: 1},
      }),
    );
    files[`rules-${first}.json`] = JSON.stringify({commands}, null, 1);
  }
  place.write(files);
}

describe('thousands of rules', () => {
  it('2,000 reach the engine in one pass; a second pass sends three questions and no write', async () => {
    writeRules(2000);
    const {pass} = await composeRunner(place);
    const first = await pass();
    expect(first.outcomes.every(({result}) => result === 'done')).toBe(true);
    expect(Object.keys(engine.state.rules)).toHaveLength(2000);
    engine.forgetCalls();
    await pass();
    expect(engine.calls.map(({method, path}) => `${method} ${path}`)).toEqual(['GET /', 'POST /ruleset/export', 'GET /rules']);
  });

  it('8,000 that are as declared cost less than two seconds a pass, also where the engine stores them in another form', async () => {
    writeRules(8000);
    const {pass} = await composeRunner(place);
    await pass();
    engine.forgetCalls();
    const asWritten = await pass();
    expect(asWritten.durationMs).toBeLessThan(2000);
    for (const [id, text] of Object.entries(engine.state.rules)) {
      const rule = JSON.parse(text) as Record<string, unknown>;
      engine.state.rules[id] = JSON.stringify({
        triggered: true,
        tags: null,
        ...rule,
        sql: String(rule['sql']).replace('SELECT', 'select '),
      });
    }
    const rewritten = await pass();
    expect(engine.writes()).toEqual([]);
    // The first look at another form reads every rule; from then on it is known.
    const known = await pass();
    expect(known.durationMs).toBeLessThan(2000);
    expect(rewritten.plan.same.size).toBe(8001);
    expect(known.plan.changes).toEqual([]);
    console.info(
      `8,000 rules: ${Math.round(asWritten.durationMs)} ms as written, ${Math.round(rewritten.durationMs)} ms at the first look at another form, ${Math.round(known.durationMs)} ms after`,
    );
  }, 120_000);

  it('8,000 in a file each cost less than two seconds a pass', async () => {
    place.write({
      'streams.json': commandFile(streamCommand('demo')),
      ...Object.fromEntries(Array.from({length: 8000}, (_, i) => [`rule-${i}.json`, commandFile(ruleCommand(`rule${i}`, 'demo'))])),
    });
    const {pass} = await composeRunner(place);
    expect((await pass()).outcomes.every(({result}) => result === 'done')).toBe(true);
    engine.forgetCalls();
    const durations: number[] = [];
    for (let i = 0; i < 3; i++) durations.push((await pass()).durationMs);
    expect(engine.writes()).toEqual([]);
    console.info(`8,001 files: ${durations.map(Math.round).join(', ')} ms`);
    expect(Math.min(...durations)).toBeLessThan(2000);
  }, 120_000);
});

it('a ConfigMap as large as Kubernetes allows is taken whole, swap after swap', async () => {
  const largest = 1 << 20;
  const volume = new KubeletVolume(place.commands, 'from 1.23');
  const payloadOf = (version: number) => {
    const payload: Record<string, string> = {'streams.json': commandFile(streamCommand('demo'))};
    for (let key = 0; key < 16; key++) {
      const rules = Array.from({length: 120}, (_, i) =>
        ruleCommand(`rule${key}-${i}`, 'demo', {
          sql: `SELECT * FROM demo WHERE a > ${key === 7 && i === 3 ? version : 0}`,
          description: 'x'.repeat(330),
        }),
      );
      payload[`rules-${key}.json`] = commandFile(...rules);
    }
    const left = largest - Object.entries(payload).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    payload['streams.json'] += ' '.repeat(left);
    return payload;
  };
  volume.update(payloadOf(0));
  const {pass} = await composeRunner(place);
  expect((await pass()).outcomes).toHaveLength(1 + 16 * 120);
  for (let version = 1; version <= 3; version++) {
    engine.forgetCalls();
    volume.update(payloadOf(version));
    await pass();
    expect(engine.writes().map(({method, path}) => `${method} ${path}`)).toEqual(['PUT /rules/rule7-3']);
  }
}, 60_000);
