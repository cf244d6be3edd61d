import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row} from '#engine/values/value.ts';

/**
 * A row of a rule that reads several sources: the rows of the sources side by side, in the order of the plan's sources, null where there is
 * none.
 *
 *     before the join   [reading, null]   [null, alarm]
 *     after it          [reading, alarm]  [reading, null] where LEFT found no match
 *
 * Rows are never merged, so that equal names do not collide and a join copies references only. Windows, buffers and filters pass tuples on
 * as they pass rows on: only generated code looks inside. A rule of one source has plain rows and knows nothing of tuples.
 */
export type Tuple = readonly (Row | null)[];

/** A tuple where rows travel. */
export function asRow(tuple: Tuple): Row {
  return tuple as unknown as Row;
}

/** The tuple behind a row of a rule with several sources. */
export function asTuple(row: Row): Tuple {
  return row as unknown as Tuple;
}

/** Tuples where rows travel. */
export function rowsOf(tuples: readonly Tuple[]): readonly Row[] {
  return tuples as unknown as readonly Row[];
}

/** The tuples behind rows of a rule with several sources. */
export function tuplesOf(rows: readonly Row[]): readonly Tuple[] {
  return rows as unknown as readonly Tuple[];
}

/** Tuples with what belongs to each. The metadata of a tuple holds that of its rows by source; the list may be shorter or have holes. */
export interface TupleSet {
  readonly tuples: readonly Tuple[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
}

/** A set under construction. */
export class TupleList implements TupleSet {
  tuples: Tuple[] = [];
  readonly metadata: (Metadata | undefined)[] = [];
  timestamps: Timestamp[] = [];

  add(tuple: Tuple, metadata: Metadata | undefined, timestamp: Timestamp): void {
    // Few rules read metadata: those that do not carry none.
    if (metadata !== undefined) this.metadata[this.tuples.length] = metadata;
    if (this.tuples.length === 0) {
      // A set of one, as where each row is joined by itself, has no room to spare.
      this.tuples = [tuple];
      this.timestamps = [timestamp];
      return;
    }
    this.tuples.push(tuple);
    this.timestamps.push(timestamp);
  }

  /** Adds entry `i` of another set as it is. */
  take(set: TupleSet, i: number): void {
    this.add(set.tuples[i]!, set.metadata[i], set.timestamps[i]!);
  }
}

export const noTuples: TupleSet = new TupleList();

/** The tuple with `row` in place `position`. */
export function withRow(tuple: Tuple, position: number, row: Row | null): Tuple {
  const copy = tuple.slice();
  copy[position] = row;
  return copy;
}

/** Metadata of two tuples that become one. */
export function joinedMetadata(left: Metadata | undefined, right: Metadata | undefined): Metadata | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return {...left, ...right};
}
