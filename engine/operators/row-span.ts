import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import type {Batch, WindowBatch} from './operator.ts';
import {QueueList} from './queue-list.ts';
import type {SlidingContents} from './window-contents.ts';

interface SpanState {
  readonly rows: readonly Row[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
}

/**
 * The rows of windows that overlap, for queries that need them: rows as results, or an aggregate whose state grows with the rows. Rows are
 * kept by reference: nobody writes to them. Every row is a pane of its own.
 */
export class RowSpan implements SlidingContents {
  readonly #emit: (batch: WindowBatch) => void;
  #rows = new QueueList<Row>();
  #metadata = new QueueList<Metadata | undefined>();
  #timestamps = new QueueList<Timestamp>();

  constructor(emit: (batch: WindowBatch) => void) {
    this.#emit = emit;
  }

  add({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#rows.push(rows[i]!);
      this.#metadata.push(metadata[i]);
      this.#timestamps.push(timestamps[i]!);
    }
  }

  cut(): void {}

  evict(limit: Timestamp, includesLimit: boolean): void {
    this.#drop(this.#countUntil(limit, includesLimit));
  }

  keep(rowCount: number): void {
    if (this.#rows.length > rowCount) this.#drop(this.#rows.length - rowCount);
  }

  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void {
    this.#emitRows(0, this.#rows.length, {start, end, trigger});
  }

  /** Hands on the rows later than `after` and not later than `until`. */
  fireBetween(after: Timestamp, until: Timestamp, bounds: Pick<WindowBatch, 'start' | 'end' | 'trigger'>): void {
    this.#emitRows(this.#countUntil(after, true), this.#countUntil(until, true), bounds);
  }

  snapshot(): SpanState {
    return {rows: this.#rows.slice(), metadata: this.#metadata.slice(), timestamps: this.#timestamps.slice()};
  }

  restore(state: unknown): void {
    const {rows, metadata, timestamps} = state as SpanState;
    this.#rows = new QueueList(rows);
    this.#metadata = new QueueList(metadata);
    this.#timestamps = new QueueList(timestamps);
  }

  #emitRows(from: number, to: number, bounds: Pick<WindowBatch, 'start' | 'end' | 'trigger'>): void {
    this.#emit({
      rows: this.#rows.slice(from, to),
      metadata: this.#metadata.slice(from, to),
      timestamps: this.#timestamps.slice(from, to),
      ...bounds,
    });
  }

  /** Rows at the front that are older than `limit`, or as old where `includesLimit`. */
  #countUntil(limit: Timestamp, includesLimit: boolean): number {
    const {first} = this.#timestamps;
    if (first === undefined || first > limit) return 0;
    let [low, high] = [0, this.#timestamps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#timestamps.at(middle)!;
      if (at < limit || (includesLimit && at === limit)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#rows.drop(count);
    this.#metadata.drop(count);
    this.#timestamps.drop(count);
  }
}
