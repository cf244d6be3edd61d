import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {type IndexCache, type JoinSpec, type JoinType, joinSets} from '#engine/operators/join-sets.ts';
import {type Tuple, TupleList, type TupleSet} from '#engine/operators/tuple.ts';
import {equal} from '#engine/values/comparison.ts';
import type {Row, Value} from '#engine/values/value.ts';

const types: readonly JoinType[] = ['inner', 'left', 'right', 'full', 'cross'];
const [leftPlace, rightPlace] = [0, 1];

const leftOf = (tuple: Tuple): Row => tuple[leftPlace] ?? {};
const rightOf = (tuple: Tuple): Row => tuple[rightPlace] ?? {};
const member = (row: Row, name: string): Value => row[name] ?? null;

/** ON l.a = r.a [AND l.b = r.b] [AND l.n < r.n] */
function specOf(type: JoinType, keyCount: number, hasRest: boolean): JoinSpec {
  const names = ['a', 'b'].slice(0, keyCount);
  const rest = hasRest ? (tuple: Tuple) => Number(member(leftOf(tuple), 'n')) < Number(member(rightOf(tuple), 'n')) : undefined;
  const keyOf = (row: Row): Value => {
    const values = names.map(name => member(row, name));
    return values.length === 1 ? values[0]! : values;
  };
  return {
    type,
    position: rightPlace,
    keyCount: type === 'cross' ? 0 : keyCount,
    leftKey: tuple => keyOf(leftOf(tuple)),
    rightKey: tuple => keyOf(rightOf(tuple)),
    rest,
    on:
      type === 'cross'
        ? undefined
        : tuple =>
            names.every(name => equal(member(leftOf(tuple), name), member(rightOf(tuple), name))) && (rest === undefined || rest(tuple)),
  };
}

function setOf(rows: readonly Row[], place: number): TupleSet {
  const set = new TupleList();
  for (const [i, row] of rows.entries()) set.add(place === leftPlace ? [row, null] : [null, row], undefined, i);
  return set;
}

/** The plainest reading: all pairs, in order. */
function nestedLoops(left: readonly Row[], right: readonly Row[], {type, on}: JoinSpec): Tuple[] {
  const matches = (l: Row, r: Row): boolean => on === undefined || on([l, r], undefined);
  const result: Tuple[] = [];
  if (type === 'right') {
    for (const r of right) {
      const found = left.filter(l => matches(l, r));
      result.push(...(found.length > 0 ? found.map((l): Tuple => [l, r]) : [[null, r] as Tuple]));
    }
    return result;
  }
  const matched = new Set<Row>();
  for (const l of left) {
    const found = right.filter(r => matches(l, r));
    for (const r of found) matched.add(r);
    result.push(...found.map((r): Tuple => [l, r]));
    if (found.length === 0 && (type === 'left' || type === 'full')) result.push([l, null]);
  }
  if (type === 'full') result.push(...right.filter(r => !matched.has(r)).map((r): Tuple => [null, r]));
  return result;
}

function outcome(run: () => readonly Tuple[]): unknown {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof EvaluationError) return thrown.message;
    throw thrown;
  }
}

const text = fc.constantFrom<Value>('x', 'y', '', '1', null);
const number = fc.constantFrom<Value>(1, 2, 0, -0, 1n, 2n, 1.5, null, 2n ** 60n, 1e300);
const odd = fc.oneof(text, number, fc.constantFrom<Value>(true, false, Number.NaN, ['x'], {x: 1}));
const rowsOf = (key: fc.Arbitrary<Value>) =>
  fc.array(fc.record({a: key, b: key, n: fc.constantFrom(0, 1, 2)}, {requiredKeys: ['n']}) as fc.Arbitrary<Row>, {maxLength: 8});
const feeds = fc.oneof(
  ...[text, number, odd].map(key => fc.tuple(rowsOf(key), rowsOf(key))),
  fc.tuple(rowsOf(text), rowsOf(number)),
  fc.tuple(rowsOf(odd), rowsOf(text)),
);

describe('a hash join', () => {
  it.each(types)('gives what nested loops give, errors included: %s', type => {
    fc.assert(
      fc.property(feeds, fc.constantFrom(1, 2), fc.boolean(), ([left, right], keyCount, hasRest) => {
        const spec = specOf(type, keyCount, hasRest);
        const joined = outcome(() => joinSets(setOf(left, leftPlace), setOf(right, rightPlace), spec).tuples);
        expect(joined).toEqual(outcome(() => nestedLoops(left, right, spec)));
      }),
      {numRuns: 400},
    );
  });

  it('tests no pair but those of one key', () => {
    const rows = (n: number): Row[] => Array.from({length: n}, (_, i) => ({a: `k${i}`, n: i}));
    let tested = 0;
    const spec: JoinSpec = {
      ...specOf('inner', 1, false),
      rest: () => {
        tested++;
        return true;
      },
      on: () => {
        throw new Error('all of ON is for nested loops');
      },
    };
    expect(joinSets(setOf(rows(1000), leftPlace), setOf(rows(500), rightPlace), spec).tuples).toHaveLength(500);
    expect(tested).toBe(500);
  });

  it('hashes a set that stays the same once', () => {
    let read = 0;
    const plain = specOf('inner', 1, false);
    const spec: JoinSpec = {
      ...plain,
      rightKey: (tuple, metadata) => {
        read++;
        return plain.rightKey(tuple, metadata);
      },
    };
    const cache: IndexCache = {set: undefined, index: undefined};
    const table = setOf([{a: 'x'}, {a: 'y'}], rightPlace);
    for (let i = 0; i < 3; i++) expect(joinSets(setOf([{a: 'y'}], leftPlace), table, spec, cache).tuples).toEqual([[{a: 'y'}, {a: 'y'}]]);
    expect(read).toBe(2);
    const changed = setOf([{a: 'y', n: 1}], rightPlace);
    expect(joinSets(setOf([{a: 'y'}], leftPlace), changed, spec, cache).tuples).toEqual([[{a: 'y'}, {a: 'y', n: 1}]]);
    expect(read).toBe(3);
  });

  it('keeps the time and metadata of the left row, of the right one where there is none', () => {
    const left = new TupleList();
    left.add([{a: 1}, null], {l: {topic: 'tl'}}, 10);
    const right = new TupleList();
    right.add([null, {a: 1}], {r: {topic: 'tr'}}, 20);
    right.add([null, {a: 2}], {r: {topic: 'tr'}}, 21);
    const {timestamps, metadata} = joinSets(left, right, specOf('full', 1, false));
    expect(timestamps).toEqual([10, 21]);
    expect(metadata).toEqual([{l: {topic: 'tl'}, r: {topic: 'tr'}}, {r: {topic: 'tr'}}]);
  });
});
