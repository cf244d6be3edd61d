import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';
import {EvaluationError} from '#engine/base/errors.ts';
import {toText} from '#engine/values/text.ts';
import {isDateTime} from '#engine/values/type-name.ts';
import type {Metadata, Row, Value} from '#engine/values/value.ts';
import {copyState} from './copy-state.ts';
import {type Counters, countIn} from './counters.ts';
import type {Batch, Operator, Output} from './operator.ts';
import {labelled} from './row-failure.ts';
import {type Slot, TimeSlots} from './time-slots.ts';

/** Columns of one row that say when it goes on. */
export interface TriggerTimes {
  readonly start: Value;
  readonly end: Value;
  readonly now: Value;
}

/** What holding rows back until the end of their time slots is made of. */
export interface DedupTriggerParts {
  /** Generated: reads the columns of a row. */
  readonly times: (row: Row) => TriggerTimes;
  /** Names of the columns, for messages. */
  readonly names: {readonly start: string; readonly end: string; readonly now: string};
  /** How long before the time of a row slots are remembered. */
  readonly expireMs: number;
  /** The column that takes the slots. */
  readonly column: string;
  /** Rows held at most; beyond it the row that comes is an error. */
  readonly capacity: number;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly output: Output<Batch>;
}

interface Held {
  readonly row: Row;
  readonly metadata: Metadata | undefined;
  readonly timestamp: Timestamp;
  readonly start: number;
  readonly end: number;
  readonly now: number;
}

interface DedupState {
  readonly held: readonly Held[];
  readonly slots: readonly Slot[];
  /** The time that the rows tell, and when the clock showed it. */
  readonly time: {readonly now: number; readonly at: Timestamp} | undefined;
}

/**
 * `dedup_trigger`: holds each row until the end of its time slot, then hands it on with the parts of the slot that no row has told before.
 * Rows leave in the order of their ends.
 *
 * What time it is the rows say, each by its own column; between rows the clock goes on from there. A row whose slot is over goes on at once.
 * State: the rows held, the slots told.
 */
export class DedupTrigger implements Operator<Batch, DedupState> {
  readonly name = 'dedup_trigger';
  readonly #parts: DedupTriggerParts;
  readonly #slots = new TimeSlots();
  #held: Held[] = [];
  #time: DedupState['time'];
  #timer: Timer | undefined;

  constructor(parts: DedupTriggerParts) {
    this.#parts = parts;
  }

  push({rows, metadata, timestamps}: Batch): void {
    const {counters} = this.#parts;
    countIn(counters, timestamps);
    for (const [i, row] of rows.entries()) {
      try {
        const held = {row, metadata: metadata[i], timestamp: timestamps[i]!, ...this.#read(row)};
        this.#hold(held);
        this.#advance(held.now);
      } catch (thrown) {
        const error = labelled(thrown, '');
        counters.fail(error.message, timestamps[i]!);
        this.#parts.output.fail(error);
      }
    }
  }

  snapshot(): DedupState {
    return copyState({held: this.#held, slots: this.#slots.snapshot(), time: this.#time});
  }

  restore(state: DedupState): void {
    const {held, slots, time} = copyState(state);
    this.#held = held.slice();
    this.#slots.restore(slots);
    this.#time = time;
    if (time !== undefined) this.#advance(time.now + Math.max(0, this.#parts.clock.now() - time.at));
  }

  close(): void {
    this.#timer?.cancel();
  }

  #read(row: Row): {readonly start: number; readonly end: number; readonly now: number} {
    const {times, names} = this.#parts;
    const values = times(row);
    const [start, end, now] = [toMs(values.start, names.start), toMs(values.end, names.end), toMs(values.now, names.now)];
    if (start >= end) throw new EvaluationError(`dedup_trigger start time ${start} is not before end time ${end}`);
    return {start, end, now};
  }

  #hold(held: Held): void {
    const list = this.#held;
    if (list.length >= this.#parts.capacity) throw new EvaluationError(`dedup_trigger holds ${list.length} rows already`);
    let at = list.length;
    while (at > 0 && list[at - 1]!.end > held.end) at--;
    list.splice(at, 0, held);
  }

  /** Hands on the rows whose slots have ended, and waits for the next one. */
  #advance(now: number): void {
    const {clock} = this.#parts;
    this.#time = {now, at: clock.now()};
    this.#timer?.cancel();
    this.#timer = undefined;
    let count = 0;
    while (count < this.#held.length && this.#held[count]!.end <= now) count++;
    for (const held of this.#held.splice(0, count)) this.#handOn(held);
    const [next] = this.#held;
    if (next !== undefined) this.#timer = clock.at(clock.now() + next.end - now, () => this.#advance(next.end));
  }

  #handOn({row, metadata, timestamp, start, end, now}: Held): void {
    const {expireMs, column, counters, output} = this.#parts;
    const limit = now - expireMs;
    this.#slots.forget(limit);
    const from = Math.max(start, limit);
    const news = from < end ? this.#slots.add(from, end) : [];
    const slots = news.map(([first, last]) => ({start_key: String(first), end_key: String(last)}));
    counters.recordsOut++;
    output.emit({rows: [{...row, [column]: slots.length > 0 ? slots : null}], metadata: [metadata], timestamps: [timestamp]});
  }
}

function toMs(value: Value, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === 'bigint') return Number(value);
  if (value === null) throw new EvaluationError(`dedup_trigger ${name} is missing`);
  const what = isDateTime(value) ? 'a datetime' : toText(value);
  throw new EvaluationError(`dedup_trigger ${name} is no number of ms: ${what}`);
}
