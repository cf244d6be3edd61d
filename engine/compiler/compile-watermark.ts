import type {Batch, WatermarkListener} from '#engine/operators/operator.ts';
import {rowTime} from '#engine/operators/row-time.ts';
import {Watermark} from '#engine/operators/watermark.ts';
import type {SourceNode} from '#engine/planner/plan.ts';
import type {CompileParts} from './compile-rows.ts';

/** A stream of a rule in event time, and where its rows go. */
export interface TimedInput {
  readonly source: SourceNode;
  readonly head: {push(batch: Batch): void};
}

/** Stands the watermark of a rule before the heads of its streams; `listener` is its window, if it has one. */
export function compileWatermark(
  inputs: readonly TimedInput[],
  listener: Partial<WatermarkListener> | undefined,
  {clauses, nodes, environment: {timeZone, output}}: CompileParts,
): Watermark {
  const node = clauses.watermark!;
  return new Watermark({
    inputs: inputs.map(({source, head}) => ({
      // The planner refuses event time over a stream without the option.
      timeOf: rowTime(source.timestamp!.column, source.timestamp!.format, timeZone),
      emit: batch => head.push(batch),
    })),
    lateToleranceMs: node.lateToleranceMs,
    counters: nodes.counters(node)!,
    fail: error => output.error(error),
    listener: follows(listener) ? listener : undefined,
  });
}

function follows(listener: Partial<WatermarkListener> | undefined): listener is WatermarkListener {
  return listener?.advance !== undefined;
}
