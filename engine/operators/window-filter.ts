import {type Counters, countFiring} from './counters.ts';
import type {Operator, Output, WindowBatch} from './operator.ts';
import {labelled} from './row-failure.ts';
import {type BoundsScope, enterWindow} from './window-bounds.ts';
import type {GroupSink, Item, WindowProgram} from './window-contents.ts';

/** Generated: the rows of a window that pass, given the aggregates over all of them. */
export type WindowFilterLoop = (window: WindowBatch, summary: Item) => WindowBatch;

/** What a filter by aggregates is made of. */
export interface WindowFilterParts {
  readonly program: Pick<WindowProgram, 'accumulate' | 'seal' | 'position'>;
  readonly run: WindowFilterLoop;
  readonly scope: BoundsScope | undefined;
  readonly counters: Counters;
  readonly output: Output<WindowBatch>;
}

/**
 * WHERE with aggregates, above a window: they are computed over all rows of a firing, then the rows are tested. A firing of which no row is
 * left is not handed on. A failure costs the firing. Stateless.
 */
export class WindowFilter implements Operator<WindowBatch> {
  readonly name = 'filter';
  readonly #parts: WindowFilterParts;

  constructor(parts: WindowFilterParts) {
    this.#parts = parts;
  }

  push(window: WindowBatch): void {
    const {run, scope, counters, output} = this.#parts;
    countFiring(counters, window.end);
    if (window.rows.length === 0) return;
    enterWindow(scope, window.start, window.end, window.trigger);
    let passed: WindowBatch;
    try {
      passed = run(window, this.#summarize(window));
    } catch (thrown) {
      const error = labelled(thrown, 'run Where error: ');
      counters.fail(error.message, window.end);
      output.fail(error);
      return;
    }
    if (passed.rows.length === 0) return;
    counters.recordsOut++;
    output.emit(passed);
  }

  #summarize({rows, metadata, timestamps}: WindowBatch): Item {
    const {program} = this.#parts;
    const table: GroupSink = {
      groups: new Map(),
      fail(thrown) {
        throw thrown;
      },
    };
    program.accumulate(table, rows, metadata, timestamps, 0, rows.length);
    const [group] = table.groups.values();
    program.seal(group!);
    return group!;
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
