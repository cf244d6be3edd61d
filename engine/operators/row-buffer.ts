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
 * The rows of an open window, for queries that need them: rows as results, or aggregates over windows that overlap.
 *
 * With `length` a firing consists of the last `length` rows, of which all but the oldest stay for the next one. Otherwise it consists of
 * all, and none stays. Rows are kept by reference: nobody writes to them.
 */
export class RowBuffer implements WindowContents {
  readonly #length: number | undefined;
  readonly #emit: (batch: WindowBatch) => void;
  #rows: Row[] = [];
  #metadata: (Metadata | undefined)[] = [];
  #timestamps: Timestamp[] = [];

  constructor(length: number | undefined, emit: (batch: WindowBatch) => void) {
    this.#length = length;
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
    const length = this.#length;
    const first = length === undefined ? 0 : this.#rows.length - length;
    const fired = {
      rows: this.#rows.slice(first),
      metadata: this.#metadata.slice(first),
      timestamps: this.#timestamps.slice(first),
      start,
      end,
    };
    // Before emitting: a snapshot taken downstream must not hold these rows twice.
    this.#keep(length === undefined ? this.#rows.length : first + 1);
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

  #keep(from: number): void {
    this.#rows = this.#rows.slice(from);
    this.#metadata = this.#metadata.slice(from);
    this.#timestamps = this.#timestamps.slice(from);
  }
}
