import type {Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn} from './counters.ts';
import type {Batch, Operator, Output} from './operator.ts';
import {labelled} from './row-failure.ts';

/** Generated: one loop over a batch that calls `finish` with the rows that pass, and `fail` for each that fails. */
export type FilterLoop = (batch: Batch, filter: Filter) => void;

/** What a filter in front of a window is made of. */
export interface FilterParts {
  readonly run: FilterLoop;
  /** What a failure is called: `run Where error: `. */
  readonly label: string;
  readonly counters: Counters;
  readonly output: Output<Batch>;
}

/**
 * WHERE, or the FILTER of a window, in front of a window: rows for which the condition is true go on, in their order; false and null do not.
 *
 * A row that fails is counted and costs no other row. Stateless. A batch that passes whole is handed on as it is.
 */
export class Filter implements Operator<Batch> {
  readonly name = 'filter';
  readonly #parts: FilterParts;

  constructor(parts: FilterParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    this.#parts.run(batch, this);
  }

  /** Called by the loop once at its end. */
  finish(batch: Batch, passed: Batch): void {
    const {counters, output} = this.#parts;
    countIn(counters, batch.timestamps);
    counters.recordsOut += passed.rows.length;
    if (passed.rows.length > 0) output.emit(passed);
  }

  /** Called by the loop for a row that failed. */
  fail(thrown: unknown, at: Timestamp): void {
    const error = labelled(thrown, this.#parts.label);
    this.#parts.counters.fail(error.message, at);
    this.#parts.output.fail(error);
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
