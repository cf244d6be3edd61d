import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Pipeline} from '#engine/compiler/pipeline.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {Row} from '#engine/values/value.ts';
import {type PlanSetting, planSql} from '#test/support/planning.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/*
 * What the benches of compiled rules share. A rule and a loop by hand take turns in one process; what counts is the ratio.
 */

type Environment = Parameters<typeof compilePlan>[1];

/** The rule; `take` gets its results, a failure ends the bench. */
export function compileRule(
  sql: string,
  setting: PlanSetting,
  take: (rows: Row[]) => void,
  more: Pick<Environment, 'lookup'> = {},
): Pipeline {
  return compilePlan(planSql(sql, setting), {
    clock: new VirtualClock(0),
    ruleId: 'bench',
    ruleStartMs: 0,
    timeZone: 'UTC',
    output: {
      rows: take,
      collection: take,
      error(error) {
        throw error;
      },
    },
    ...more,
  });
}

/** The rows in batches of `size`; `timeOf` gives the time of a row by its number. */
export function batchesOf(rows: readonly object[], size: number, timeOf: (index: number) => number = () => 0): readonly Batch[] {
  return Array.from({length: Math.ceil(rows.length / size)}, (_, i) => {
    const part = rows.slice(i * size, (i + 1) * size) as Row[];
    return {rows: part, metadata: part.map(() => undefined), timestamps: part.map((_row, j) => timeOf(i * size + j))};
  });
}

/** The time of each work's fastest round in ms: others share the machine. */
export function fastestTimes(works: readonly (() => void)[], rounds: number): readonly number[] {
  return timesOf(works, rounds).map(times => Math.min(...times));
}

/** The median of each work's times in ms, after rounds that do not count. */
export function medianTimes(works: readonly (() => void)[], warmUps: number, rounds: number): readonly number[] {
  timesOf(works, warmUps);
  return timesOf(works, rounds).map(times => times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!);
}

/** The times of each work in ms, the works in turns. */
function timesOf(works: readonly (() => void)[], rounds: number): readonly (readonly number[])[] {
  const times = works.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, work] of works.entries()) {
      const startedAt = performance.now();
      work();
      times[i]!.push(performance.now() - startedAt);
    }
  }
  return times;
}
