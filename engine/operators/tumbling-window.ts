import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {type Counters, measured} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import {firstWindowEnd, type WindowUnit, windowLengthMs} from './window-alignment.ts';
import type {WindowContents} from './window-contents.ts';
import {everyWindowEnd} from './window-timer.ts';

/** What a tumbling window is made of. */
export interface TumblingWindowParts {
  readonly unit: WindowUnit;
  /** In units. */
  readonly length: number;
  readonly clock: Clock;
  readonly timeZone: string;
  /** Start of the first window. */
  readonly ruleStartMs: Timestamp;
  readonly contents: WindowContents;
  readonly counters: Counters;
}

interface TumblingState {
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly contents: unknown;
}

/** A clock that went back further than this was set; below it is jitter. */
const jitterMs = 50;

/**
 * Cuts a stream into adjacent spans of equal length by the time of arrival. A row at the end of a span belongs to the next.
 *
 *     rule start        first end            end
 *         |────────────────|────────────────────|──▶     every span fires at its end, also without rows
 *
 * The first end is aligned to the clock on the wall (`firstWindowEnd`), later ones follow at fixed steps. Spans missed while the process
 * stood still or the clock was set forward do not fire; when it was set back the window aligns anew. State: the bounds and the contents.
 */
export class TumblingWindow implements Operator<Batch, TumblingState> {
  readonly name = 'window';
  readonly #parts: TumblingWindowParts;
  readonly #lengthMs: number;
  #start: Timestamp;
  #end: Timestamp;
  #timer: Timer;

  constructor(parts: TumblingWindowParts) {
    this.#parts = parts;
    this.#lengthMs = windowLengthMs(parts.unit, parts.length);
    this.#start = parts.ruleStartMs;
    this.#end = this.#alignedEnd(parts.clock.now());
    this.#timer = this.#listen();
  }

  push(batch: Batch): void {
    const {contents, counters} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    counters.recordsIn += count;
    counters.messagesProcessed += count;
    counters.lastInvocationAt = timestamps[count - 1]!;
    if (timestamps[0]! < this.#start - jitterMs) this.#realign(timestamps[0]!);
    let from = 0;
    // The timer may be late: a row from beyond the end fires the window it does not belong to.
    for (let i = 0; i < count && timestamps[count - 1]! >= this.#end; i++) {
      if (timestamps[i]! < this.#end) continue;
      contents.add(batch, from, i);
      from = i;
      this.#fire(timestamps[i]!);
    }
    contents.add(batch, from, count);
  }

  snapshot(): TumblingState {
    return {start: this.#start, end: this.#end, contents: this.#parts.contents.snapshot()};
  }

  restore({start, end, contents}: TumblingState): void {
    this.#parts.contents.restore(contents);
    this.#start = start;
    this.#end = end;
    this.#timer.cancel();
    this.#timer = this.#listen();
  }

  close(): void {
    this.#timer.cancel();
  }

  #alignedEnd(at: Timestamp): Timestamp {
    return firstWindowEnd(this.#parts.unit, this.#parts.length, at, this.#parts.timeZone);
  }

  #listen(): Timer {
    return everyWindowEnd(this.#parts.clock, this.#end, this.#lengthMs, (nominal, now) => {
      if (nominal < this.#end) return;
      if (now < nominal - jitterMs) {
        this.#fire(nominal);
        this.#realign(now);
      } else this.#fire(Math.max(nominal, now));
    });
  }

  /** Fires the open window; `at` is in the next one, or later if spans were missed. */
  #fire(at: Timestamp): void {
    const [start, end] = [this.#start, this.#end];
    const missed = Math.floor((at - end) / this.#lengthMs);
    this.#end = end + (missed + 1) * this.#lengthMs;
    this.#start = this.#end - this.#lengthMs;
    this.#parts.counters.recordsOut++;
    measured(this.#parts.counters, () => this.#parts.contents.fire(start, end));
  }

  /** The clock was set back: what is in the window stays, the end becomes the first after `at`. */
  #realign(at: Timestamp): void {
    this.#start = at;
    this.#end = this.#alignedEnd(at);
    this.#timer.cancel();
    this.#timer = this.#listen();
  }
}
