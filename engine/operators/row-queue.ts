import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import type {Batch} from './operator.ts';
import {QueueList} from './queue-list.ts';

/** Rows in the order of their time, the oldest of which leave first. Rows are kept by reference: nobody writes to them. */
export class RowQueue {
  #rows = new QueueList<Row>();
  #metadata = new QueueList<Metadata | undefined>();
  #timestamps = new QueueList<Timestamp>();

  get length(): number {
    return this.#rows.length;
  }

  /** Takes rows `from` to `to` (exclusive) of a batch. */
  push({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#rows.push(rows[i]!);
      this.#metadata.push(metadata[i]);
      this.#timestamps.push(timestamps[i]!);
    }
  }

  /** Rows at the front that are older than `limit`, or as old where `includesLimit`. */
  countUntil(limit: Timestamp, includesLimit: boolean): number {
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

  /** Forgets the first `count` rows. */
  drop(count: number): void {
    if (count === 0) return;
    this.#rows.drop(count);
    this.#metadata.drop(count);
    this.#timestamps.drop(count);
  }

  /** Rows `from` to `to` (exclusive), as plain data. */
  slice(from = 0, to: number = this.length): Batch {
    return {
      rows: this.#rows.slice(from, to),
      metadata: this.#metadata.slice(from, to),
      timestamps: this.#timestamps.slice(from, to),
    };
  }

  /** Takes what `slice` gave in place of what it holds. */
  restore({rows, metadata, timestamps}: Batch): void {
    this.#rows = new QueueList(rows);
    this.#metadata = new QueueList(metadata);
    this.#timestamps = new QueueList(timestamps);
  }
}
