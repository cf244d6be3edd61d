import {type Counters, measured} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import type {SlidingContents} from './window-contents.ts';

/** What a count window that overlaps is made of. */
export interface SlidingCountWindowParts {
  readonly length: number;
  /** Below `length`. */
  readonly interval: number;
  readonly contents: SlidingContents;
  readonly counters: Counters;
}

interface SlidingCountState {
  readonly count: number;
  readonly held: number;
  readonly contents: unknown;
}

/**
 * Fires at every `interval`-th row with the last `length` rows, once that many have come: `COUNTWINDOW(5, 2)` first at the
 * sixth row. Time plays no part; both bounds are the time of the row that fires.
 *
 * Every window begins and ends at a multiple of the greatest common divisor of both lengths: so long are the panes. Counts the rows it is
 * given: a FILTER stands before it, WHERE after it. State: the counters and the contents.
 */
export class SlidingCountWindow implements Operator<Batch, SlidingCountState> {
  readonly name = 'window';
  readonly #parts: SlidingCountWindowParts;
  readonly #paneLength: number;
  /** Rows since the last multiple of `interval`. */
  #count = 0;
  /** Rows in the contents. */
  #held = 0;

  constructor(parts: SlidingCountWindowParts) {
    this.#parts = parts;
    this.#paneLength = greatestCommonDivisor(parts.length, parts.interval);
  }

  push(batch: Batch): void {
    const {length, interval, contents, counters} = this.#parts;
    const {timestamps} = batch;
    const total = batch.rows.length;
    counters.recordsIn += total;
    counters.lastInvocationAt = timestamps[total - 1] ?? 0;
    let from = 0;
    while (from < total) {
      const to = Math.min(total, from + this.#paneLength - (this.#count % this.#paneLength));
      contents.add(batch, from, to);
      this.#count += to - from;
      this.#held += to - from;
      from = to;
      if (this.#count % this.#paneLength !== 0) break;
      contents.cut();
      if (this.#count < interval) continue;
      this.#count = 0;
      if (this.#held < length) continue;
      contents.keep(length);
      this.#held = length;
      counters.recordsOut++;
      // As in eKuiper a firing is one message processed, not each of its rows.
      counters.messagesProcessed++;
      const at = timestamps[to - 1]!;
      measured(counters, () => contents.fire(at, at));
    }
  }

  snapshot(): SlidingCountState {
    return {count: this.#count, held: this.#held, contents: this.#parts.contents.snapshot()};
  }

  restore({count, held, contents}: SlidingCountState): void {
    this.#count = count;
    this.#held = held;
    this.#parts.contents.restore(contents);
  }

  close(): void {}
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
