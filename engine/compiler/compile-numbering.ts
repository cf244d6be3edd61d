import type {Counters} from '#engine/operators/counters.ts';
import type {Output} from '#engine/operators/operator.ts';
import type {Firing, WindowProgram} from '#engine/operators/window-contents.ts';
import {WindowFunc} from '#engine/operators/window-func.ts';
import type {WindowFuncNode} from '#engine/planner/plan.ts';

/** The stage that numbers the items of each firing. */
export function windowFuncStage(
  {functions}: WindowFuncNode,
  program: WindowProgram,
  counters: Counters,
  output: Output<Firing>,
): WindowFunc {
  return new WindowFunc({
    counters,
    output,
    numberings: functions.map(({definition, partitionBy, orderBy}, slot) => ({
      member: `w${slot}`,
      at: definition.at,
      place: partitionBy.length === 0 && orderBy.length === 0 ? undefined : program.places?.[slot],
      descending: orderBy.map(item => item.descending),
    })),
  });
}
