import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {firstWindowEnd, type WindowUnit, windowLengthMs} from './window-alignment.ts';
import {everyWindowEnd} from './window-timer.ts';

/** A clock that went back further than this was set; below it is jitter. */
export const jitterMs = 50;

/** Windows without rows that fire one after the other at most; a longer gap is the jump of a clock, not a pause. */
const longestGap = 10_000;

/** What the ends of windows depend on. */
export interface WindowEndsParts {
  readonly unit: WindowUnit;
  /** Units between two ends. */
  readonly step: number;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly isEventTime: boolean;
  /** Called at each end, in their order. */
  readonly fire: (end: Timestamp) => void;
  /** The clock was set back to `at`, and ends lie anew. */
  readonly setBack: (at: Timestamp) => void;
}

/**
 * The ends of windows that recur: the first aligned to the clock on the wall (`firstWindowEnd`), later ones at fixed steps from it.
 *
 * Processing time: aligned when the rule starts, and fired by a timer that all windows of the same ends share. Ends missed while the process
 * stood still or the clock was set forward do not fire; when it was set back they are aligned anew. Event time: aligned at the first row,
 * fired by rows and watermarks that reach them, one after the other.
 */
export class WindowEnds {
  readonly stepMs: number;
  readonly #parts: WindowEndsParts;
  #next: Timestamp | undefined;
  #timer: Timer | undefined;

  constructor(parts: WindowEndsParts) {
    this.#parts = parts;
    this.stepMs = windowLengthMs(parts.unit, parts.step);
    if (!parts.isEventTime) this.#align(parts.clock.now());
  }

  /** Undefined in event time before the first row. */
  get next(): Timestamp | undefined {
    return this.#next;
  }

  set next(end: Timestamp | undefined) {
    this.#next = end;
    this.#listen();
  }

  /** Event time: the first row tells where ends lie. */
  begin(at: Timestamp): void {
    if (this.#next === undefined) this.#align(at);
  }

  /** Processing time: a clock that shows `at`, well before `reached`, was set back. */
  notice(at: Timestamp, reached: Timestamp): void {
    if (this.#parts.isEventTime || at >= reached - jitterMs) return;
    this.#align(at);
    this.#parts.setBack(at);
  }

  /** Time has come to `at`: fires the ends up to it. */
  reach(at: Timestamp): void {
    while (this.#next !== undefined && this.#next <= at) {
      const end = this.#next;
      const missed = Math.floor((at - end) / this.stepMs);
      const skips = !this.#parts.isEventTime || missed > longestGap;
      this.#next = end + (skips ? missed + 1 : 1) * this.stepMs;
      this.#parts.fire(end);
    }
  }

  close(): void {
    this.#timer?.cancel();
  }

  #align(at: Timestamp): void {
    const {unit, step, timeZone} = this.#parts;
    this.next = firstWindowEnd(unit, step, at, timeZone);
  }

  #listen(): void {
    this.#timer?.cancel();
    if (this.#parts.isEventTime || this.#next === undefined) return;
    this.#timer = everyWindowEnd(this.#parts.clock, this.#next, this.stepMs, (nominal, now) => {
      // The timer is early when the clock was set back since it was armed: what it waited for is over nevertheless.
      if (nominal >= this.#next!) this.reach(Math.max(nominal, now));
      this.notice(now, this.#next! - this.stepMs);
    });
  }
}
