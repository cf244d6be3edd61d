import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import type {WindowUnit} from './window-alignment.ts';
import type {WindowContents} from './window-contents.ts';
import {WindowEnds} from './window-ends.ts';

/** What a tumbling window is made of. */
export interface TumblingWindowParts {
  readonly unit: WindowUnit;
  /** In units. */
  readonly length: number;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly isEventTime: boolean;
  /** Start of the first window in processing time; in event time that is its first row. */
  readonly ruleStartMs: Timestamp;
  readonly contents: WindowContents;
  readonly counters: Counters;
}

interface TumblingState {
  readonly start: Timestamp;
  readonly end: Timestamp | undefined;
  readonly contents: unknown;
}

/**
 * Cuts a stream into adjacent spans of equal length; a row that arrives at an end belongs to the next span.
 *
 * ```text
 *   rule start        end = aligned          end + length
 *   ──┬─────────────────────|────────────────────|──▶     every span fires at its end, also without rows
 * ```
 *
 * Where ends lie and what fires them: `WindowEnds`. In event time rows come in the order of their time. State: the bounds and the contents.
 */
export class TumblingWindow implements Operator<Batch, TumblingState>, WatermarkListener {
  readonly name = 'window';
  readonly #parts: TumblingWindowParts;
  readonly #ends: WindowEnds;
  #start: Timestamp;

  constructor(parts: TumblingWindowParts) {
    this.#parts = parts;
    this.#start = parts.ruleStartMs;
    const {length, ...rest} = parts;
    this.#ends = new WindowEnds({
      ...rest,
      step: length,
      fire: end => this.#fire(end),
      setBack: at => {
        this.#start = at;
      },
    });
  }

  push(batch: Batch): void {
    const {contents, counters} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    countIn(counters, timestamps);
    this.#begin(timestamps[0]!);
    let from = 0;
    // The timer may be late: a row from beyond the end fires the window it does not belong to.
    for (let i = 0; i < count && timestamps[count - 1]! >= this.#ends.next!; i++) {
      if (timestamps[i]! < this.#ends.next!) continue;
      contents.add(batch, from, i);
      from = i;
      this.#ends.reach(timestamps[i]!);
    }
    contents.add(batch, from, count);
  }

  advance(watermark: Timestamp): void {
    this.#ends.reach(watermark);
  }

  snapshot(): TumblingState {
    return {start: this.#start, end: this.#ends.next, contents: this.#parts.contents.snapshot()};
  }

  restore({start, end, contents}: TumblingState): void {
    this.#parts.contents.restore(contents);
    this.#start = start;
    this.#ends.next = end;
  }

  close(): void {
    this.#ends.close();
  }

  #begin(at: Timestamp): void {
    if (this.#ends.next === undefined) {
      this.#start = at;
      this.#ends.begin(at);
    } else this.#ends.notice(at, this.#start);
  }

  #fire(end: Timestamp): void {
    const start = this.#start;
    this.#start = this.#ends.next! - this.#ends.stepMs;
    this.#parts.counters.recordsOut++;
    measured(this.#parts.counters, () => this.#parts.contents.fire(start, end));
  }
}
