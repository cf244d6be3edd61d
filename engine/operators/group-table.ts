import type {Timestamp} from '#engine/base/clock.ts';
import {copyState} from './copy-state.ts';
import type {Counters} from './counters.ts';
import type {Batch, Output} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';
import {type BoundsScope, enterWindow} from './window-bounds.ts';
import type {Firing, GroupSink, Item, WindowContents, WindowProgram} from './window-contents.ts';

/** What grouping is made of. */
export interface GroupTableParts {
  readonly program: WindowProgram;
  readonly labels: FailureLabels;
  readonly scope: BoundsScope | undefined;
  /** False where rows are groups of their own: functions then see no window. */
  readonly isWindow: boolean;
  /** What a window without rows gives: one group of nulls, or nothing. */
  readonly firesEmpty: boolean;
  /** The node that failures and firings are counted on; `filter` for those of a WHERE over the window's rows. */
  readonly counters: Counters | undefined;
  readonly failures: Counters;
  readonly filter: Counters | undefined;
  readonly output: Output<Firing>;
}

interface TableState {
  readonly groups: readonly (readonly [string | number, Item])[];
  readonly failure: {readonly message: string; readonly position: number} | undefined;
}

/**
 * GROUP BY with aggregates in accumulator form: per group the states of its aggregates and the columns of its first row that later clauses
 * read; no rows. Groups are handed on in the order of their first rows.
 *
 * A row that fails spoils the open window, as a failing row in a list of rows would: the firing is then the failure alone.
 */
export class GroupTable implements WindowContents, GroupSink {
  groups = new Map<string | number, Item>();
  readonly #parts: GroupTableParts;
  #failure: TableState['failure'];

  constructor(parts: GroupTableParts) {
    this.#parts = parts;
  }

  add({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    if (this.#failure === undefined && from < to) this.#parts.program.accumulate(this, rows, metadata, timestamps, from, to);
  }

  fail(thrown: unknown, position: number): void {
    const {message} = labelled(thrown, this.#parts.labels[position]!);
    this.#failure = {message, position};
  }

  fire(start: Timestamp, end: Timestamp): void {
    const {counters, filter, firesEmpty, failures, output} = this.#parts;
    const {groups} = this;
    const failure = this.#failure;
    this.groups = new Map();
    this.#failure = undefined;
    if (filter !== undefined) {
      count(filter, end);
      if (failure?.position === 0) {
        this.#report(failure.message, filter, end);
        return;
      }
      if (groups.size > 0) filter.recordsOut++;
    }
    if (failure === undefined && groups.size === 0 && !firesEmpty) return;
    if (counters !== undefined) count(counters, end);
    const sealed = failure ?? this.#seal(groups, start, end);
    if ('message' in sealed) {
      this.#report(sealed.message, failures, end);
      return;
    }
    if (counters !== undefined) counters.recordsOut++;
    output.emit(sealed);
  }

  snapshot(): TableState {
    return {groups: copyState([...this.groups]), failure: this.#failure};
  }

  restore(state: unknown): void {
    const {groups, failure} = state as TableState;
    this.groups = new Map(copyState(groups));
    this.#failure = failure;
  }

  /** The finished groups, or why there are none. */
  #seal(groups: ReadonlyMap<string | number, Item>, start: Timestamp, end: Timestamp): Firing | {readonly message: string} {
    const {program, labels, scope, isWindow} = this.#parts;
    if (isWindow) enterWindow(scope, start, end);
    else if (scope !== undefined) scope.timestamp = end;
    if (groups.size === 0) return {items: [program.empty()], summary: undefined, end};
    try {
      const items = [...groups.values()];
      for (const group of items) program.seal(group);
      return {items, summary: undefined, end};
    } catch (thrown) {
      return labelled(thrown, labels[program.position()]!);
    }
  }

  #report(message: string, counters: Counters, at: Timestamp): void {
    counters.fail(message, at);
    this.#parts.output.fail(labelled(message, ''));
  }
}

function count(counters: Counters, at: Timestamp): void {
  counters.recordsIn++;
  counters.messagesProcessed++;
  counters.lastInvocationAt = at;
}
