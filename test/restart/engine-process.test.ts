import {join} from 'node:path';
import {connectAsync} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type Broker, startBroker} from '#test/support/broker.ts';
import {pollUntil} from '#test/support/poll.ts';
import {startProgram} from '#test/support/program.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

let broker: Broker;
let engine: RunningEngine;

beforeAll(async () => {
  broker = await startBroker();
  engine = await startEngine({broker: broker.url});
});
afterAll(async () => {
  await engine.stop();
  await broker.stop();
});

async function connected(rule: string): Promise<void> {
  await pollUntil(
    async () => ((await engine.ask('GET', `/rules/${rule}/status`)) as Record<string, unknown>)['source_demo_0_connection_status'] === 1,
  );
}

describe('the engine process', () => {
  it('prints its version and ends', async () => {
    const program = startProgram('engine', ['--version']);
    await pollUntil(() => program.child.exitCode !== null);
    expect(program.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(program.child.exitCode).toBe(0);
  });

  it('says which file, line and value is wrong and ends with 1', async () => {
    const faulty = startProgram('engine', ['--data', engine.dataDirectory], {environment: {KUIPER__BASIC__RESTPORT: 'many'}});
    await pollUntil(() => faulty.child.exitCode !== null);
    expect(faulty.child.exitCode).toBe(1);
    expect(faulty.output()).toMatch(/restPort/);
  });

  const unusable: readonly {name: string; options: (directory: string) => string[]; environment?: Record<string, string>; says: RegExp}[] =
    [
      {
        name: 'an option that it does not know',
        options: () => ['--etx', 'x'],
        says: /^unknown option '--etx'.*\nSee arrokoth-engine --help\.\n$/,
      },
      {
        name: 'a configuration directory that is not there',
        options: directory => ['--etc', join(directory, 'nowhere')],
        says: /^the configuration directory ".*nowhere" does not exist\nName the directory .* with --etc\.\n$/,
      },
      {
        name: 'a data directory that cannot be made',
        options: directory => ['--data', join(directory, 'kuiper.yaml')],
        says: /^could not make the data directory ".*kuiper\.yaml": .*\nThe engine needs a data directory .*\n$/,
      },
      {
        name: 'a port that is taken',
        options: directory => ['--data', join(directory, 'other-data')],
        environment: {KUIPER__BASIC__RESTPORT: 'taken'},
        says: /^could not listen on .*EADDRINUSE.*\nSet restIp and restPort .*\n$/m,
      },
      {
        name: 'a time zone that does not exist',
        options: () => [],
        environment: {KUIPER__BASIC__TIMEZONE: 'Mars/Phobos'},
        says: /^environment variable KUIPER__BASIC__TIMEZONE: basic\.timezone: expected Local or an IANA time zone .*got "Mars\/Phobos"\n$/,
      },
    ];
  for (const {name, options, environment = {}, says} of unusable) {
    it(`tells in words of ${name} and ends with 1`, async () => {
      const port = environment['KUIPER__BASIC__RESTPORT'] === 'taken' ? {KUIPER__BASIC__RESTPORT: String(engine.port)} : {};
      const program = startProgram('engine', options(engine.etcDirectory), {environment: {...environment, ...port}});
      await pollUntil(() => program.child.exitCode !== null);
      expect(program.output()).toMatch(says);
      expect(program.output()).not.toMatch(/^ +at /m);
      expect(program.child.exitCode).toBe(1);
    });
  }

  it('refuses a data directory that another engine holds, and names it', async () => {
    const second = startProgram('engine', ['--etc', engine.etcDirectory, '--data', engine.dataDirectory], {
      environment: {KUIPER__BASIC__RESTPORT: '0'},
    });
    await pollUntil(() => second.child.exitCode !== null);
    expect(second.child.exitCode).toBe(1);
    expect(second.output()).toContain(engine.dataDirectory);
  });

  it('keeps every definition through kill −9, and runs again what ran', async () => {
    await engine.ask('POST', '/streams', {sql: 'CREATE STREAM demo () WITH (DATASOURCE="restart/demo", FORMAT="JSON")'});
    const rule = (id: string, more: object = {}) => ({
      id,
      sql: 'SELECT a FROM demo WHERE a > 1',
      actions: [{mqtt: {server: broker.url, topic: `restart/out/${id}`, sendSingle: true}}],
      ...more,
    });
    await engine.ask('POST', '/rules', rule('runs'));
    await engine.ask('POST', '/rules', rule('stopped', {triggered: false}));
    await engine.ask('POST', '/rules', rule('halted'));
    await engine.ask('POST', '/rules/halted/stop');
    const before = await engine.ask('POST', '/ruleset/export');

    await engine.kill();
    await engine.restart();

    expect(await engine.ask('POST', '/ruleset/export')).toEqual(before);
    const states = ((await engine.ask('GET', '/rules')) as {id: string; status: string}[]).map(({id, status}) => `${id}: ${status}`);
    expect(states).toEqual(['halted: stopped', 'runs: running', 'stopped: stopped']);

    await connected('runs');
    const client = await connectAsync(broker.url);
    const received: string[] = [];
    client.on('message', (topic, payload) => received.push(`${topic} ${payload}`));
    await client.subscribeAsync('restart/out/#', {qos: 1});
    await client.publishAsync('restart/demo', '{"a":1}', {qos: 1});
    await client.publishAsync('restart/demo', '{"a":2}', {qos: 1});
    await pollUntil(() => received.length > 0);
    expect(received).toEqual(['restart/out/runs {"a":2}']);
    await client.endAsync();
  });

  it('finds its broker again after the broker was gone, without a restart of the rule', async () => {
    await connected('runs');
    await broker.restart();
    await connected('runs');
    const client = await connectAsync(broker.url);
    const received: string[] = [];
    client.on('message', (_, payload) => received.push(String(payload)));
    await client.subscribeAsync('restart/out/runs', {qos: 1});
    await pollUntil(async () => {
      await client.publishAsync('restart/demo', '{"a":7}', {qos: 1});
      return received.length > 0;
    });
    expect(received[0]).toBe('{"a":7}');
    await client.endAsync();
  });

  it('gives retained messages to each rule that starts, and again to none that runs', async () => {
    const client = await connectAsync(broker.url);
    await client.publishAsync('restart/retained', '{"a":7}', {qos: 1, retain: true});
    await engine.ask('POST', '/streams', {sql: 'CREATE STREAM kept () WITH (DATASOURCE="restart/retained", FORMAT="JSON")'});
    const received = async (rule: string) =>
      ((await engine.ask('GET', `/rules/${rule}/status`)) as Record<string, unknown>)['source_kept_0_records_in_total'];
    for (const id of ['first', 'joins', 'joins-too']) {
      await engine.ask('POST', '/rules', {id, sql: 'SELECT a FROM kept', actions: [{nop: {}}]});
      await pollUntil(async () => (await received(id)) === 1);
    }
    await engine.ask('POST', '/rules/joins/restart');
    await pollUntil(async () => (await received('joins')) === 1);
    await client.publishAsync('restart/retained', '{"a":8}', {qos: 1, retain: true});
    for (const id of ['first', 'joins', 'joins-too']) await pollUntil(async () => (await received(id)) === 2);
    for (const id of ['first', 'joins', 'joins-too']) await engine.ask('DELETE', `/rules/${id}`);
    await client.endAsync();
  });

  it('ends with 0 on SIGTERM and takes its rules up again', async () => {
    expect(await engine.program.end('SIGTERM')).toBe(0);
    await engine.restart();
    expect(((await engine.ask('GET', '/rules')) as unknown[]).length).toBe(3);
  });
});
