import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import type {Batch, WindowBatch} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

interface BufferState {
  readonly rows: readonly Row[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
}

/**
 * The rows of an open window, for queries that need them: rows as results, or aggregates in WHERE. A firing consists of all of them, and
 * none stays. Rows are kept by reference: nobody writes to them.
 */
export class RowBuffer implements WindowContents {
  readonly #emit: (batch: WindowBatch) => void;
  #rows: Row[] = [];
  #metadata: (Metadata | undefined)[] = [];
  #timestamps: Timestamp[] = [];

  constructor(emit: (batch: WindowBatch) => void) {
    this.#emit = emit;
  }

  add({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#rows.push(rows[i]!);
      this.#metadata.push(metadata[i]);
      this.#timestamps.push(timestamps[i]!);
    }
  }

  fire(start: Timestamp, end: Timestamp): void {
    const fired = {rows: this.#rows, metadata: this.#metadata, timestamps: this.#timestamps, start, end};
    // Before emitting: a snapshot taken downstream must not hold these rows twice.
    this.#rows = [];
    this.#metadata = [];
    this.#timestamps = [];
    this.#emit(fired);
  }

  snapshot(): BufferState {
    return {rows: this.#rows.slice(), metadata: this.#metadata.slice(), timestamps: this.#timestamps.slice()};
  }

  restore(state: unknown): void {
    const {rows, metadata, timestamps} = state as BufferState;
    this.#rows = rows.slice();
    this.#metadata = metadata.slice();
    this.#timestamps = timestamps.slice();
  }
}
