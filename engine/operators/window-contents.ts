import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row, Value} from '#engine/values/value.ts';
import type {Batch} from './operator.ts';

/** What a window holds while it is open: rows, or what has been made of them. */
export interface WindowContents {
  /** Takes rows `from` to `to` (exclusive) of a batch. */
  add(batch: Batch, from: number, to: number): void;
  /** Hands on what was added as one firing, and begins afresh. */
  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void;
  /** Plain data, independent of what happens afterwards. */
  snapshot(): unknown;
  restore(state: unknown): void;
}

/**
 * What a window holds whose spans overlap: rows, or panes of what has been made of them. Rows come in the order of their time.
 */
export interface SlidingContents {
  /** Takes rows `from` to `to` (exclusive) of a batch. */
  add(batch: Batch, from: number, to: number): void;
  /** Ends a pane: what was added since the last cut is forgotten as a whole. */
  cut(): void;
  /** Forgets panes whose last row is older than `limit`, or as old where `includesLimit`. */
  evict(limit: Timestamp, includesLimit: boolean): void;
  /** Forgets the oldest panes while the others hold at least `rowCount` rows. */
  keep(rowCount: number): void;
  /** Hands on what is held as one firing, and goes on holding it. */
  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void;
  /** Plain data, independent of what happens afterwards. */
  snapshot(): unknown;
  restore(state: unknown): void;
}

/**
 * A group of rows, or one row of a window, while the clauses after the window look at it. Its members are the generated code's: columns of
 * the first row, states and results of aggregates, aliases evaluated so far.
 */
export interface Item {
  [member: string]: unknown;
  /** Values of ORDER BY. */
  keys?: readonly Value[];
  /** How often HAVING was true before this item, where something asks for it. */
  hits?: {count: number; atMs: number};
}

/** The items of one firing. */
export interface Firing {
  readonly items: readonly Item[];
  /** Holds the aggregates of a firing whose items are rows. */
  readonly summary: Item | undefined;
  readonly end: Timestamp;
}

/** Generated functions of one rule for what follows its window. Each may throw; `position` then tells the label of the failure. */
export interface WindowProgram {
  /** Adds rows to the groups of a table; failures go to the table. */
  accumulate(
    table: GroupSink,
    rows: readonly Row[],
    metadata: readonly (Metadata | undefined)[],
    timestamps: readonly Timestamp[],
    from: number,
    to: number,
  ): void;
  /** Computes the results of a group's aggregates. */
  seal(group: Item): void;
  /** A new group of the rows of both; `later` undefined: a copy. Only where every aggregate merges. */
  merge(earlier: Item, later: Item | undefined): Item;
  /** The group of a window without rows. */
  empty(): Item;
  /** The rows of a window that WHERE keeps. */
  items(
    rows: readonly Row[],
    metadata: readonly (Metadata | undefined)[],
    timestamps: readonly Timestamp[],
    summary: Item | undefined,
  ): Item[];
  having(item: Item): boolean;
  keys(item: Item): readonly Value[];
  /** By window function: where an item stands, for those with an OVER. */
  readonly places?: readonly ((item: Item) => {readonly partition: string; readonly keys: readonly Value[]})[];
  project(item: Item): Row;
  position(): number;
}

/** Where generated code puts groups. Keys are texts, or numbers where the only key is a numeric column. */
export interface GroupSink {
  readonly groups: Map<string | number, Item>;
  fail(thrown: unknown, position: number): void;
}
