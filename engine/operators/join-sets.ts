import type {Metadata, Row} from '#engine/values/value.ts';
import {comparable, type HashIndex, type HashKeys, hashIndex, hashKeys, type KeyOf} from './join-key.ts';
import {joinedMetadata, type Tuple, TupleList, type TupleSet, withRow} from './tuple.ts';

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'cross';

/** Generated: whether a tuple that holds both sides, with the metadata of both, passes; may throw. */
export type PairTest = (tuple: Tuple, metadata: Metadata | undefined) => boolean;

/** What generated code knows of one join. */
export interface JoinCondition {
  /** How many equalities between the two sides stand at the head of ON; 0: there is nothing to hash by. */
  readonly keyCount: number;
  readonly leftKey: KeyOf;
  readonly rightKey: KeyOf;
  /** The rest of ON for tuples whose keys are equal; undefined: nothing remains. */
  readonly rest: PairTest | undefined;
  /** All of ON; undefined: every pair matches. */
  readonly on: PairTest | undefined;
}

export interface JoinSpec extends JoinCondition {
  readonly type: JoinType;
  /** The place of the right rows in a tuple. */
  readonly position: number;
}

/** Finds the matches of the tuples of one side, the outer, among those of the other, in their order. */
interface Finder {
  /** The first match of `outer` after `inner` (−1: from the start), −1 when there is none; the pair is in `pair` then. */
  next(outer: number, inner: number): number;
  pair: Tuple;
}

/** A hash index of a set that stays the same over many joins: the rows of a table. */
export interface IndexCache {
  set: TupleSet | undefined;
  index: HashIndex | undefined;
}

/**
 * Joins two sets. Pairs come in the order of the left side, of the right for RIGHT; FULL appends the right tuples without a match.
 *
 * With equalities the inner side is hashed once and each outer tuple looks up its matches (a classic hash join); the rest of ON is tested on
 * those only. A result is the one of nested loops in every case: where hashing would not compare as `=` does, or a key fails, all pairs
 * are tested.
 */
export function joinSets(left: TupleSet, right: TupleSet, spec: JoinSpec, cache?: IndexCache): TupleSet {
  const isRight = spec.type === 'right';
  const [outer, inner] = isRight ? [right, left] : [left, right];
  const finder = hashFinder(outer, inner, spec, cache) ?? new LoopFinder(outer, inner, spec);
  const result = new TupleList();
  const keepsOuter = spec.type !== 'inner' && spec.type !== 'cross';
  const matched = spec.type === 'full' ? new Uint8Array(inner.tuples.length) : undefined;
  for (let o = 0; o < outer.tuples.length; o++) {
    let i = finder.next(o, -1);
    if (i < 0 && keepsOuter) result.take(outer, o);
    for (; i >= 0; i = finder.next(o, i)) {
      if (matched !== undefined) matched[i] = 1;
      const times = isRight ? inner.timestamps[i]! : outer.timestamps[o]!;
      result.add(finder.pair, joinedMetadata(outer.metadata[o], inner.metadata[i]), times);
    }
  }
  matched?.forEach((isMatched, i) => {
    if (isMatched === 0) result.take(inner, i);
  });
  return result;
}

function hashFinder(outer: TupleSet, inner: TupleSet, spec: JoinSpec, cache: IndexCache | undefined): Finder | undefined {
  if (spec.keyCount === 0) return undefined;
  const [outerKey, innerKey] = spec.type === 'right' ? [spec.rightKey, spec.leftKey] : [spec.leftKey, spec.rightKey];
  const index = cache?.set === inner ? cache.index : indexOf(inner, innerKey, spec.keyCount);
  if (cache !== undefined) {
    cache.set = inner;
    cache.index = index;
  }
  if (index === undefined) return undefined;
  const keys = readKeys(outer, outerKey, spec.keyCount);
  return keys !== undefined && comparable(keys.kinds, index.kinds) ? new HashFinder(outer, inner, keys, index, spec) : undefined;
}

function indexOf(set: TupleSet, keyOf: KeyOf, count: number): HashIndex | undefined {
  const keys = readKeys(set, keyOf, count);
  return keys && hashIndex(keys);
}

/** A key that fails may stand beside tuples it is never compared with: testing the pairs tells. */
function readKeys(set: TupleSet, keyOf: KeyOf, count: number): HashKeys | undefined {
  try {
    return hashKeys(set, keyOf, count);
  } catch {
    return undefined;
  }
}

class HashFinder implements Finder {
  pair: Tuple = [];
  readonly #outer: TupleSet;
  readonly #inner: TupleSet;
  readonly #keys: HashKeys;
  readonly #index: HashIndex;
  readonly #spec: JoinSpec;

  constructor(outer: TupleSet, inner: TupleSet, keys: HashKeys, index: HashIndex, spec: JoinSpec) {
    this.#outer = outer;
    this.#inner = inner;
    this.#keys = keys;
    this.#index = index;
    this.#spec = spec;
  }

  next(outer: number, inner: number): number {
    const {first, next} = this.#index;
    const {rest} = this.#spec;
    let i = inner;
    if (i >= 0) i = next[i]!;
    else {
      const key = this.#keys.keys[outer]!;
      i = key === null ? -1 : (first.get(key) ?? -1);
    }
    for (; i >= 0; i = next[i]!) {
      this.pair = pairOf(this.#outer.tuples[outer]!, this.#inner.tuples[i]!, this.#spec);
      if (rest === undefined || rest(this.pair, joinedMetadata(this.#outer.metadata[outer], this.#inner.metadata[i]))) return i;
    }
    return -1;
  }
}

/** Tests pairs in a tuple of its own and copies those that match. */
class LoopFinder implements Finder {
  pair: Tuple = [];
  readonly #outer: TupleSet;
  readonly #inner: TupleSet;
  readonly #spec: JoinSpec;
  #scratch: (Row | null)[] = [];
  #of = -1;

  constructor(outer: TupleSet, inner: TupleSet, spec: JoinSpec) {
    this.#outer = outer;
    this.#inner = inner;
    this.#spec = spec;
  }

  next(outer: number, inner: number): number {
    const {on, type, position} = this.#spec;
    const one = this.#outer.tuples[outer]!;
    const {tuples, metadata} = this.#inner;
    if (type !== 'right' && this.#of !== outer) this.#scratch = one.slice();
    this.#of = outer;
    for (let i = inner + 1; i < tuples.length; i++) {
      if (on !== undefined) {
        if (type === 'right') this.#scratch = withRow(tuples[i]!, position, one[position]!) as (Row | null)[];
        else this.#scratch[position] = tuples[i]![position]!;
        if (!on(this.#scratch, joinedMetadata(this.#outer.metadata[outer], metadata[i]))) continue;
      }
      this.pair = pairOf(one, tuples[i]!, this.#spec);
      return i;
    }
    return -1;
  }
}

function pairOf(outer: Tuple, inner: Tuple, {type, position}: JoinSpec): Tuple {
  return type === 'right' ? withRow(inner, position, outer[position]!) : withRow(outer, position, inner[position]!);
}
