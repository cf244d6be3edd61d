import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {Row} from '#engine/values/value.ts';
import {planSql} from '#test/support/planning.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

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

/** Time of the fastest round: others share the machine. */
function fastest(works: readonly (() => void)[]): readonly number[] {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [i, work] of works.entries()) {
      const started = performance.now();
      work();
      best[i] = Math.min(best[i]!, performance.now() - started);
    }
  }
  return best;
}

function batchesOf(rows: readonly Reading[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (let i = 0; i < rows.length; i += batchSize) {
    const part = rows.slice(i, i + batchSize) as unknown as Row[];
    batches.push({rows: part, metadata: part.map(() => undefined), timestamps: part.map(() => 0)});
  }
  return batches;
}

for (const {name, field, isPartitioned = true, byHand} of contests) {
  for (const keys of isPartitioned ? keyCounts : [1]) {
    const rows = Array.from({length: total}, (_, i): Reading => ({id: `device${i % keys}`, v: i % 7}));
    const batches = batchesOf(rows);
    let count = 0;
    const plan = planSql(`SELECT id, ${isPartitioned ? `${field} OVER (PARTITION BY id) AS a` : field} FROM demo`, {
      streams: {demo: '(id string, v float)'},
    });
    const {inputs} = compilePlan(plan, {
      clock: new VirtualClock(0),
      ruleId: 'bench',
      ruleStartMs: 0,
      timeZone: 'UTC',
      output: {rows: results => (count += results.length), collection() {}, error: error => console.error(error)},
    });
    const states = new Map<string, number>();
    const [rule, hand] = fastest([
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
    ]);
    const perSecond = (total / rule! / 1000).toFixed(2);
    console.log(
      `${name.padEnd(12)} ${String(keys).padStart(6)} keys  ${perSecond} M rows/s, ${(rule! / hand!).toFixed(1)} × the time by hand (${count > 0})`,
    );
  }
}
