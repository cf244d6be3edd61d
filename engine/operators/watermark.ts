import type {Timestamp} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {type Counters, countIn} from './counters.ts';
import type {Batch, Operator, WatermarkListener} from './operator.ts';
import {QueueList} from './queue-list.ts';

/** A stream that takes part in event time. */
export interface WatermarkInput {
  /** Time of a row; throws an EvaluationError for a row that has none. */
  readonly timeOf: (row: Row) => Timestamp;
  /** Takes the rows of the stream in the order of their time, with that time. */
  readonly emit: (batch: Batch) => void;
}

/** What the watermark of a rule is made of. */
export interface WatermarkParts {
  readonly inputs: readonly WatermarkInput[];
  readonly lateToleranceMs: number;
  readonly counters: Counters;
  /** A row without a time. */
  readonly fail: (error: Error) => void;
  /** Undefined in rules without a window. */
  readonly listener: WatermarkListener | undefined;
}

/** A row that waits. */
interface Waiting {
  readonly at: Timestamp;
  readonly input: number;
  readonly row: Row;
  readonly metadata: Metadata | undefined;
}

interface WatermarkState {
  readonly newest: readonly (Timestamp | null)[];
  readonly watermark: Timestamp | null;
  readonly waiting: readonly Waiting[];
}

/** The longest run handed on at once. */
const longestRun = 1024;

/**
 * Puts the rows of all streams of a rule into the order of their time.
 *
 * The watermark is the smallest, over the streams, of the newest time seen less the tolerance; it moves once every stream has had a row.
 * Rows before it are late: dropped and counted; the others wait until it moves to or past them. Rows of one time keep their order of arrival. Rows go
 * on in runs; the listener hears of a watermark before any row that is not later, and at the latest when the batch is done: results do not
 * depend on how rows were batched.
 *
 * State: what waits, the newest times, and the watermark.
 */
export class Watermark implements Operator<{readonly input: number; readonly batch: Batch}, WatermarkState> {
  readonly name = 'watermark';
  readonly #parts: WatermarkParts;
  #newest: (Timestamp | undefined)[];
  #watermark: Timestamp = Number.NEGATIVE_INFINITY;
  /** In the order of time. */
  #waiting = new QueueList<Waiting>();
  /** Rows released and not handed on yet, all of one input. */
  #run: {input: number; rows: Row[]; metadata: (Metadata | undefined)[]; timestamps: Timestamp[]} | undefined;

  constructor(parts: WatermarkParts) {
    this.#parts = parts;
    this.#newest = parts.inputs.map(() => undefined);
  }

  push({input, batch}: {readonly input: number; readonly batch: Batch}): void {
    const {counters, inputs} = this.#parts;
    const {rows, metadata, timestamps} = batch;
    const {timeOf} = inputs[input]!;
    countIn(counters, timestamps);
    const before = this.#watermark;
    for (let i = 0; i < rows.length; i++) {
      let at: Timestamp;
      try {
        at = timeOf(rows[i]!);
      } catch (thrown) {
        counters.fail(messageOf(thrown), timestamps[i]!);
        this.#parts.fail(thrown as Error);
        continue;
      }
      const newest = this.#newest[input];
      if (newest === undefined || at > newest) this.#newest[input] = at;
      if (at < this.#watermark) {
        counters.fail(`row of ${instant(at)} is late: the watermark is at ${instant(this.#watermark)}`, timestamps[i]!);
        continue;
      }
      this.#insert({at, input, row: rows[i]!, metadata: metadata[i]});
      this.#release();
    }
    this.#flush();
    if (this.#watermark > before) this.#parts.listener?.advance(this.#watermark);
  }

  snapshot(): WatermarkState {
    return {
      newest: this.#newest.map(at => at ?? null),
      watermark: this.#watermark === Number.NEGATIVE_INFINITY ? null : this.#watermark,
      waiting: this.#waiting.slice(),
    };
  }

  restore({newest, watermark, waiting}: WatermarkState): void {
    this.#newest = newest.map(at => at ?? undefined);
    this.#watermark = watermark ?? Number.NEGATIVE_INFINITY;
    this.#waiting = new QueueList(waiting);
  }

  close(): void {}

  /** Behind those of the same time. */
  #insert(row: Waiting): void {
    const waiting = this.#waiting;
    let [low, high] = [0, waiting.length];
    if (high === 0 || waiting.at(high - 1)!.at <= row.at) {
      waiting.push(row);
      return;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (waiting.at(middle)!.at <= row.at) low = middle + 1;
      else high = middle;
    }
    waiting.insert(low, row);
  }

  /** Lets the rows go on that the watermark has come to, if it moves. */
  #release(): void {
    let least = Number.POSITIVE_INFINITY;
    for (const newest of this.#newest) {
      if (newest === undefined) return;
      least = Math.min(least, newest);
    }
    const watermark = least - this.#parts.lateToleranceMs;
    if (watermark <= this.#watermark) return;
    const {first} = this.#waiting;
    // The row came in time and after rows of its time had gone on: what they completed fires without it.
    if (first !== undefined && first.at <= this.#watermark) {
      this.#tell(this.#watermark);
    }
    for (let row = first; row !== undefined && row.at <= watermark; row = this.#waiting.first) {
      this.#waiting.drop(1);
      this.#pass(row);
    }
    this.#watermark = watermark;
    if (this.#parts.listener?.hearsEachStep) this.#tell(watermark);
  }

  #tell(watermark: Timestamp): void {
    this.#flush();
    this.#parts.listener?.advance(watermark);
  }

  #pass({at, input, row, metadata}: Waiting): void {
    if (this.#run !== undefined && (this.#run.input !== input || this.#run.rows.length === longestRun)) this.#flush();
    this.#run ??= {input, rows: [], metadata: [], timestamps: []};
    this.#run.rows.push(row);
    this.#run.metadata.push(metadata);
    this.#run.timestamps.push(at);
  }

  #flush(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    this.#parts.counters.recordsOut += run.rows.length;
    this.#parts.inputs[run.input]!.emit(run);
  }
}

function instant(at: Timestamp): string {
  return new Date(at).toISOString();
}
