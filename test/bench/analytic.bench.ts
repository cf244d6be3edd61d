import {batchesOf, compileRule, fastestTimes} from './contest.ts';

/*
 * Analytic functions against a loop written by hand with a map of states, at 1, 1,000 and 10,000 partitions. Run it alone:
 * npx tsx test/bench/analytic.bench.ts. Both take turns in one process; what counts is the ratio.
 */

const total = 100_000;
const batchSize = 100;
const rounds = 15;
const keyCounts = [1, 1000, 10_000];

interface Reading {
  readonly id: string;
  readonly v: number;
}

interface Contest {
  readonly name: string;
  readonly field: string;
  /** False for a function that takes no OVER and makes columns of its own. */
  readonly isPartitioned?: boolean;
  /** The value for a reading, undefined for no column, given what the reading before it in its partition left; and what it leaves. */
  readonly byHand: (kept: number | undefined, v: number) => readonly [value: unknown, kept: number];
}

const contests: readonly Contest[] = [
  {name: 'lag', field: 'lag(v)', byHand: (kept, v) => [kept ?? null, v]},
  {name: 'latest', field: 'latest(v, 0)', byHand: (_, v) => [v, v]},
  {name: 'had_changed', field: 'had_changed(true, v)', byHand: (kept, v) => [kept !== v, v]},
  {name: 'acc_sum', field: 'acc_sum(v)', byHand: (kept = 0, v) => [kept + v, kept + v]},
  {name: 'changed_col', field: 'changed_col(true, v)', byHand: (kept, v) => [kept === v ? null : v, v]},
  {name: 'changed_cols', field: 'changed_cols("a_", true, v)', isPartitioned: false, byHand: (kept, v) => [kept === v ? undefined : v, v]},
  {name: 'acc_max', field: 'acc_max(v)', byHand: (kept, v) => [Math.max(kept ?? v, v), Math.max(kept ?? v, v)]},
  {name: 'acc_min', field: 'acc_min(v)', byHand: (kept, v) => [Math.min(kept ?? v, v), Math.min(kept ?? v, v)]},
  {name: 'acc_count', field: 'acc_count(v)', byHand: (kept = 0) => [kept + 1, kept + 1]},
];

for (const {name, field, isPartitioned = true, byHand} of contests) {
  for (const keys of isPartitioned ? keyCounts : [1]) {
    const rows = Array.from({length: total}, (_, i): Reading => ({id: `device${i % keys}`, v: i % 7}));
    const batches = batchesOf(rows, batchSize);
    let count = 0;
    const {inputs} = compileRule(
      `SELECT id, ${isPartitioned ? `${field} OVER (PARTITION BY id) AS a` : field} FROM demo`,
      {streams: {demo: '(id string, v float)'}},
      results => {
        count += results.length;
      },
    );
    const states = new Map<string, number>();
    const [rule, hand] = fastestTimes(
      [
        () => {
          for (const batch of batches) inputs[0]!.push(batch);
        },
        () => {
          for (const {id, v} of rows) {
            const [a, kept] = byHand(states.get(id), v);
            states.set(id, kept);
            count += [a === undefined ? {id} : {id, a}].length;
          }
        },
      ],
      rounds,
    );
    const perSecond = (total / rule! / 1000).toFixed(2);
    console.log(
      `${name.padEnd(12)} ${String(keys).padStart(6)} keys  ${perSecond} M rows/s, ${(rule! / hand!).toFixed(1)} × the time by hand (${count > 0})`,
    );
  }
}
