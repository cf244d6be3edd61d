import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import {type WindowUnit, windowLengthMs} from './window-alignment.ts';
import type {SlidingContents} from './window-contents.ts';
import {WindowEnds} from './window-ends.ts';

/** What a hopping window is made of. */
export interface HoppingWindowParts {
  readonly unit: WindowUnit;
  /** In units. */
  readonly length: number;
  /** In units; may be above the length, rows in between are then in no window. */
  readonly hop: number;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly isEventTime: boolean;
  readonly contents: SlidingContents;
  readonly counters: Counters;
}

interface HoppingState {
  readonly end: Timestamp | undefined;
  readonly last: Timestamp | undefined;
  readonly contents: unknown;
}

/**
 * Every `hop` a window of the last `length`: rows from `end − length` on, those at `end` not.
 *
 * ```text
 *        start₁    start₂    end₁      end₂
 *   ───────|─────────|────|────|────|────|──▶     a pane ends at each start and each end: two in a hop
 * ```
 *
 * Panes as pairs: Krishnamurthy, Wu and Franklin, "On-the-fly sharing for streamed aggregation" (SIGMOD 2006). Where ends lie and what fires
 * them: `WindowEnds`. Windows without rows fire too. In event time rows come in the order of their time. State: the next end, the time of
 * the last row, and the contents.
 */
export class HoppingWindow implements Operator<Batch, HoppingState>, WatermarkListener {
  readonly name = 'window';
  readonly #parts: HoppingWindowParts;
  readonly #ends: WindowEnds;
  readonly #lengthMs: number;
  /** Time of the last row. */
  #last: Timestamp | undefined;

  constructor(parts: HoppingWindowParts) {
    this.#parts = parts;
    this.#lengthMs = windowLengthMs(parts.unit, parts.length);
    this.#ends = new WindowEnds({...parts, step: parts.hop, fire: end => this.#fire(end), setBack: () => this.#forget()});
  }

  push(batch: Batch): void {
    const {contents, counters} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    countIn(counters, timestamps);
    this.#ends.begin(timestamps[0]!);
    if (this.#last !== undefined) this.#ends.notice(timestamps[0]!, this.#last);
    let from = 0;
    let edge = this.#nextEdge(this.#last ?? timestamps[0]!);
    for (let i = 0; i < count; i++) {
      const at = timestamps[i]!;
      if (at < edge) continue;
      contents.add(batch, from, i);
      contents.cut();
      from = i;
      this.#ends.reach(at);
      edge = this.#nextEdge(at);
    }
    contents.add(batch, from, count);
    this.#last = timestamps[count - 1]!;
  }

  advance(watermark: Timestamp): void {
    this.#ends.reach(watermark);
  }

  snapshot(): HoppingState {
    return {end: this.#ends.next, last: this.#last, contents: this.#parts.contents.snapshot()};
  }

  restore({end, last, contents}: HoppingState): void {
    this.#parts.contents.restore(contents);
    this.#last = last;
    this.#ends.next = end;
  }

  close(): void {
    this.#ends.close();
  }

  /** The first start or end of a window after `at`; a pane may end there. */
  #nextEdge(at: Timestamp): Timestamp {
    const {stepMs} = this.#ends;
    const end = this.#ends.next!;
    const start = end - this.#lengthMs;
    return Math.min(end, start + (Math.floor((at - start) / stepMs) + 1) * stepMs);
  }

  /** Rows from before the clock was set back have no place among those that follow. */
  #forget(): void {
    this.#parts.contents.cut();
    this.#parts.contents.evict(Number.POSITIVE_INFINITY, true);
    this.#last = undefined;
  }

  #fire(end: Timestamp): void {
    const {contents, counters} = this.#parts;
    const start = end - this.#lengthMs;
    contents.cut();
    contents.evict(start, false);
    counters.recordsOut++;
    measured(counters, () => contents.fire(start, end));
  }
}
