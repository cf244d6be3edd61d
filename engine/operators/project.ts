import type {Row} from '#engine/values/value.ts';
import type {Counters} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';

/** Batches between two measurements of latency, less one: reading the clock costs more than filtering a row. */
const measuredMask = 63;

/** Generated: one loop over a batch that filters and projects, telling `project` what became of it. */
export type RowLoop = (batch: Batch, project: Project) => void;

/** What a windowless rule is made of. */
export interface ProjectParts {
  readonly run: RowLoop;
  readonly labels: FailureLabels;
  /** Undefined without WHERE. Position 0 of the labels is then WHERE's. */
  readonly filter: Counters | undefined;
  /** Of window functions, which number each row 1 where there is no window. */
  readonly numbering?: Counters | undefined;
  readonly counters: Counters;
  readonly output: {rows(rows: Row[]): void; error(error: Error): void};
}

/**
 * WHERE and SELECT of a rule without a window, as one loop: each row that passes makes a result of its own, in the order of arrival.
 *
 * A row that fails is counted on the node that failed it and costs no other row. Stateless.
 */
export class Project implements Operator<Batch> {
  readonly name = 'project';
  readonly #parts: ProjectParts;
  #batches = 0;

  constructor(parts: ProjectParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {run, counters} = this.#parts;
    if ((this.#batches++ & measuredMask) !== 0) {
      run(batch, this);
      return;
    }
    const started = performance.now();
    run(batch, this);
    counters.latencyUs = Math.round((performance.now() - started) * 1000);
  }

  /** Called by the loop once at its end: rows that passed WHERE, and results not handed on yet. */
  finish({rows, timestamps}: Batch, kept: number, results: Row[]): void {
    const {filter, numbering, counters, output} = this.#parts;
    const count = rows.length;
    const at = timestamps[count - 1] ?? 0;
    if (filter !== undefined) {
      filter.recordsIn += count;
      filter.recordsOut += kept;
      filter.messagesProcessed += count;
      filter.lastInvocationAt = at;
    }
    if (kept === 0) return;
    if (numbering !== undefined) {
      numbering.recordsIn += kept;
      numbering.recordsOut += kept;
      numbering.messagesProcessed += kept;
      numbering.lastInvocationAt = at;
    }
    counters.recordsIn += kept;
    counters.messagesProcessed += kept;
    counters.lastInvocationAt = at;
    if (results.length > 0) {
      counters.recordsOut += results.length;
      output.rows(results);
    }
  }

  /** Called by the loop for a row that failed. Hands on `results` first, so that errors and rows keep their order; gives a new list. */
  fail(thrown: unknown, position: number, results: Row[], at: number): Row[] {
    const {filter, counters, output, labels} = this.#parts;
    const error = labelled(thrown, labels[position]!);
    (position === 0 && filter !== undefined ? filter : counters).fail(error.message, at);
    if (results.length > 0) {
      counters.recordsOut += results.length;
      output.rows(results);
      results = [];
    }
    output.error(error);
    return results;
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
