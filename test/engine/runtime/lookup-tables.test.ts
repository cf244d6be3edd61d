import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {silentLogger} from '#engine/base/logger.ts';
import {openCatalog} from '#engine/catalog/open-catalog.ts';
import {
  type ConnectorEnvironment,
  defineLookup,
  type LookupRequest,
  type LookupSource,
  type SinkListener,
} from '#engine/connectors/connector.ts';
import {createMemoryBus} from '#engine/connectors/memory-bus.ts';
import {lookupConnectors, sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {LookupTables} from '#engine/runtime/lookup-tables.ts';
import {RuleRegistry} from '#engine/runtime/rule-registry.ts';
import {SourcePool} from '#engine/runtime/source-pool.ts';
import {openMemoryStore} from '#engine/store/memory-store.ts';
import type {Row} from '#engine/values/value.ts';
import {connectorEnvironment} from '#test/support/connectors.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/** A system that counts how often it is asked. */
const asked: LookupRequest[] = [];
const opened: LookupSource[] = [];
let listener: SinkListener;
let answer: (request: LookupRequest) => readonly Row[] | Promise<readonly Row[]> = () => [];
const counting = defineLookup({
  name: 'counting',
  summary: 'Counts.',
  settings: {},
  accumulates: false,
  create() {
    const source: LookupSource = {
      open(told) {
        listener = told;
        opened.push(source);
      },
      lookup(request) {
        asked.push(request);
        return answer(request);
      },
      async close() {
        opened.splice(opened.indexOf(source), 1);
      },
    };
    return source;
  },
});

type Engine = Awaited<ReturnType<typeof startEngine>>;

/** An engine whose streams and sinks are topics in memory. */
async function startEngine() {
  const clock = new VirtualClock(1000);
  const environment: ConnectorEnvironment = connectorEnvironment({clock, bus: createMemoryBus()});
  const catalog = await openCatalog({
    store: openMemoryStore(),
    etcDirectory: environment.etcDirectory,
    environment: {},
    logger: silentLogger,
  });
  const connectors = {sources: sourceConnectors, sinks: sinkConnectors, lookups: [...lookupConnectors, counting]};
  const lookups = new LookupTables(catalog, connectors, environment);
  catalog.onTablesChanged(() => lookups.follow());
  const rules = new RuleRegistry({
    catalog,
    connectors,
    lookups,
    pool: new SourcePool(catalog, connectors, environment, 'UTC'),
    environment,
    clock,
    logger: silentLogger,
    timeZone: 'UTC',
    optionDefaults: {},
    patrolIntervalMs: 10_000,
  });
  const results: unknown[] = [];
  environment.bus.subscribe('out', rows => results.push(rows));
  return {
    clock,
    catalog,
    rules,
    async declare(sql: string) {
      const statement = parseStatement(sql);
      if (statement.kind !== 'create') throw new Error(`not a CREATE statement: ${sql}`);
      await catalog.createSource(statement, sql);
    },
    async rule(id: string, sql: string, action: object = {memory: {topic: 'out', sendSingle: false}}) {
      await rules.create(JSON.stringify({id, sql, actions: [action]}));
    },
    send(topic: string, ...rows: Row[]) {
      environment.bus.publish(topic, rows, {});
    },
    async take() {
      for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve));
      return results.splice(0);
    },
    async close() {
      const closed = rules.close();
      clock.advance(5000);
      await closed;
      await lookups.close();
      await catalog.close();
    },
  };
}

let engine: Engine;
beforeEach(async () => {
  asked.length = 0;
  answer = () => [];
  engine = await startEngine();
  await engine.declare('CREATE STREAM s () WITH (DATASOURCE="in", TYPE="memory")');
});
afterEach(() => engine.close());

describe('a lookup table in memory', () => {
  const table = 'CREATE TABLE devices () WITH (DATASOURCE="devices", TYPE="memory", KIND="lookup", KEY="id")';
  const join = 'SELECT s.n AS n, devices.name AS name FROM s INNER JOIN devices ON s.id = devices.id';

  it('holds the newest row of each key, also from before a rule reads it', async () => {
    await engine.declare(table);
    engine.send('devices', {id: 1, name: 'old'}, {id: 2, name: 'b'});
    engine.send('devices', {id: 1n, name: 'a'});
    await engine.rule('r', join);
    engine.send('in', {id: 1, n: 1}, {id: 2, n: 2}, {id: 3, n: 3});
    expect(await engine.take()).toEqual([[{n: 1, name: 'a'}], [{n: 2, name: 'b'}]]);
  });

  it('keeps its rows while rules come and go, and loses them when it is dropped', async () => {
    await engine.declare(table);
    engine.send('devices', {id: 1, name: 'a'});
    await engine.rule('r', join);
    await engine.rules.drop('r');
    await engine.rule('r', join);
    engine.send('in', {id: 1, n: 1});
    expect(await engine.take()).toEqual([[{n: 1, name: 'a'}]]);
    await engine.rules.drop('r');
    await engine.catalog.dropSource('devices', 'table');
    await engine.declare(table);
    await engine.rule('r', join);
    engine.send('in', {id: 1, n: 1});
    expect(await engine.take()).toEqual([]);
  });

  it('is changed as rows of another rule say', async () => {
    await engine.declare(table);
    await engine.declare('CREATE STREAM changes () WITH (DATASOURCE="changes", TYPE="memory")');
    await engine.rule('feed', 'SELECT * FROM changes', {memory: {topic: 'devices', rowkindField: 'action', keyField: 'id'}});
    await engine.rule('r', join);
    const named = async () => {
      engine.send('in', {id: 1, n: 0}, {id: 2, n: 0});
      return ((await engine.take()) as Row[][]).flat().map(row => row['name']);
    };
    for (const [change, names] of [
      [{action: 'insert', id: 1, name: 'a'}, ['a']],
      [{action: 'update', id: 1, name: 'b'}, ['b']],
      [{action: 'upsert', id: 2, name: 'c'}, ['b', 'c']],
      [{id: 2, name: 'd'}, ['b', 'd']],
      [{action: 'delete', id: 1}, ['d']],
      [{action: 'delete', id: 7}, ['d']],
      [{action: 'drop', id: 2}, ['d']],
      [{action: 'delete'}, ['d']],
    ] as const) {
      engine.send('changes', change);
      await engine.take();
      expect(await named(), JSON.stringify(change)).toEqual(names);
    }
    const status = engine.rules.status('feed');
    expect(status['sink_memory_0_0_exceptions_total']).toBe(2);
    expect(status['sink_memory_0_0_last_exception']).toContain('key field "id" is missing');
  });

  it('is found by other columns than its key, and by several', async () => {
    await engine.declare(table);
    engine.send(
      'devices',
      {id: 1, plant: 'p', line: 1, name: 'a'},
      {id: 2, plant: 'p', line: 2, name: 'b'},
      {id: 3, plant: 'q', line: 1, name: 'c'},
    );
    await engine.rule('r', 'SELECT devices.name AS name FROM s LEFT JOIN devices ON s.plant = devices.plant');
    engine.send('in', {plant: 'p'});
    expect(await engine.take()).toEqual([[{name: 'a'}, {name: 'b'}]]);
    engine.send('devices', {id: 2, plant: 'q', line: 2, name: 'b2'});
    engine.send('in', {plant: 'p'}, {plant: 'q'}, {plant: 'none'});
    expect(await engine.take()).toEqual([[{name: 'a'}], [{name: 'c'}, {name: 'b2'}], [{}]]);
    await engine.rules.drop('r');
    await engine.rule(
      'r',
      'SELECT devices.name AS name FROM s INNER JOIN devices ON devices.line = s.line AND s.plant = devices.plant AND devices.id > 1',
    );
    engine.send('in', {plant: 'q', line: 1}, {plant: 'p', line: 1});
    expect(await engine.take()).toEqual([[{name: 'c'}]]);
  });

  it('is refused without KEY, without an equality, and of a type nobody knows', async () => {
    await expect(engine.declare(table.replace(', KEY="id"', ''))).rejects.toThrow('option "key" is required for memory lookup table');
    await engine.declare(table);
    await expect(engine.rule('r', 'SELECT s.n FROM s INNER JOIN devices ON s.id > devices.id')).rejects.toThrow(
      /at least one equi-join predicate/,
    );
    await engine.declare('CREATE TABLE odd () WITH (DATASOURCE="x", TYPE="memry", KIND="lookup", KEY="id")');
    await expect(engine.rule('r', join.replaceAll('devices', 'odd'))).rejects.toThrow(
      'lookup type "memry" of table "odd" is not known, did you mean "memory"',
    );
  });
});

describe('a lookup table elsewhere', () => {
  const join = 'SELECT t.name AS name FROM s LEFT JOIN t ON s.id = t.id';
  const declare = (lookup?: object) =>
    engine.declare(
      `CREATE TABLE t () WITH (DATASOURCE="x", TYPE="counting", KIND="lookup"${lookup ? `, EXTRA="${JSON.stringify({lookup}).replaceAll('"', '\\"')}"` : ''})`,
    );

  it('is open while a rule uses it, once for all rules', async () => {
    await declare();
    expect(opened).toHaveLength(0);
    await engine.rule('a', join);
    await engine.rule('b', join);
    expect(opened).toHaveLength(1);
    await engine.rules.drop('a');
    expect(opened).toHaveLength(1);
    await engine.rules.stop('b');
    expect(opened).toHaveLength(0);
  });

  it('is told the columns that the rule reads, the keys and the values', async () => {
    await declare();
    await engine.rule('a', join);
    engine.send('in', {id: 5n}, {id: null}, {});
    await engine.take();
    expect(asked).toEqual([{fields: ['id', 'name'], keys: ['id'], values: [5n]}]);
  });

  it.each([
    {lookup: undefined, counts: [1, 2, 3, 4]},
    {lookup: {cache: true}, counts: [1, 1, 2, 3]},
    {lookup: {cache: true, cacheMissingKey: true}, counts: [1, 1, 2, 2]},
    {lookup: {cache: true, cacheTtl: '10s', cacheMissingKey: true}, counts: [1, 1, 2, 2, 3]},
  ])('is asked as its cache says: $lookup', async ({lookup, counts}) => {
    answer = ({values}) => (values[0] === 1 ? [{id: 1, name: 'one'}] : []);
    await declare(lookup);
    await engine.rule('a', join);
    for (const [i, count] of counts.entries()) {
      if (i === 4) engine.clock.advance(10_000);
      engine.send('in', {id: i === 4 ? 1 : [1, 1, 2, 2][i]!});
      await engine.take();
      expect(asked, `question ${i}`).toHaveLength(count);
    }
  });

  it('is asked once for an answer under way, and again after a failure', async () => {
    let fails = true;
    answer = async () => {
      if (fails) throw new Error('gone');
      return [{id: 1, name: 'one'}];
    };
    await declare({cache: true});
    await engine.rule('a', `${join} GROUP BY COUNTWINDOW(2)`);
    engine.send('in', {id: 1}, {id: 1});
    expect(await engine.take()).toEqual([]);
    expect(asked).toHaveLength(1);
    fails = false;
    engine.send('in', {id: 1}, {id: 1});
    expect(await engine.take()).toEqual([[{name: 'one'}, {name: 'one'}]]);
    expect(asked).toHaveLength(2);
  });

  it('tells the status of every rule that asks it when it is out of reach', async () => {
    await declare();
    await engine.rule('r', join);
    await engine.rule('other', join);
    expect(Object.keys(engine.rules.status('r'))).not.toContain('source_t_0_connection_status');
    listener.connection({state: -1, message: 'refused'});
    for (const id of ['r', 'other']) {
      expect(engine.rules.status(id)).toMatchObject({
        source_t_0_connection_status: -1,
        source_t_0_connection_last_disconnected_message: 'refused',
      });
    }
    listener.connection({state: 1, message: ''});
    expect(engine.rules.status('r')).toMatchObject({source_t_0_connection_status: 1});
  });
});

describe('a stream or scan table in memory', () => {
  it('gives values as they were sent, whatever its columns are declared to be', async () => {
    await engine.declare('CREATE STREAM typed (id bigint, v bigint) WITH (DATASOURCE="typed", TYPE="memory")');
    await engine.declare('CREATE TABLE kinds (id bigint, hi bigint) WITH (DATASOURCE="kinds", TYPE="memory", RETAIN_SIZE="5")');
    await engine.rule('feed', 'SELECT cast(id, "bigint") AS id, 7 AS v FROM s', {memory: {topic: 'typed'}});
    await engine.rule('r', 'SELECT typed.id AS id, v = 7 AS same, v / 2 AS half, hi FROM typed LEFT JOIN kinds ON typed.id = kinds.id');
    engine.send('kinds', {id: 1, hi: 2.5});
    engine.send('in', {id: 1});
    expect(await engine.take()).toEqual([[{id: 1n, same: true, half: 3n, hi: 2.5}]]);
  });
});
