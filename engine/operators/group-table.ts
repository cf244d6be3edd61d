import type {Timestamp} from '#engine/base/clock.ts';
import {copyState} from './copy-state.ts';
import {fireGroups, type GroupFailure, type GroupFiringParts} from './group-firing.ts';
import type {Batch} from './operator.ts';
import {labelled} from './row-failure.ts';
import type {GroupSink, Item, WindowContents} from './window-contents.ts';

interface TableState {
  readonly groups: readonly (readonly [string | number, Item])[];
  readonly failure: GroupFailure | undefined;
}

/**
 * GROUP BY with aggregates in accumulator form: per group the states of its aggregates and the columns of its first row that later clauses
 * read; no rows. Groups are handed on in the order of their first rows.
 *
 * A row that fails spoils the open window, as a failing row in a list of rows would: the firing is then the failure alone.
 */
export class GroupTable implements WindowContents, GroupSink {
  groups = new Map<string | number, Item>();
  readonly #parts: GroupFiringParts;
  #failure: GroupFailure | undefined;

  constructor(parts: GroupFiringParts) {
    this.#parts = parts;
  }

  add({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    if (this.#failure === undefined && from < to) this.#parts.program.accumulate(this, rows, metadata, timestamps, from, to);
  }

  fail(thrown: unknown, position: number): void {
    const {message} = labelled(thrown, this.#parts.labels[position]!);
    this.#failure = {message, position};
  }

  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void {
    const window = {groups: [...this.groups.values()], failure: this.#failure, start, end, trigger};
    // Before handing on: a snapshot taken downstream must not hold these groups twice.
    this.groups = new Map();
    this.#failure = undefined;
    fireGroups(window, this.#parts);
  }

  snapshot(): TableState {
    return {groups: copyState([...this.groups]), failure: this.#failure};
  }

  restore(state: unknown): void {
    const {groups, failure} = state as TableState;
    this.groups = new Map(copyState(groups));
    this.#failure = failure;
  }
}
