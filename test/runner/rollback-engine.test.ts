import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Broker, startBroker} from '#test/support/broker.ts';
import {freePort} from '#test/support/free-port.ts';
import {connectPeer, type MqttPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {RunningProgram} from '#test/support/program.ts';
import {parseMetrics} from '#test/support/prometheus.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, startRunner, streamCommand} from '#test/support/runner.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

let broker: Broker;
let engine: RunningEngine;
let peer: MqttPeer | undefined;
let place: RunnerPlace;
let runner: RunningProgram;
let http: number;
let feed: NodeJS.Timeout | undefined;

beforeEach(async () => {
  broker = await startBroker();
  engine = await startEngine({broker: broker.url});
  http = await freePort();
  place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: '1s', rollback: 'file', rollbackGrace: '3s', intervalTime: 1});
  peer = await connectPeer(broker.url);
  await peer.subscribe('out');
  // A device that never falls silent.
  feed = setInterval(() => void peer?.publish('devices', '{"name": "sensor", "temperature": 31}').catch(() => {}), 100);
});
afterEach(async () => {
  clearInterval(feed);
  await runner.end('SIGKILL');
  await peer?.close().catch(() => {});
  await engine.stop();
  await broker.stop();
  place.remove();
});

const demo = streamCommand('demo', 'DATASOURCE="devices", FORMAT="JSON"');
const rule = (sql: string, server = broker.url) =>
  commandFile(demo, {url: '/rules', method: 'POST', data: {id: 'r', sql, actions: [{mqtt: {server, topic: 'out', sendSingle: true}}]}});
const good = () => rule('SELECT temperature FROM demo');
const until = (check: () => unknown, withinMs = 15_000) => pollUntil(check, {withinMs, what: () => runner.output()});
const face = (route: string) => fetch(`http://127.0.0.1:${http}${route}`);
const sqlInEngine = async () => ((await engine.ask('GET', '/rules/r')) as {sql: string}).sql;

async function startWithGoodVersion(): Promise<void> {
  place.write({'a.json': good()});
  runner = startRunner(place);
  await until(() => runner.output().includes('file a.json left its rules well'));
}

describe('a runner beside our engine and a broker', () => {
  it('takes back a version whose rule fails at every message', async () => {
    await startWithGoodVersion();
    place.write({'a.json': rule('SELECT cast(name, "bigint") AS n FROM demo')});
    await until(() => runner.output().includes('file a.json is rolled back until it changes'));
    expect(await sqlInEngine()).toBe('SELECT temperature FROM demo');
    const status = (await (await face('/status')).json()) as {files: {state: string; problems: string[]}[]};
    expect(status.files[0]).toMatchObject({state: 'rolled back'});
    expect(status.files[0]!.problems[0]).toMatch(/^rule r: operator \d+_project failed \d+ times in a row/);
    const count = peer!.received.length;
    await peer!.receives(count + 5);
    expect(peer!.received.at(-1)!.text).toBe('{"temperature":31}');
    await until(
      async () =>
        parseMetrics(await (await face('/metrics')).text())
          .get('arrokoth_runner_healthy_rules')
          ?.samples.get('') === 1,
    );
  });

  it('takes back a version that sends to a broker that does not exist', async () => {
    await startWithGoodVersion();
    place.write({'a.json': rule('SELECT temperature FROM demo', `tcp://127.0.0.1:${await freePort()}`)});
    await until(() => runner.output().includes('file a.json is rolled back until it changes'));
    expect(runner.output()).toContain('sink mqtt_0 is not connected');
    await peer!.receives(peer!.received.length + 3);
  });

  it('keeps a good version though the broker goes away when it comes, and accepts it when the broker is back', async () => {
    await startWithGoodVersion();
    await broker.kill();
    place.write({'a.json': rule('SELECT temperature, name FROM demo')});
    await until(() => runner.output().includes('rule r is not well'));
    await until(() => runner.output().includes('cannot be judged'));
    expect((await face('/readyz')).status).toBe(200);
    expect(await sqlInEngine()).toBe('SELECT temperature, name FROM demo');
    await broker.restart();
    await until(() => runner.output().split('file a.json left its rules well').length === 3, 30_000);
    expect(runner.output()).not.toContain('going back');
    expect(await sqlInEngine()).toBe('SELECT temperature, name FROM demo');
  });
});
