import type {Metadata, Row, Value} from '#engine/values/value.ts';
import type {JoinStep} from './join.ts';
import type {PairTest} from './join-sets.ts';
import {type Tuple, TupleList, type TupleSet, withRow} from './tuple.ts';

/** Gives the rows of a table whose key columns have the values; a promise where another system has to be asked. */
export type Find = (values: readonly Value[]) => readonly Row[] | Promise<readonly Row[]>;

export interface LookupJoinParts {
  /** Tuples without a match stay; else they go. */
  readonly keepsLeft: boolean;
  /** The place of the table's rows in a tuple. */
  readonly position: number;
  /** Generated: the values of the key columns, in the untyped form. */
  readonly values: (tuple: Tuple, metadata: Metadata | undefined) => readonly Value[];
  /** The rest of ON; undefined: nothing remains. */
  readonly rest: PairTest | undefined;
  readonly find: Find;
}

/**
 * A join with a lookup table: each tuple asks the table for the rows of its key. A key with a null matches nothing and is not asked for. All
 * tuples of a firing ask at once.
 */
export class LookupJoin implements JoinStep {
  readonly #parts: LookupJoinParts;

  constructor(parts: LookupJoinParts) {
    this.#parts = parts;
  }

  join(left: TupleSet): TupleSet | Promise<TupleSet> {
    const {values, find} = this.#parts;
    let waits = false;
    const answers = left.tuples.map((tuple, i) => {
      const key = values(tuple, left.metadata[i]);
      const answer = key.includes(null) ? [] : find(key);
      waits ||= answer instanceof Promise;
      return answer;
    });
    if (!waits) return this.#merge(left, answers as (readonly Row[])[]);
    return Promise.all(answers).then(rows => this.#merge(left, rows));
  }

  #merge(left: TupleSet, answers: readonly (readonly Row[])[]): TupleSet {
    const {keepsLeft, position, rest} = this.#parts;
    const result = new TupleList();
    for (const [i, rows] of answers.entries()) {
      let isMatched = false;
      for (const row of rows) {
        const tuple = withRow(left.tuples[i]!, position, row);
        if (rest !== undefined && !rest(tuple, left.metadata[i])) continue;
        isMatched = true;
        result.add(tuple, left.metadata[i], left.timestamps[i]!);
      }
      if (!isMatched && keepsLeft) result.take(left, i);
    }
    return result;
  }
}
