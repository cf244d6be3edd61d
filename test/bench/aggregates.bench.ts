import {batchesOf, compileRule, fastestTimes} from './contest.ts';

/*
 * Each aggregate by key over a window of 20,000 rows against a loop written by hand with a map of states, at 1, 1,000 and 10,000 keys. Run it
 * alone: npx tsx test/bench/aggregates.bench.ts. Both take turns in one process; what counts is the ratio.
 */

const total = 20_000;
const batchSize = 100;
const rounds = 9;
const keyCounts = [1, 1000, 10_000];

interface Reading {
  readonly id: string;
  readonly v: number;
  readonly o: Readonly<Record<string, number>>;
}

interface Contest {
  readonly call: string;
  /** The state after a reading, given the one before. */
  readonly add: (state: never, reading: Reading) => unknown;
  /** What comes of the state. */
  readonly result: (state: never) => unknown;
}

/** Keeps the types of one contest together. */
function contest<S>(call: string, add: (state: S | undefined, reading: Reading) => S, result: (state: S) => unknown): Contest {
  return {call, add: add as Contest['add'], result: result as Contest['result']};
}

const list = (values: number[] | undefined, {v}: Reading): number[] => {
  if (values === undefined) return [v];
  values.push(v);
  return values;
};
const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);

interface Moments {
  n: number;
  mean: number;
  squares: number;
}

/** By Welford's updates, as the engine does. */
function moments(state: Moments | undefined, {v}: Reading): Moments {
  const kept = state ?? {n: 0, mean: 0, squares: 0};
  kept.n++;
  const step = v - kept.mean;
  kept.mean += step / kept.n;
  kept.squares += step * (v - kept.mean);
  return kept;
}

const contests: readonly Contest[] = [
  contest<number>(
    'count(v)',
    (n = 0) => n + 1,
    n => n,
  ),
  contest<number>(
    'sum(v)',
    (sum = 0, {v}) => sum + v,
    sum => sum,
  ),
  contest<{n: number; sum: number}>(
    'avg(v)',
    (state, {v}) => {
      if (state === undefined) return {n: 1, sum: v};
      state.n++;
      state.sum += v;
      return state;
    },
    ({n, sum}) => sum / n,
  ),
  contest<number>(
    'min(v)',
    (least, {v}) => (least === undefined || v < least ? v : least),
    least => least,
  ),
  contest<number>(
    'max(v)',
    (most, {v}) => (most === undefined || v > most ? v : most),
    most => most,
  ),
  contest<number>(
    'last_value(v, true)',
    (_, {v}) => v,
    last => last,
  ),
  contest<number[]>('collect(v)', list, values => values),
  contest<Record<string, number>>(
    'merge_agg(o)',
    (merged, {o}) => Object.assign(merged ?? {}, o),
    merged => merged,
  ),
  contest<Map<string, Reading>>(
    'deduplicate(v, true)',
    (firsts, reading) => {
      const kept = firsts ?? new Map<string, Reading>();
      const key = String(reading.v);
      if (!kept.has(key)) kept.set(key, reading);
      return kept;
    },
    firsts => [...firsts.values()],
  ),
  contest<number[]>('median(v)', list, values => {
    const middle = sorted(values)[values.length >> 1]!;
    return values.length % 2 === 1 ? middle : (middle + values[(values.length >> 1) - 1]!) / 2;
  }),
  contest<number[]>('percentile_cont(v, 0.9)', list, values => sorted(values)[Math.floor(values.length * 0.9)]),
  contest<number[]>('percentile_disc(v, 0.9)', list, values => sorted(values)[Math.ceil(values.length * 0.9) - 1]),
  contest<Moments>('stddev(v)', moments, ({n, squares}) => Math.sqrt(squares / n)),
  contest<Moments>('stddevs(v)', moments, ({n, squares}) => Math.sqrt(squares / (n - 1))),
  contest<Moments>('var(v)', moments, ({n, squares}) => squares / n),
  contest<Moments>('vars(v)', moments, ({n, squares}) => squares / (n - 1)),
];

for (const {call, add, result} of contests) {
  for (const keys of keyCounts) {
    const rows = Array.from(
      {length: total},
      (_, i): Reading => ({id: `device${(i * 7919) % keys}`, v: (i * 31) % 1000, o: {[`m${i % 8}`]: i}}),
    );
    const batches = batchesOf(rows, batchSize);
    let received = 0;
    const {inputs} = compileRule(
      `SELECT id, ${call} AS r FROM demo GROUP BY id, COUNTWINDOW(${total})`,
      {streams: {demo: '(id string, v float, o struct(m0 float))'}},
      groups => {
        received += groups.length;
      },
    );
    const [rule, hand] = fastestTimes(
      [
        () => {
          for (const batch of batches) inputs[0]!.push(batch);
        },
        () => {
          const states = new Map<string, never>();
          for (const reading of rows) states.set(reading.id, add(states.get(reading.id) as never, reading) as never);
          received += [...states].map(([id, state]) => ({id, r: result(state)})).length;
        },
      ],
      rounds,
    );
    if (received !== 2 * rounds * keys) throw new Error(`${received} groups of ${call}`);
    const perSecond = (total / rule! / 1000).toFixed(2);
    console.log(
      `${call.padEnd(24)} ${String(keys).padStart(6)} keys  ${perSecond} M rows/s, ${(rule! / hand!).toFixed(1)} × the time by hand`,
    );
  }
}
