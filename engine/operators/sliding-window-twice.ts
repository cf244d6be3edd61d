import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import type {RowSpan} from './row-span.ts';
import type {RowTest} from './row-test.ts';
import {jitterMs} from './window-ends.ts';

/** What a sliding window with two results is made of. */
export interface SlidingWindowTwiceParts {
  readonly lengthMs: number;
  /** Above 0. */
  readonly delayMs: number;
  readonly triggers: RowTest | undefined;
  readonly clock: Clock;
  readonly isEventTime: boolean;
  readonly contents: RowSpan;
  readonly counters: Counters;
}

/** A result that waits: `at` is when its last row may come. */
interface Due {
  readonly at: Timestamp;
  readonly trigger: Timestamp;
}

interface TwiceState {
  readonly due: readonly Due[];
  readonly last: Timestamp;
  readonly contents: unknown;
}

/**
 * The sliding window with a delay under the rule option `enableSendSlidingWindowTwice`: at each row that triggers, the rows of the `length`
 * before it and itself at once, and those of the `delay` after it when that is over.
 *
 * ```text
 *        t − length                t        t + delay
 *   ─────────(─────────────────────●───────────]──▶
 *             first result, at t    second, at t + delay; its window_trigger() is t
 * ```
 *
 * Times, state and set-back clocks as with `SlidingWindow`; the two results share no rows, so that rows are kept and not panes.
 */
export class SlidingWindowTwice implements Operator<Batch, TwiceState>, WatermarkListener {
  readonly name = 'window';
  readonly #parts: SlidingWindowTwiceParts;
  /** In the order of `at`. */
  #due: Due[] = [];
  #last: Timestamp = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(parts: SlidingWindowTwiceParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {contents, counters, triggers, delayMs, isEventTime} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    countIn(counters, timestamps);
    for (let i = 0; i < count; i++) {
      const at = timestamps[i]!;
      if (at < this.#last - jitterMs) this.#forget();
      this.#last = at;
      this.#settle(at, false);
      contents.add(batch, i, i + 1);
      if (triggers === undefined || triggers(batch, i)) {
        if (isEventTime) this.#wait({at, trigger: at});
        else this.#fire({at, trigger: at});
        this.#wait({at: at + delayMs, trigger: at});
      }
      this.#evict(at);
    }
    this.#listen();
  }

  advance(watermark: Timestamp): void {
    this.#settle(watermark, true);
  }

  snapshot(): TwiceState {
    return {due: this.#due.slice(), last: this.#last, contents: this.#parts.contents.snapshot()};
  }

  restore({due, last, contents}: TwiceState): void {
    this.#parts.contents.restore(contents);
    this.#due = due.slice();
    this.#last = last;
    this.#listen();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #wait(due: Due): void {
    let place = this.#due.length;
    while (place > 0 && this.#due[place - 1]!.at > due.at) place--;
    this.#due.splice(place, 0, due);
  }

  /** Sends the results that are complete: those before a row at `at`, or, when time has come to `at`, those up to it. */
  #settle(at: Timestamp, hasCome: boolean): void {
    while (this.#due.length > 0 && (this.#due[0]!.at < at || (hasCome && this.#due[0]!.at === at))) this.#fire(this.#due.shift()!);
  }

  #fire({at, trigger}: Due): void {
    const {contents, counters, lengthMs} = this.#parts;
    const start = at === trigger ? trigger - lengthMs : trigger;
    counters.recordsOut++;
    measured(counters, () => contents.fireBetween(start, at, {start, end: at, trigger}));
  }

  /** No result that waits or is to come reaches further back. */
  #evict(at: Timestamp): void {
    const oldest = Math.min(at, this.#due[0]?.trigger ?? at);
    this.#parts.contents.evict(oldest - this.#parts.lengthMs, true);
  }

  #forget(): void {
    this.#settle(Number.POSITIVE_INFINITY, true);
    this.#parts.contents.evict(Number.POSITIVE_INFINITY, true);
  }

  #listen(): void {
    const [first] = this.#due;
    if (this.#parts.isEventTime || this.#timer !== undefined || first === undefined) return;
    const {clock} = this.#parts;
    const due = first.at;
    this.#timer = clock.at(due, () => {
      this.#timer = undefined;
      // Rows of a time to come: the clock was set back.
      if (clock.now() < this.#last - jitterMs) this.#forget();
      else this.#settle(Math.max(clock.now(), due), true);
      this.#listen();
    });
  }
}
