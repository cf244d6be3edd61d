import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import {firstWindowEnd, type WindowUnit, windowLengthMs} from './window-alignment.ts';
import type {WindowContents} from './window-contents.ts';
import {jitterMs} from './window-ends.ts';

/** What a session window is made of. */
export interface SessionWindowParts {
  readonly unit: WindowUnit;
  /** Units between two ticks. */
  readonly length: number;
  /** In units. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly isEventTime: boolean;
  readonly contents: WindowContents;
  readonly counters: Counters;
}

/** A session under way. */
interface Session {
  /** Time of its first row, or the tick that cut it. */
  start: Timestamp;
  /** Time of the oldest row in the contents; undefined: a tick took them all. */
  first: Timestamp | undefined;
  last: Timestamp;
  /** The next tick. */
  tick: Timestamp;
}

interface SessionState {
  readonly session: Session | undefined;
  readonly contents: unknown;
}

/**
 * Rows that follow each other within `timeout`. A session ends `timeout` after its last row; one whose oldest row is a tick's length old at
 * a tick is cut there, and goes on behind it.
 *
 * ```text
 *              tick             tick
 *   ──●──●─●────|──●─●──●─●──●───|─●───●──┤ timeout      [first row → tick], [tick → last row + timeout]
 * ```
 *
 * Ticks come every `length` units from an aligned one: the first after the rule's start in processing time, the first after the session's
 * first row in event time, where rows come in the order of their time. Never fires empty. State: the session and the contents.
 */
export class SessionWindow implements Operator<Batch, SessionState>, WatermarkListener {
  readonly name = 'window';
  readonly #parts: SessionWindowParts;
  readonly #lengthMs: number;
  readonly #timeoutMs: number;
  /** One of the ticks of processing time. */
  readonly #anyTick: Timestamp;
  #session: Session | undefined;
  #timer: Timer | undefined;

  constructor(parts: SessionWindowParts) {
    this.#parts = parts;
    this.#lengthMs = windowLengthMs(parts.unit, parts.length);
    this.#timeoutMs = windowLengthMs(parts.unit, parts.timeout);
    this.#anyTick = firstWindowEnd(parts.unit, parts.length, parts.clock.now(), parts.timeZone);
  }

  push(batch: Batch): void {
    const {contents, counters} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    if (count === 0) return;
    countIn(counters, timestamps);
    let from = 0;
    for (let i = 0; i < count; i++) {
      const at = timestamps[i]!;
      if (this.#endsBefore(at)) {
        contents.add(batch, from, i);
        from = i;
        this.#settle(at, false);
      }
      this.#extend(at);
    }
    contents.add(batch, from, count);
    this.#listen();
  }

  advance(watermark: Timestamp): void {
    this.#settle(watermark, false);
  }

  snapshot(): SessionState {
    return {session: this.#session && {...this.#session}, contents: this.#parts.contents.snapshot()};
  }

  restore({session, contents}: SessionState): void {
    this.#parts.contents.restore(contents);
    this.#session = session && {...session};
    this.#listen();
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** Whether a tick or the end of the session lies before a row at `at`. */
  #endsBefore(at: Timestamp): boolean {
    const session = this.#session;
    return session !== undefined && (at >= session.tick || at > session.last + this.#timeoutMs);
  }

  #extend(at: Timestamp): void {
    const session = this.#session;
    if (session === undefined) {
      this.#session = {start: at, first: at, last: at, tick: this.#tickAfter(at)};
      return;
    }
    // The clock was set back: what is in the session stays, its time goes on from here.
    if (at < session.last - jitterMs && !this.#parts.isEventTime) session.tick = this.#tickAfter(at);
    session.first = Math.min(session.first ?? at, at);
    session.last = at;
  }

  /** Moves the session to the time that the clock shows. */
  #shift(ms: number): void {
    const session = this.#session;
    if (session === undefined) return;
    session.start += ms;
    session.last += ms;
    if (session.first !== undefined) session.first += ms;
    session.tick = this.#tickAfter(session.last);
  }

  #tickAfter(at: Timestamp): Timestamp {
    const {unit, length, timeZone, isEventTime} = this.#parts;
    if (isEventTime) return firstWindowEnd(unit, length, at, timeZone);
    return this.#anyTick + (Math.floor((at - this.#anyTick) / this.#lengthMs) + 1) * this.#lengthMs;
  }

  /** Fires what ends up to `at`: a session whose timeout is over before it, or, where `isOver`, at it. */
  #settle(at: Timestamp, isOver: boolean): void {
    const session = this.#session;
    if (session === undefined) return;
    const deadline = session.last + this.#timeoutMs;
    while (session.tick <= at && session.tick <= deadline) {
      const {tick, first} = session;
      session.tick += this.#lengthMs;
      const oldest = tick - this.#lengthMs;
      if (first === undefined || (this.#parts.isEventTime ? first >= oldest : first > oldest)) continue;
      const {start} = session;
      session.start = tick;
      session.first = undefined;
      this.#fire(start, tick);
    }
    if (at < deadline || (at === deadline && !isOver)) return;
    this.#session = undefined;
    if (session.first !== undefined) this.#fire(session.start, deadline);
  }

  #fire(start: Timestamp, end: Timestamp): void {
    this.#parts.counters.recordsOut++;
    measured(this.#parts.counters, () => this.#parts.contents.fire(start, end));
  }

  /** Processing time: wakes at the next tick or at the end of the session, and again if rows have moved it meanwhile. */
  #listen(): void {
    if (this.#parts.isEventTime || this.#timer !== undefined || this.#session === undefined) return;
    const {clock} = this.#parts;
    const {tick, last} = this.#session;
    const due = Math.min(tick, last + this.#timeoutMs);
    this.#timer = clock.at(due, () => {
      this.#timer = undefined;
      const now = clock.now();
      this.#settle(Math.max(now, due), true);
      const ahead = (this.#session?.last ?? now) - now;
      // Rows of a time to come: the clock was set back.
      if (ahead > jitterMs) this.#shift(-ahead);
      this.#listen();
    });
  }
}
