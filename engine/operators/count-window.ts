import {type Counters, measured} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

/** What a count window is made of. */
export interface CountWindowParts {
  readonly length: number;
  /** At most `length`; below it windows overlap and the contents keep the last `length` − 1 rows. */
  readonly interval: number;
  readonly contents: WindowContents;
  readonly counters: Counters;
}

interface CountState {
  readonly count: number;
  readonly held: number;
  readonly contents: unknown;
}

/**
 * Fires at every `interval`-th row with the last `length` rows, once that many have come (spec sql §4.6): `COUNTWINDOW(5, 2)` first at the
 * sixth row. Time plays no part; both bounds are the time of the row that fires.
 *
 * Counts the rows it is given: a FILTER stands before it, WHERE after it. State: the counters and the contents.
 */
export class CountWindow implements Operator<Batch, CountState> {
  readonly name = 'window';
  readonly #parts: CountWindowParts;
  /** Rows since the last multiple of `interval`. */
  #count = 0;
  /** Rows in the contents. */
  #held = 0;

  constructor(parts: CountWindowParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {length, interval, contents, counters} = this.#parts;
    const {timestamps} = batch;
    const total = batch.rows.length;
    counters.recordsIn += total;
    counters.lastInvocationAt = timestamps[total - 1] ?? 0;
    let from = 0;
    while (from < total) {
      const to = Math.min(total, from + interval - this.#count);
      contents.add(batch, from, to);
      this.#count += to - from;
      this.#held += to - from;
      from = to;
      if (this.#count < interval) break;
      this.#count = 0;
      if (this.#held < length) continue;
      this.#held = interval < length ? length - 1 : 0;
      counters.recordsOut++;
      // As in eKuiper a firing is one message processed, not each of its rows.
      counters.messagesProcessed++;
      const at = timestamps[to - 1]!;
      measured(counters, () => contents.fire(at, at));
    }
  }

  snapshot(): CountState {
    return {count: this.#count, held: this.#held, contents: this.#parts.contents.snapshot()};
  }

  restore({count, held, contents}: CountState): void {
    this.#count = count;
    this.#held = held;
    this.#parts.contents.restore(contents);
  }

  close(): void {}
}
