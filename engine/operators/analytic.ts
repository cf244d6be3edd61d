import type {Row} from '#engine/values/value.ts';
import {type Counters, countIn} from './counters.ts';
import type {Batch, Operator, Output} from './operator.ts';
import type {Partitions, PartitionsState} from './partitions.ts';
import {labelled} from './row-failure.ts';

/** Generated: evaluates the functions for each row of a batch and calls `finish` with the rows that carry their values. */
export type AnalyticLoop = (batch: Batch, analytic: Analytic) => void;

/** What the stage of analytic functions is made of. */
export interface AnalyticParts {
  readonly run: AnalyticLoop;
  /** The states, by PARTITION BY. */
  readonly partitions: readonly Partitions[];
  /** Rows go on one at a time: what a function sees depends on what became of the row before. */
  readonly singly: boolean;
  readonly counters: Counters;
  readonly output: Output<Batch>;
}

/**
 * Analytic functions (lag, latest, had_changed, acc_*): evaluated for every row in the order of arrival, before WHERE and the window can drop
 * it. Each row goes on as a copy that carries the values.
 *
 * A row for which a function fails goes no further; functions evaluated before have seen it. State: per PARTITION BY and key, bounded.
 */
export class Analytic implements Operator<Batch, readonly PartitionsState[]> {
  readonly name = 'analytic';
  readonly #parts: AnalyticParts;

  constructor(parts: AnalyticParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {run, singly} = this.#parts;
    if (!singly || batch.rows.length === 1) {
      run(batch, this);
      return;
    }
    const {rows, metadata, timestamps} = batch;
    for (let i = 0; i < rows.length; i++) run({rows: [rows[i]!], metadata: [metadata[i]], timestamps: [timestamps[i]!]}, this);
  }

  /** Called by the loop once at its end with what became of the rows from `from` on. */
  finish(batch: Batch, from: number, made: readonly Row[]): void {
    const {counters} = this.#parts;
    const count = batch.rows.length;
    countIn(counters, batch.timestamps);
    this.#handOn(batch, from, count, made);
  }

  /** Called by the loop when row `at` failed, with what became of the rows from `from` to it. */
  fail(thrown: unknown, batch: Batch, from: number, at: number, made: readonly Row[]): void {
    this.#handOn(batch, from, at, made);
    const error = labelled(thrown, '');
    this.#parts.counters.fail(error.message, batch.timestamps[at]!);
    this.#parts.output.fail(error);
  }

  #handOn({metadata, timestamps}: Batch, from: number, to: number, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    this.#parts.counters.recordsOut += rows.length;
    const isWhole = rows.length === metadata.length;
    this.#parts.output.emit({
      rows,
      metadata: isWhole ? metadata : metadata.slice(from, to),
      timestamps: isWhole ? timestamps : timestamps.slice(from, to),
    });
  }

  snapshot(): readonly PartitionsState[] {
    return this.#parts.partitions.map(partitions => partitions.snapshot());
  }

  restore(states: readonly PartitionsState[]): void {
    for (const [i, partitions] of this.#parts.partitions.entries()) if (states[i] !== undefined) partitions.restore(states[i]);
  }

  close(): void {}
}
