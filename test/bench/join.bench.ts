import {KeyedRows} from '#engine/connectors/memory/keyed-rows.ts';
import type {Row} from '#engine/values/value.ts';
import {batchesOf, compileRule, medianTimes} from './contest.ts';

/*
 * Joins against a hash join written by hand over the same rows that makes the same results: 20,000 readings of one window with one row of the
 * other side for each key. Run it alone: npx tsx test/bench/join.bench.ts. Both take turns in one process; what counts is the ratio.
 */

const readings = 20_000;
const warmUps = 5;
const rounds = 15;
const keyCounts = [1, 1000, 10_000];

interface Reading {
  readonly id: string;
  readonly v: number;
}
interface Device {
  readonly id: string;
  readonly name: string;
}

interface Contest {
  readonly name: string;
  readonly tables?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
  readonly sql: (total: number) => string;
  /** The readings arrive in batches of this size. */
  readonly batch: number;
  readonly byHand: (readings: readonly Reading[], devices: readonly Device[], kept: ReadonlyMap<string, Device>) => number;
}

function listsById<T extends {readonly id: string}>(rows: readonly T[]): Map<string, T[]> {
  const byId = new Map<string, T[]>();
  for (const row of rows) {
    const list = byId.get(row.id);
    if (list === undefined) byId.set(row.id, [row]);
    else list.push(row);
  }
  return byId;
}

function joinByHand(left: readonly Reading[], right: readonly Device[], keepsLeft: boolean): Row[] {
  const byId = listsById(right);
  const results: Row[] = [];
  for (const {id, v} of left) {
    const found = byId.get(id);
    if (found !== undefined) for (const {name} of found) results.push({id, name, v});
    else if (keepsLeft) results.push({id, v});
  }
  return results;
}

function rightJoinByHand(left: readonly Reading[], right: readonly Device[]): Row[] {
  const byId = listsById(left);
  const results: Row[] = [];
  for (const {id, name} of right) {
    const found = byId.get(id);
    if (found === undefined) results.push({name});
    else for (const {v} of found) results.push({id, name, v});
  }
  return results;
}

function fullJoinByHand(left: readonly Reading[], right: readonly Device[]): Row[] {
  const results = joinByHand(left, right, true);
  const seen = new Set(left.map(({id}) => id));
  for (const {id, name} of right) if (!seen.has(id)) results.push({name});
  return results;
}

const contests: readonly Contest[] = [
  {
    name: 'inner join in a window',
    sql: total => `SELECT r.id AS id, name, v FROM r INNER JOIN d ON r.id = d.id GROUP BY COUNTWINDOW(${total})`,
    batch: 1000,
    byHand: (left, right) => joinByHand(left, right, false).length,
  },
  {
    name: 'left join in a window',
    sql: total => `SELECT r.id AS id, name, v FROM r LEFT JOIN d ON r.id = d.id GROUP BY COUNTWINDOW(${total})`,
    batch: 1000,
    byHand: (left, right) => joinByHand(left, right, true).length,
  },
  {
    name: 'right join in a window',
    sql: total => `SELECT r.id AS id, name, v FROM r RIGHT JOIN d ON r.id = d.id GROUP BY COUNTWINDOW(${total})`,
    batch: 1000,
    byHand: (left, right) => rightJoinByHand(left, right).length,
  },
  {
    name: 'full join in a window',
    sql: total => `SELECT r.id AS id, name, v FROM r FULL JOIN d ON r.id = d.id GROUP BY COUNTWINDOW(${total})`,
    batch: 1000,
    byHand: (left, right) => fullJoinByHand(left, right).length,
  },
  {
    name: 'memory lookup, row by row',
    tables: {d: '(id string, name string)'},
    with: {TYPE: 'memory', KIND: 'lookup', KEY: 'id'},
    sql: () => 'SELECT r.id AS id, d.name AS name, v FROM r INNER JOIN d ON r.id = d.id',
    batch: 1000,
    byHand(left, _, kept) {
      let count = 0;
      for (const {id, v} of left) {
        const device = kept.get(id);
        if (device !== undefined) count += [{id, name: device.name, v}].length;
      }
      return count;
    },
  },
  {
    name: 'table, row by row',
    tables: {d: '(id string, name string)'},
    sql: () => 'SELECT r.id AS id, name, v FROM r INNER JOIN d ON r.id = d.id',
    batch: 1000,
    byHand(left, right) {
      const byId = new Map(right.map(device => [device.id, device]));
      let count = 0;
      for (const {id, v} of left) {
        const device = byId.get(id);
        if (device !== undefined) count += [{id, name: device.name, v}].length;
      }
      return count;
    },
  },
];

const streams = {r: '(id string, v float)', d: '(id string, name string)'};
const parsed = (rows: readonly object[]): Row[] => JSON.parse(JSON.stringify(rows)) as Row[];

for (const {name, sql, tables, with: options, batch, byHand} of contests) {
  for (const keys of keyCounts) {
    const left = parsed(Array.from({length: readings}, (_, i) => ({id: `device-${(i * 7919) % keys}`, v: i + 0.5})));
    const right = parsed(Array.from({length: keys}, (_, i) => ({id: `device-${i}`, name: `n${i}`})));
    const kept = new Map((right as unknown as Device[]).map(device => [device.id, device]));
    const lookedUp = new KeyedRows('id');
    for (const row of right) lookedUp.put(row);
    let received = 0;
    const take = (rows: Row[]) => {
      received += rows.length;
    };
    const setting = {
      streams: tables === undefined ? streams : {r: streams.r},
      tables,
      with: {d: options ?? {TYPE: 'mqtt', RETAIN_SIZE: String(keys)}},
    };
    const pipeline = compileRule(sql(readings + keys), setting, take, {
      lookup: (_table, _fields, columns) => values => lookedUp.find(columns, values),
    });
    const [readingInput, deviceInput] = pipeline.inputs;
    const batches = batchesOf(left, batch);
    const devices = batchesOf(right, 1000);
    const compiled = () => {
      for (const one of devices) deviceInput!.push(one);
      for (const one of batches) readingInput!.push(one);
    };
    const hand = () => {
      received += byHand(left as unknown as Reading[], right as unknown as Device[], kept);
    };
    const [ours, theirs] = medianTimes([compiled, hand], warmUps, rounds).map(ms => (1e6 * ms) / readings) as [number, number];
    if (received !== 2 * (warmUps + rounds) * readings) throw new Error(`${received} results of ${name}`);
    console.log(
      `${name.padEnd(25)} ${String(keys).padStart(6)} keys: ${ours.toFixed(0).padStart(5)} ns a reading, by hand ${theirs.toFixed(0).padStart(5)}: ` +
        `${(ours / theirs).toFixed(1)} times`,
    );
  }
}
