import type {Value} from '#engine/values/value.ts';
import {type Counters, countFiring} from './counters.ts';
import type {Operator, Output, WindowBatch} from './operator.ts';
import {compareByKeys} from './order.ts';
import {labelled} from './row-failure.ts';
import {type BoundsScope, enterWindow} from './window-bounds.ts';

/** Generated: the values of ORDER BY for each row of a window. */
export type RowKeys = (window: WindowBatch) => readonly (readonly Value[])[];

export interface RowOrderParts {
  readonly keys: RowKeys;
  /** By item of ORDER BY. */
  readonly descending: readonly boolean[];
  readonly scope: BoundsScope | undefined;
  readonly counters: Counters;
  readonly output: Output<WindowBatch>;
}

/** Sorts the rows of each firing before they are aggregated, as `Order` sorts results. A failure costs the firing. Stateless. */
export class RowOrder implements Operator<WindowBatch> {
  readonly name = 'order';
  readonly #parts: RowOrderParts;

  constructor(parts: RowOrderParts) {
    this.#parts = parts;
  }

  push(window: WindowBatch): void {
    const {scope, counters, output} = this.#parts;
    countFiring(counters, window.end);
    enterWindow(scope, window.start, window.end, window.trigger);
    let sorted: WindowBatch;
    try {
      sorted = this.#sort(window);
    } catch (thrown) {
      const error = labelled(thrown, 'run Order By error: ');
      counters.fail(error.message, window.end);
      output.fail(error);
      return;
    }
    counters.recordsOut++;
    output.emit(sorted);
  }

  #sort(window: WindowBatch): WindowBatch {
    const {rows, metadata, timestamps} = window;
    const {keys, descending} = this.#parts;
    const ofRow = keys(window);
    const places = rows.map((_, i) => i).sort((a, b) => compareByKeys(ofRow[a]!, ofRow[b]!, descending));
    return {
      ...window,
      rows: places.map(i => rows[i]!),
      metadata: places.map(i => metadata[i]),
      timestamps: places.map(i => timestamps[i]!),
    };
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
