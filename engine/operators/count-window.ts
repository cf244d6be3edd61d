import {type Counters, measured} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

/** What a count window is made of. */
export interface CountWindowParts {
  readonly length: number;
  readonly contents: WindowContents;
  readonly counters: Counters;
}

interface CountState {
  readonly count: number;
  readonly contents: unknown;
}

/**
 * Fires at every `length`-th row with the rows since the last firing. Time plays no part; both bounds are the time of the row that fires.
 *
 * Counts the rows it is given: a FILTER stands before it, WHERE after it. State: the count and the contents.
 */
export class CountWindow implements Operator<Batch, CountState> {
  readonly name = 'window';
  readonly #parts: CountWindowParts;
  /** Rows in the contents. */
  #count = 0;

  constructor(parts: CountWindowParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {length, contents, counters} = this.#parts;
    const {timestamps} = batch;
    const total = batch.rows.length;
    counters.recordsIn += total;
    counters.lastInvocationAt = timestamps[total - 1] ?? 0;
    let from = 0;
    while (from < total) {
      const to = Math.min(total, from + length - this.#count);
      contents.add(batch, from, to);
      this.#count += to - from;
      from = to;
      if (this.#count < length) break;
      this.#count = 0;
      counters.recordsOut++;
      // As in eKuiper a firing is one message processed, not each of its rows.
      counters.messagesProcessed++;
      const at = timestamps[to - 1]!;
      measured(counters, () => contents.fire(at, at));
    }
  }

  snapshot(): CountState {
    return {count: this.#count, contents: this.#parts.contents.snapshot()};
  }

  restore({count, contents}: CountState): void {
    this.#count = count;
    this.#parts.contents.restore(contents);
  }

  close(): void {}
}
