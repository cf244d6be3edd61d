import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import type {RowTest} from './row-test.ts';
import type {SlidingContents} from './window-contents.ts';
import {jitterMs} from './window-ends.ts';

/** What a sliding window is made of. */
export interface SlidingWindowParts {
  readonly lengthMs: number;
  readonly delayMs: number;
  /** Rows for which it is true trigger, the others are not cut from each other; undefined: all. */
  readonly triggers: RowTest | undefined;
  /**
   * Rows exactly `length` before the trigger are out, those exactly `delay` after it are in; in event time with a delay all those that the
   * watermark has let pass when it comes to the end.
   */
  readonly isLeftExclusive: boolean;
  readonly clock: Clock;
  readonly isEventTime: boolean;
  readonly contents: SlidingContents;
  readonly counters: Counters;
}

interface SlidingState {
  readonly pending: readonly Timestamp[];
  readonly last: Timestamp;
  readonly contents: unknown;
}

/**
 * At each row that triggers, a window of the rows of the last `length`, both ends included; the rows of the `delay` after it too, if there
 * is one.
 *
 * ```text
 *        t − length                t        t + delay
 *   ─────────[─────────────────────●───────────)──▶     fires at t, or when time has come to t + delay
 * ```
 *
 * Processing time without delay: a row sees those before it and itself. Event time: rows come in the order of their time, and a window
 * fires when a later row or the watermark shows that it is complete, so that rows of one time see each other. Every row is kept as
 * content, whether it triggers or not. When the clock was set back what is held is forgotten: its time means nothing any more.
 *
 * State: the triggers that wait, the time of the last row, and the contents.
 */
export class SlidingWindow implements Operator<Batch, SlidingState>, WatermarkListener {
  readonly name = 'window';
  readonly #parts: SlidingWindowParts;
  readonly #waits: boolean;
  /** Only the watermark fires, not the row that shows the end has come. */
  readonly #firesLate: boolean;
  /** Times of triggers whose windows are not complete, oldest first. */
  #pending: Timestamp[] = [];
  #last: Timestamp = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(parts: SlidingWindowParts) {
    this.#parts = parts;
    this.#waits = parts.isEventTime || parts.delayMs > 0;
    this.#firesLate = parts.isEventTime && parts.delayMs > 0 && parts.isLeftExclusive;
  }

  get hearsEachStep(): boolean {
    return this.#firesLate;
  }

  push(batch: Batch): void {
    const {contents, counters, triggers, lengthMs, isLeftExclusive} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    countIn(counters, timestamps);
    let from = 0;
    for (let i = 0; i < count; i++) {
      const at = timestamps[i]!;
      const isSetBack = at < this.#last - jitterMs;
      if (isSetBack || (this.#pending.length > 0 && !this.#firesLate)) {
        contents.add(batch, from, i);
        from = i;
        if (isSetBack) this.#forget();
        else this.#settle(at, false);
      }
      this.#last = at;
      if (triggers !== undefined && !triggers(batch, i)) continue;
      contents.add(batch, from, i + 1);
      contents.cut();
      from = i + 1;
      if (this.#waits) this.#pending.push(at);
      else this.#fire(at, at);
    }
    contents.add(batch, from, count);
    if (this.#pending.length === 0) contents.evict(this.#last - lengthMs, isLeftExclusive);
    this.#listen();
  }

  advance(watermark: Timestamp): void {
    this.#settle(watermark, true);
  }

  snapshot(): SlidingState {
    return {pending: this.#pending.slice(), last: this.#last, contents: this.#parts.contents.snapshot()};
  }

  restore({pending, last, contents}: SlidingState): void {
    this.#parts.contents.restore(contents);
    this.#pending = pending.slice();
    this.#last = last;
    this.#listen();
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** Fires the windows that are complete: those before a row at `at`, or, when time has come to `at`, those up to it. */
  #settle(at: Timestamp, hasCome: boolean): void {
    const {delayMs, isLeftExclusive} = this.#parts;
    const includesEnd = delayMs === 0 || isLeftExclusive;
    let done = 0;
    while (done < this.#pending.length) {
      const end = this.#pending[done]! + delayMs;
      if (hasCome || !includesEnd ? at < end : at <= end) break;
      done++;
      this.#fire(this.#pending[done - 1]!, this.#firesLate && Number.isFinite(at) ? at : end);
    }
    if (done > 0) this.#pending = this.#pending.slice(done);
  }

  #fire(trigger: Timestamp, end: Timestamp): void {
    const {contents, counters, lengthMs, isLeftExclusive} = this.#parts;
    contents.evict(trigger - lengthMs, isLeftExclusive);
    counters.recordsOut++;
    measured(counters, () => contents.fire(trigger - lengthMs, end));
  }

  #forget(): void {
    this.#settle(Number.POSITIVE_INFINITY, true);
    this.#parts.contents.evict(Number.POSITIVE_INFINITY, true);
  }

  /** Processing time: wakes when the oldest trigger's delay is over. */
  #listen(): void {
    const [oldest] = this.#pending;
    if (this.#parts.isEventTime || this.#timer !== undefined || oldest === undefined) return;
    const {clock, delayMs} = this.#parts;
    const due = oldest + delayMs;
    this.#timer = clock.at(due, () => {
      this.#timer = undefined;
      // Rows of a time to come: the clock was set back.
      if (clock.now() < this.#last - jitterMs) this.#forget();
      else this.#settle(Math.max(clock.now(), due), true);
      this.#listen();
    });
  }
}
