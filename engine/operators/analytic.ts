import type {Timestamp} from '#engine/base/clock.ts';
import type {Counters} from './counters.ts';
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

  /** Called by the loop once at its end. */
  finish(batch: Batch, evaluated: Batch): void {
    const {counters, output} = this.#parts;
    counters.recordsIn += batch.rows.length;
    counters.messagesProcessed += batch.rows.length;
    counters.recordsOut += evaluated.rows.length;
    counters.lastInvocationAt = batch.timestamps.at(-1) ?? 0;
    if (evaluated.rows.length > 0) output.emit(evaluated);
  }

  /** Called by the loop for a row that failed. */
  fail(thrown: unknown, at: Timestamp): void {
    const error = labelled(thrown, '');
    this.#parts.counters.fail(error.message, at);
    this.#parts.output.fail(error);
  }

  snapshot(): readonly PartitionsState[] {
    return this.#parts.partitions.map(partitions => partitions.snapshot());
  }

  restore(states: readonly PartitionsState[]): void {
    for (const [i, partitions] of this.#parts.partitions.entries()) if (states[i] !== undefined) partitions.restore(states[i]);
  }

  close(): void {}
}
