import type {Batch} from '#engine/operators/operator.ts';
import type {Row} from '#engine/values/value.ts';
import {batchesOf, compileRule, medianTimes} from './contest.ts';

/*
 * Windows against loops written by hand that make the same results, at 1, 1,000 and 10,000 keys; and the cost of a row as windows grow.
 * Run it alone: npx tsx test/bench/windows.bench.ts. Both take turns in one process; what counts is the ratio. A row comes every ms.
 */

const rowCount = 100_000;
const batchSize = 100;
const rounds = 7;

interface Reading {
  readonly k: string;
  readonly v: number;
}

interface Sum {
  readonly k: string;
  n: number;
  s: number;
}

type Sums = Map<string, Sum>;
/** Takes a row and gives what it completes. */
type Step = (row: Reading, at: number) => readonly object[] | undefined;

interface Contest {
  readonly window: string;
  readonly byHand: () => Step;
}

const results = (sums: Sums): object[] => [...sums.values()].map(({k, n, s}) => ({k, n, s}));

function add(sums: Sums, {k, v}: Reading): void {
  const sum = sums.get(k);
  if (sum === undefined) sums.set(k, {k, n: 1, s: v});
  else {
    sum.n++;
    sum.s += v;
  }
}

/** A window that ends every `length` rows. */
function everyRows(length: number): Step {
  let sums: Sums = new Map();
  let count = 0;
  return row => {
    add(sums, row);
    if (++count < length) return undefined;
    const fired = results(sums);
    sums = new Map();
    count = 0;
    return fired;
  };
}

/** Every `hop` ms the last `panes` hops, added up of their sums. */
function hopping(hop: number, panes: number): Step {
  let open: Sums = new Map();
  const closed: Sums[] = [];
  let end = hop;
  return (row, at) => {
    let fired: object[] | undefined;
    if (at >= end) {
      closed.push(open);
      if (closed.length > panes) closed.shift();
      const total: Sums = new Map();
      for (const pane of closed) {
        for (const {k, n, s} of pane.values()) {
          const sum = total.get(k);
          if (sum === undefined) total.set(k, {k, n, s});
          else {
            sum.n += n;
            sum.s += s;
          }
        }
      }
      fired = results(total);
      open = new Map();
      end += hop;
    }
    add(open, row);
    return fired;
  };
}

/** The last `length` ms at each row for which `triggers`, by taking old rows out again. */
function sliding(length: number, triggers: (row: Reading) => boolean): Step {
  const sums: Sums = new Map();
  let rows: {row: Reading; at: number}[] = [];
  let first = 0;
  return (row, at) => {
    rows.push({row, at});
    add(sums, row);
    for (; rows[first]!.at < at - length; first++) {
      const old = rows[first]!.row;
      const sum = sums.get(old.k)!;
      sum.s -= old.v;
      if (--sum.n === 0) sums.delete(old.k);
    }
    if (first > 1000 && first * 2 > rows.length) {
      rows = rows.slice(first);
      first = 0;
    }
    return triggers(row) ? results(sums) : undefined;
  };
}

const contests: readonly Contest[] = [
  {window: 'TUMBLINGWINDOW(ss, 1)', byHand: () => hopping(1000, 1)},
  {window: 'HOPPINGWINDOW(ss, 10, 1)', byHand: () => hopping(1000, 10)},
  {window: 'SLIDINGWINDOW(ss, 10) OVER (WHEN v = 999)', byHand: () => sliding(10_000, row => row.v === 999)},
  {window: 'COUNTWINDOW(1000)', byHand: () => everyRows(1000)},
  {window: 'COUNTWINDOW(10000, 1000)', byHand: () => hopping(1000, 10)},
  {window: 'STATEWINDOW(v = 0, v = 999)', byHand: () => everyRows(1000)},
  {window: 'SESSIONWINDOW(ss, 1, 1)', byHand: () => hopping(1000, 1)},
];

function rowsOf(keys: number): readonly Row[] {
  return Array.from({length: rowCount}, (_, i) => ({k: `k${(i * 7919) % keys}`, v: i % 1000}));
}

let received = 0;

/** Makes a rule and pushes all batches. */
function runCompiled(sql: string, batches: readonly Batch[]): void {
  const pipeline = compileRule(sql, {streams: {s: '(k string, v bigint)'}}, rows => {
    received += rows.length;
  });
  for (const batch of batches) pipeline.inputs[0]!.push(batch);
  pipeline.close();
}

function runByHand(step: Step, batches: readonly Batch[]): void {
  for (const {rows, timestamps} of batches) {
    for (let i = 0; i < rows.length; i++) received += step(rows[i] as unknown as Reading, timestamps[i]!)?.length ?? 0;
  }
}

/** Nanoseconds for each row. */
function costs(works: readonly (() => void)[], warmUps: number, rounds: number): readonly number[] {
  return medianTimes(works, warmUps, rounds).map(ms => (1e6 * ms) / rowCount);
}

function printed(ns: number): string {
  return `${ns.toFixed(0).padStart(6)} ns a row (${(1000 / ns).toFixed(2)} M rows/s)`;
}

for (const keys of [1, 1000, 10_000]) {
  const batches = batchesOf(rowsOf(keys), batchSize, index => index);
  for (const {window, byHand} of contests) {
    const sql = `SELECT k, count(*) AS n, sum(v) AS s FROM s GROUP BY k, ${window}`;
    const [ours, theirs] = costs([() => runCompiled(sql, batches), () => runByHand(byHand(), batches)], 2, rounds) as [number, number];
    console.log(
      `${window.padEnd(42)} ${String(keys).padStart(6)} keys: ${printed(ours)}, by hand ${printed(theirs)}: ${Math.round((100 * theirs) / ours)} %`,
    );
  }
}

console.log('\nAs windows grow, one group:');
const one = batchesOf(rowsOf(1), batchSize, index => index);
for (const window of ['SLIDINGWINDOW(ss, %)', 'HOPPINGWINDOW(ss, %, 1)', 'COUNTWINDOW(%000, 1)', 'TUMBLINGWINDOW(ss, %)']) {
  const grown = [1, 10, 50].map(length => {
    const sql = `SELECT count(*) AS n, sum(v) AS s, max(v) AS m FROM s GROUP BY ${window.replace('%', String(length))}`;
    return costs([() => runCompiled(sql, one)], 1, 5)[0]!;
  });
  console.log(`${window.padEnd(42)} of 1,000, 10,000 and 50,000 rows: ${grown.map(cost => cost.toFixed(0)).join(', ')} ns a row`);
}
if (received === 0) throw new Error('nothing came out');
