import {type Counters, countFiring} from './counters.ts';
import type {Operator, Output, WindowBatch} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';
import {type BoundsScope, enterWindow} from './window-bounds.ts';
import type {Firing, GroupSink, Item, WindowProgram} from './window-contents.ts';

/** What handing on the rows of a window is made of. */
export interface WindowRowsParts {
  readonly program: WindowProgram;
  readonly labels: FailureLabels;
  readonly scope: BoundsScope | undefined;
  /** False where each row is joined by itself: functions then see no window. */
  readonly isWindow: boolean;
  /** Aggregates of HAVING and ORDER BY are computed over each window. */
  readonly summarizes: boolean;
  /** Of a WHERE over the window's rows. */
  readonly filter: Counters | undefined;
  readonly failures: Counters;
  readonly output: Output<Firing>;
}

/**
 * The rows of each firing as items for the clauses after the window, those that WHERE keeps where it stands above the window.
 *
 * An empty window is handed on unless WHERE stands above it: then a window without rows left gives nothing. A row that fails costs its window. Stateless.
 */
export class WindowRows implements Operator<WindowBatch> {
  readonly name = 'window';
  readonly #parts: WindowRowsParts;

  constructor(parts: WindowRowsParts) {
    this.#parts = parts;
  }

  push(batch: WindowBatch): void {
    const {program, labels, scope, filter, failures, output} = this.#parts;
    if (filter !== undefined) countFiring(filter, batch.end);
    if (this.#parts.isWindow) enterWindow(scope, batch.start, batch.end, batch.trigger);
    else if (scope !== undefined) scope.timestamp = batch.end;
    let position: number | undefined;
    try {
      const summary = this.#parts.summarizes ? this.#summarize(batch, failed => (position = failed)) : undefined;
      const items = program.items(batch.rows, batch.metadata, batch.timestamps, summary);
      if (items.length === 0 && filter !== undefined) return;
      if (filter !== undefined) filter.recordsOut++;
      output.emit({items, summary, end: batch.end});
    } catch (thrown) {
      const at = position ?? program.position();
      const error = labelled(thrown, labels[at]!);
      (at === 0 && filter !== undefined ? filter : failures).fail(error.message, batch.end);
      output.fail(error);
    }
  }

  #summarize({rows, metadata, timestamps}: WindowBatch, failedAt: (position: number) => void): Item {
    const {program} = this.#parts;
    const table: GroupSink = {
      groups: new Map(),
      fail(thrown, position) {
        failedAt(position);
        throw thrown;
      },
    };
    program.accumulate(table, rows, metadata, timestamps, 0, rows.length);
    const [group] = table.groups.values();
    if (group === undefined) return program.empty();
    program.seal(group);
    return group;
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
