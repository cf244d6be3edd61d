import {rmSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {freePort} from '#test/support/free-port.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {RunningProgram} from '#test/support/program.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, ruleCommand, startRunner, streamCommand} from '#test/support/runner.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

const memory = 'DATASOURCE="t", FORMAT="JSON", TYPE="memory"';

let engine: RunningEngine;
let place: RunnerPlace;
let runner: RunningProgram | undefined;
let http: number;

beforeEach(async () => {
  engine = await startEngine();
  http = await freePort();
  place = createRunnerPlace(engine.url, {httpPort: http, intervalTime: 3600, timeout: 10_000});
});
afterEach(async () => {
  await runner?.end('SIGKILL');
  runner = undefined;
  await engine.stop();
  place.remove();
});

interface RuleLine {
  readonly id: string;
  readonly status: string;
}
const rules = async () => (await engine.ask('GET', '/rules')) as readonly RuleLine[];
const ids = async () => (await rules()).map(({id}) => id).join();
const until = (check: () => unknown, withinMs = 15_000) => pollUntil(check, {withinMs, what: () => runner?.output() ?? ''});
const requests = async () => {
  const text = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/engine_requests_total\{method="(\w+)",code="(\w+)"\} (\d+)/g)].map(([, method, code, count]) => [
      `${method} ${code}`,
      Number(count),
    ]),
  );
};
const startTimes = async (id: string) =>
  ((await engine.ask('GET', `/rules/${id}/status`)) as {lastStartTimestamp: number}).lastStartTimestamp;

describe('the real runner with the real engine', () => {
  it.each([
    'up to 1.22',
    'from 1.23',
  ] as const)('a ConfigMap of a kubelet %s becomes running rules, and each change is there within a second of the swap', async order => {
    const volume = new KubeletVolume(place.commands, order);
    volume.update({
      'a.json': commandFile(streamCommand('demo', memory), ruleCommand('changed', 'demo'), ruleCommand('calm', 'demo')),
      'b.json': commandFile(ruleCommand('gone', 'demo')),
    });
    runner = startRunner(place);
    await until(async () => (await rules()).filter(({status}) => status === 'running').length === 3);
    const calmSince = await startTimes('calm');

    const next = {
      'a.json': commandFile(
        streamCommand('demo', memory),
        ruleCommand('changed', 'demo', {sql: 'SELECT a FROM demo'}),
        ruleCommand('calm', 'demo'),
      ),
      'c.json': commandFile(ruleCommand('made', 'demo')),
    };
    for (const step of volume.steps(next)) {
      step.run();
      if (step.name !== 'swap') continue;
      await until(async () => {
        const {sql} = (await engine.ask('GET', '/rules/changed')) as {sql: string};
        return (await ids()) === 'calm,changed,made' && sql === 'SELECT a FROM demo';
      }, 1000);
    }
    await until(async () => (await rules()).every(({status}) => status === 'running'));
    expect(await startTimes('calm')).toBe(calmSince);
  });

  it('killed with -9 and restarted empty, the engine gets everything back without a touch of the files', async () => {
    place.write({
      'a.json': commandFile(streamCommand('demo', memory), ruleCommand('r1', 'demo'), ruleCommand('r2', 'demo'), {
        url: '/rules/r2/stop',
        method: 'POST',
      }),
    });
    runner = startRunner(place);
    await until(async () => (await ids()) === 'r1,r2');
    await until(() => runner!.output().includes('"msg":"pass"'));
    await engine.kill();
    rmSync(engine.dataDirectory, {recursive: true});
    await engine.restart();
    await until(async () => (await rules()).map(({id, status}) => `${id} ${status}`).join() === 'r1 running,r2 stopped', 5000);
  });

  it('killed with -9 and restarted with its data, the engine gets no write', async () => {
    place.write({'a.json': commandFile(streamCommand('demo', memory), ruleCommand('r1', 'demo'))});
    runner = startRunner(place);
    await until(() => runner!.output().includes('"msg":"pass"'));
    await engine.kill();
    await engine.restart();
    await until(async () => (await rules()).map(({id, status}) => `${id} ${status}`).join() === 'r1 running');
    const {'POST 200': exports = 0} = await requests();
    await fetch(`http://127.0.0.1:${http}/sync`, {method: 'POST'});
    await until(async () => (await requests())['POST 200']! > exports);
    expect(Object.keys(await requests()).filter(key => !key.startsWith('GET'))).toEqual(['POST 200', 'POST 201']);
    expect((await requests())['POST 201']).toBe(2);
  });

  it('SQL that does not parse breaks its file, since this engine reads the same language', async () => {
    place.write({'a.json': commandFile(streamCommand('demo', memory))});
    runner = startRunner(place);
    await until(() => runner!.output().includes('"msg":"pass"'));
    place.write({
      'a.json': commandFile(streamCommand('demo', memory), ruleCommand('r1', 'demo', {sql: 'SELEC * FROM demo'})),
      'b.json': commandFile(ruleCommand('r2', 'demo')),
    });
    await until(async () => (await ids()) === 'r2');
    await until(() => runner!.output().includes('file a.json is not in order'));
    expect(runner.output()).toMatch(/a\.json:1:\d+: SQL: /);
    expect((await engine.ask('GET', '/streams')) as unknown).toEqual(['demo']);
    expect((await requests())['POST 400']).toBeUndefined();
  });

  it('2,000 rules from one directory run after one pass; a second pass writes nothing', async () => {
    const files: Record<string, string> = {'streams.json': commandFile(streamCommand('demo', memory))};
    for (let first = 0; first < 2000; first += 200) {
      files[`rules-${first}.json`] = commandFile(
        ...Array.from({length: 200}, (_, i) => ruleCommand(`r${first + i}`, 'demo', {sql: `SELECT a, b FROM demo WHERE a > ${first + i}`})),
      );
    }
    place.write(files);
    runner = startRunner(place);
    await until(() => runner!.output().includes('"msg":"pass"'), 60_000);
    expect((await rules()).filter(({status}) => status === 'running')).toHaveLength(2000);
    const before = await requests();
    expect(before['POST 201']).toBe(2001);
    await fetch(`http://127.0.0.1:${http}/sync`, {method: 'POST'});
    await until(async () => (await requests())['POST 200']! > before['POST 200']!);
    const after = await requests();
    expect(
      Object.keys(after)
        .filter(key => !key.startsWith('GET') && key !== 'POST 200')
        .map(key => [key, after[key]! - before[key]!]),
    ).toEqual([['POST 201', 0]]);
  }, 90_000);
});
