import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type InProcessEngine, startInProcessEngine} from '#test/support/in-process-engine.ts';

let engine: InProcessEngine;

beforeEach(async () => {
  engine = await startInProcessEngine();
  await engine.declare('CREATE STREAM demo () WITH (DATASOURCE="in", FORMAT="JSON")');
});
afterEach(() => engine.close());

const rule = (version: number, more: object = {}) =>
  JSON.stringify({
    id: 'r',
    sql: `SELECT n, ${version} AS v FROM demo`,
    actions: [{mqtt: {server: 'tcp://127.0.0.1:1', topic: 'out', sendSingle: true}}],
    ...more,
  });

const numbers = () => engine.received('out').map(payload => (JSON.parse(payload) as {n: number}).n);

/** Publishes a message in every turn of the microtask queue until `change` is done; returns how many. */
async function publishDuring(change: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = change.finally(() => {
    isDone = true;
  });
  let n = 0;
  while (!isDone) {
    engine.publish('in', JSON.stringify({n: n++}));
    await undefined;
  }
  await done;
  engine.publish('in', JSON.stringify({n: n++}));
  return n;
}

describe('a running rule', () => {
  const changes: readonly [string, () => Promise<void>][] = [
    ['updated', () => engine.rules.update('r', rule(2))],
    ['restarted', () => engine.rules.restart('r')],
  ];
  for (const [name, change] of changes) {
    it(`gets every message exactly once while it is ${name}`, async () => {
      await engine.rules.create(rule(1));
      const sent = await publishDuring(change());
      expect(sent).toBeGreaterThan(3);
      expect(numbers()).toEqual(Array.from({length: sent}, (_, n) => n));
    });
  }

  it('is stopped by an update that is not triggered', async () => {
    await engine.rules.create(rule(1));
    await engine.rules.update('r', rule(2, {triggered: false}));
    engine.publish('in', '{"n":1}');
    expect(engine.rules.list()[0]!.status).toBe('stopped');
    expect(numbers()).toEqual([]);
  });

  it('keeps its counters of the moment it stopped', async () => {
    await engine.rules.create(rule(1));
    await engine.rules.create(rule(1).replace('"id":"r"', '"id":"other"'));
    engine.publish('in', '{"n":1}');
    await engine.rules.stop('r');
    engine.publish('in', '{"n":2}');
    expect(engine.rules.status('r')).toMatchObject({source_demo_0_records_in_total: 1, sink_mqtt_0_0_records_out_total: 1});
  });
});

describe('requests that overlap', () => {
  it('leave nothing behind when a rule is dropped while it is created', async () => {
    await Promise.all([engine.rules.create(rule(1)), engine.rules.drop('r')]);
    engine.publish('in', '{"n":1}');
    expect(engine.rules.list()).toEqual([]);
    expect(numbers()).toEqual([]);
  });

  for (const action of ['start', 'stop', 'restart'] as const) {
    it(`do not bring a dropped rule back by a ${action} that waited`, async () => {
      await engine.rules.create(rule(1));
      const [, late] = await Promise.allSettled([engine.rules.drop('r'), engine.rules[action]('r')]);
      engine.publish('in', '{"n":1}');
      expect(late.status).toBe('rejected');
      expect(engine.rules.list()).toEqual([]);
      expect(numbers()).toEqual([]);
    });
  }

  it('create the rule that an update finds dropped', async () => {
    await engine.rules.create(rule(1));
    await Promise.all([engine.rules.drop('r'), engine.rules.update('r', rule(2))]);
    engine.publish('in', '{"n":1}');
    expect(engine.rules.list().map(({id, status}) => `${id}: ${status}`)).toEqual(['r: running']);
    expect(engine.received('out')).toEqual(['{"n":1,"v":2}']);
  });
});

describe('a stored rule that cannot be read any more', () => {
  const stored = '{"id":"old","sql":"SELECT n FROM demo","actions":[]}';
  beforeEach(async () => {
    await engine.catalog.putRule('old', stored);
    await engine.catalog.putRule('sql', rule(1).replace('"id":"r"', '"id":"sql"').replace('SELECT', 'SELEKT'));
    engine.rules.load();
    await engine.rules.open();
  });

  it('is listed with its fault, shown as it is stored, and does not start', async () => {
    expect(engine.rules.list().map(({id, status}) => [id, status])).toEqual([
      ['old', 'error: Missing rule actions.'],
      ['sql', expect.stringContaining('error: found "SELEKT", expected SELECT (line 1, column 1)')],
    ]);
    expect(engine.rules.status('old')).toMatchObject({status: 'stopped by error', message: 'Missing rule actions.'});
    expect(engine.rules.describe('old')).toBe(stored);
    await expect(engine.rules.start('old')).rejects.toThrow('Missing rule actions.');
    expect(engine.rules.list()[0]!.status).toBe('error: Missing rule actions.');
  });

  it('runs after an update, and can be dropped', async () => {
    await engine.rules.update('old', rule(3).replace('"id":"r"', '"id":"old"'));
    engine.publish('in', '{"n":1}');
    expect(engine.received('out')).toEqual(['{"n":1,"v":3}']);
    for (const id of ['old', 'sql']) await engine.rules.drop(id);
    expect(engine.rules.list()).toEqual([]);
    expect(engine.catalog.rules()).toEqual([]);
  });
});
