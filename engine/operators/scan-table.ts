import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata} from '#engine/values/value.ts';
import {type Counters, countIn} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import {asTuple, type Tuple, type TupleSet} from './tuple.ts';

export interface ScanTableParts {
  /** RETAIN_SIZE. */
  readonly size: number;
  readonly counters: Counters;
}

interface TableState {
  readonly tuples: readonly Tuple[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
}

/**
 * The rows of a scan table that a rule joins: the newest `size`, oldest first. Rows that come trigger nothing. State: the rows.
 */
export class ScanTable implements Operator<Batch, TableState> {
  readonly name = 'join_aligner';
  readonly #parts: ScanTableParts;
  #tuples: Tuple[] = [];
  #metadata: (Metadata | undefined)[] = [];
  #timestamps: Timestamp[] = [];
  #current: TupleSet | undefined;

  constructor(parts: ScanTableParts) {
    this.#parts = parts;
  }

  /** The same object as long as no row came. */
  get content(): TupleSet {
    return (this.#current ??= this.snapshot());
  }

  push(batch: Batch): void {
    const {counters} = this.#parts;
    const {rows, metadata, timestamps} = batch;
    countIn(counters, timestamps);
    this.#current = undefined;
    for (let i = 0; i < rows.length; i++) {
      this.#tuples.push(asTuple(rows[i]!));
      this.#metadata.push(metadata[i]);
      this.#timestamps.push(timestamps[i]!);
    }
    // Cut in steps, so that a full table does not move all its rows for each that comes.
    if (this.#tuples.length >= 2 * this.#parts.size) this.#cut();
  }

  snapshot(): TableState {
    this.#cut();
    return {tuples: this.#tuples.slice(), metadata: this.#metadata.slice(), timestamps: this.#timestamps.slice()};
  }

  restore({tuples, metadata, timestamps}: TableState): void {
    this.#tuples = tuples.slice();
    this.#metadata = metadata.slice();
    this.#timestamps = timestamps.slice();
    this.#current = undefined;
  }

  close(): void {}

  #cut(): void {
    const surplus = this.#tuples.length - this.#parts.size;
    if (surplus <= 0) return;
    this.#tuples.splice(0, surplus);
    this.#metadata.splice(0, surplus);
    this.#timestamps.splice(0, surplus);
  }
}
