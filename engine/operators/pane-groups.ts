import type {Timestamp} from '#engine/base/clock.ts';
import {copyState} from './copy-state.ts';
import {fireGroups, type GroupFailure, type GroupFiringParts} from './group-firing.ts';
import type {Batch} from './operator.ts';
import {QueueList} from './queue-list.ts';
import {labelled} from './row-failure.ts';
import {TwoStacks, type TwoStacksState} from './two-stacks.ts';
import type {GroupSink, Item, SlidingContents} from './window-contents.ts';

type Key = string | number;

/** Rows between two cuts. */
interface Pane {
  /** Time of its last row. */
  readonly last: Timestamp;
  readonly rowCount: number;
  /** Of the groups that have rows in it: the one, or a list. */
  readonly keys: Key | readonly Key[];
  readonly failure: GroupFailure | undefined;
}

interface PaneGroupsState {
  readonly open: readonly (readonly [Key, Item])[];
  readonly openRows: number;
  readonly openLast: Timestamp;
  readonly openFailure: GroupFailure | undefined;
  readonly panes: readonly Pane[];
  readonly groups: readonly (readonly [Key, TwoStacksState<Item>])[];
}

/**
 * GROUP BY with aggregates over windows that overlap, without going through the rows again at each firing.
 *
 * Rows are accumulated into panes (Li et al., "No pane, no gain", SIGMOD Record 2005), the longest stretches that every window takes whole
 * or not at all; of a sliding window that fires at each row each is one. Each group keeps its panes in two stacks, so that a row costs a constant number of
 * merges on average and a firing one for each group, however long the window is. Only for aggregates that merge and whose state does not
 * grow with the rows.
 *
 * A row that fails spoils its pane, and with it each firing that holds the pane. State: the panes.
 */
export class PaneGroups implements SlidingContents, GroupSink {
  /** Of the open pane. */
  groups = new Map<Key, Item>();
  readonly #parts: GroupFiringParts;
  readonly #merge: (earlier: Item, later: Item) => Item;
  #stacks = new Map<Key, TwoStacks<Item>>();
  #panes = new QueueList<Pane>();
  #rowCount = 0;
  #openRows = 0;
  #openLast: Timestamp = 0;
  #openFailure: GroupFailure | undefined;
  /** How many of the panes have one. */
  #failures = 0;

  constructor(parts: GroupFiringParts) {
    this.#parts = parts;
    this.#merge = (earlier, later) => parts.program.merge(earlier, later);
  }

  /** Of the panes that are cut. */
  get rowCount(): number {
    return this.#rowCount;
  }

  get oldestRowCount(): number {
    return this.#panes.first?.rowCount ?? 0;
  }

  add({rows, metadata, timestamps}: Batch, from: number, to: number): void {
    if (from >= to) return;
    this.#openRows += to - from;
    this.#openLast = timestamps[to - 1]!;
    if (this.#openFailure === undefined) this.#parts.program.accumulate(this, rows, metadata, timestamps, from, to);
  }

  fail(thrown: unknown, position: number): void {
    const {message} = labelled(thrown, this.#parts.labels[position]!);
    this.#openFailure = {message, position};
  }

  cut(): void {
    if (this.#openRows === 0) return;
    for (const [key, item] of this.groups) this.#stacksOf(key).push(item);
    this.#panes.push(this.#close());
  }

  /** Makes the oldest pane anew of the rows that are left of it; no pane is open. */
  remakeOldest(rows: Batch): void {
    const oldest = this.#panes.first!;
    this.#leave(oldest);
    this.add(rows, 0, rows.rows.length);
    for (const [key, item] of this.groups) this.#stacksOf(key).unshift(item);
    this.#panes.replaceFirst(this.#close());
  }

  evict(limit: Timestamp, includesLimit: boolean): void {
    for (let pane = this.#panes.first; pane !== undefined; pane = this.#panes.first) {
      if (includesLimit ? pane.last > limit : pane.last >= limit) return;
      this.#forget(pane);
    }
  }

  keep(rowCount: number): void {
    for (let pane = this.#panes.first; pane !== undefined && this.#rowCount - pane.rowCount >= rowCount; pane = this.#panes.first) {
      this.#forget(pane);
    }
  }

  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void {
    this.cut();
    const groups: Item[] = [];
    for (const [key, stacks] of this.#stacks) {
      const {total} = stacks;
      // A copy: sealing writes results into a group, and its aliases are evaluated once a firing.
      if (total !== undefined) groups.push(this.#parts.program.merge(total, undefined));
      // Not when its last pane leaves: the group may come back before the next firing.
      else this.#stacks.delete(key);
    }
    fireGroups({groups, failure: this.#firstFailure(), start, end, trigger}, this.#parts);
  }

  snapshot(): PaneGroupsState {
    return copyState({
      open: [...this.groups],
      openRows: this.#openRows,
      openLast: this.#openLast,
      openFailure: this.#openFailure,
      panes: this.#panes.slice(),
      groups: [...this.#stacks].map(([key, stacks]) => [key, stacks.snapshot()] as const),
    });
  }

  restore(state: unknown): void {
    const {open, openRows, openLast, openFailure, panes, groups} = copyState(state as PaneGroupsState);
    this.groups = new Map(open);
    this.#openRows = openRows;
    this.#openLast = openLast;
    this.#openFailure = openFailure;
    this.#panes = new QueueList(panes);
    this.#rowCount = panes.reduce((sum, pane) => sum + pane.rowCount, 0);
    this.#failures = panes.filter(pane => pane.failure !== undefined).length;
    this.#stacks = new Map(
      groups.map(([key, saved]) => {
        const stacks = new TwoStacks(this.#merge);
        stacks.restore(saved);
        return [key, stacks];
      }),
    );
  }

  /** What was open as a pane. */
  #close(): Pane {
    const {size} = this.groups;
    const keys = size === 1 ? this.groups.keys().next().value! : [...this.groups.keys()];
    const pane = {last: this.#openLast, rowCount: this.#openRows, keys, failure: this.#openFailure};
    this.#rowCount += this.#openRows;
    if (this.#openFailure !== undefined) this.#failures++;
    this.groups.clear();
    this.#openRows = 0;
    this.#openFailure = undefined;
    return pane;
  }

  #stacksOf(key: Key): TwoStacks<Item> {
    let stacks = this.#stacks.get(key);
    if (stacks === undefined) this.#stacks.set(key, (stacks = new TwoStacks(this.#merge)));
    return stacks;
  }

  #forget(pane: Pane): void {
    this.#panes.drop(1);
    this.#leave(pane);
  }

  /** Takes the oldest pane out of the totals. */
  #leave({rowCount, failure, keys}: Pane): void {
    this.#rowCount -= rowCount;
    if (failure !== undefined) this.#failures--;
    if (typeof keys === 'object') for (const key of keys) this.#stacks.get(key)!.shift();
    else this.#stacks.get(keys)!.shift();
  }

  #firstFailure(): GroupFailure | undefined {
    if (this.#failures === 0) return undefined;
    for (let i = 0; i < this.#panes.length; i++) {
      const {failure} = this.#panes.at(i)!;
      if (failure !== undefined) return failure;
    }
    return undefined;
  }
}
