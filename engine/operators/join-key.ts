import type {Metadata, Value} from '#engine/values/value.ts';
import type {Tuple, TupleSet} from './tuple.ts';

/** Generated: the values of one side of the equalities of ON, one by itself, several as a list. */
export type KeyOf = (tuple: Tuple, metadata: Metadata | undefined) => Value;

/** Keys that can be compared by hashing. */
export interface HashKeys {
  /** One for each tuple: null where the tuple can match nothing. */
  readonly keys: readonly (string | number | boolean | null)[];
  readonly kinds: KeyKinds;
}

/** The type of each value of a key; undefined: none of the set had one that is not null. */
export type KeyKinds = readonly (string | undefined)[];

/** Whether equality of the keys of two sides is equality of their values: no position compares two types. */
export function comparable(left: KeyKinds, right: KeyKinds): boolean {
  return left.every((kind, i) => kind === undefined || right[i] === undefined || kind === right[i]);
}

/**
 * Reads the keys of a set, or undefined when hashing would not compare as `=` does: values of one column are of several types, or of a type
 * whose equality is not that of its text (datetimes, arrays, objects, whole numbers beyond 2^53).
 */
export function hashKeys(set: TupleSet, keyOf: KeyOf, count: number): HashKeys | undefined {
  return count === 1 ? singleKeys(set, keyOf) : compositeKeys(set, keyOf, count);
}

function singleKeys({tuples, metadata}: TupleSet, keyOf: KeyOf): HashKeys | undefined {
  const keys: (string | number | boolean | null)[] = new Array(tuples.length);
  let kind: string | undefined;
  for (let at = 0; at < tuples.length; at++) {
    let key = keyOf(tuples[at]!, metadata[at]);
    if (typeof key === 'bigint') key = Number(key);
    const own = kindOf(key);
    if (own === undefined || (own !== 'null' && kind !== undefined && own !== kind)) return undefined;
    if (own !== 'null') kind = own;
    keys[at] = key as string | number | boolean | null;
  }
  return {keys, kinds: [kind]};
}

/** Texts of several values are joined with their lengths in front, so that no two lists share one. */
function compositeKeys({tuples, metadata}: TupleSet, keyOf: KeyOf, count: number): HashKeys | undefined {
  const keys: (string | null)[] = [];
  const kinds: (string | undefined)[] = new Array(count).fill(undefined);
  for (let at = 0; at < tuples.length; at++) {
    const values = keyOf(tuples[at]!, metadata[at]) as readonly Value[];
    let text: string | null = '';
    for (let i = 0; i < count; i++) {
      const value = typeof values[i] === 'bigint' ? Number(values[i]) : values[i]!;
      const own = kindOf(value);
      if (own === undefined || (own !== 'null' && kinds[i] !== undefined && own !== kinds[i])) return undefined;
      if (own === 'null') text = null;
      else kinds[i] = own;
      if (text !== null) {
        // -0 and 0 are equal and have one text.
        const part = String(value);
        text += `${part.length}:${part}`;
      }
    }
    keys.push(text);
  }
  return {keys, kinds};
}

function kindOf(value: Value): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isNaN(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER ? undefined : 'number';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : undefined;
}

/** Tuples by key: those of one key are chained in their order. */
export interface HashIndex {
  readonly first: ReadonlyMap<string | number | boolean, number>;
  /** The tuple after each with the same key; −1 after the last. */
  readonly next: Int32Array;
  readonly kinds: KeyKinds;
}

export function hashIndex({keys, kinds}: HashKeys): HashIndex {
  const first = new Map<string | number | boolean, number>();
  const next = new Int32Array(keys.length);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    if (key === null) continue;
    next[i] = first.get(key) ?? -1;
    first.set(key, i);
  }
  return {first, next, kinds};
}
