import {describe, expect, it} from 'vitest';
import {callScalar} from '#engine/functions/call-scalar.ts';
import type {ScalarFunction} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {Value} from '#engine/values/value.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';

function call(name: string, ...values: Value[]): Value {
  return callScalar(findFunction(name) as ScalarFunction, values, scopeOfExamples);
}

const hostile = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as Value;

describe('functions of arrays and objects', () => {
  const cases: readonly [name: string, values: readonly Value[], expected: Value][] = [
    ['array_contains', [[{a: [1n, null]}], {a: [1n, null]}], true],
    ['array_contains', [[{a: [1n]}], {a: [1]}], false],
    ['array_contains', [[new Uint8Array([1])], new Uint8Array([1])], true],
    ['array_contains', [null, 1n], false],
    ['array_position', [[], 1n], -1],
    ['array_last_position', [[1n, '1', 1], '1'], 1],
    ['array_contains_any', [[[1n]], [[1n]]], true],
    ['array_contains_any', [null, [1n]], false],
    ['array_distinct', [[0, -0, '0', 0n, false]], [0, '0', 0n, false]],
    [
      'array_intersect',
      [
        [{x: 1}, 2],
        [{x: 1}, {x: 1}],
      ],
      [{x: 1}],
    ],
    ['array_union', [[{x: 1, y: 2}], [{y: 2, x: 1}]], [{x: 1, y: 2}]],
    ['array_except', [[{x: '1'}], [{x: 1}]], [{x: '1'}]],
    ['array_except', [null, [1]], null],
    ['array_remove', [[[1n], 1n], [1n]], [1n]],
    ['array_sort', [[null, 10, 9, 'b', true]], [10, 9, null, 'b', true]],
    ['array_flatten', [[[], [[1n]]]], [[1n]]],
    ['array_join', [[1e7, true, null, [1n, null]], '|', '-'], '10000000|true|-|[1 <nil>]'],
    ['array_max', [[null]], null],
    ['array_cardinality', [[]], 0n],
    ['element_at', [[], 0n], null],
    ['element_at', [hostile, 'constructor'], 1],
    ['element_at', [{a: 1}, 'toString'], null],
    ['repeat', ['x', 2], ['x', 'x']],
    ['sequence', [1n, 5n, -1n], []],
    ['sequence', [3n, 3n, -1n], [3n]],
    ['sequence', [9_223_372_036_854_775_806n, 9_223_372_036_854_775_807n], [9_223_372_036_854_775_806n, 9_223_372_036_854_775_807n]],
    ['array_map', ['length', ['fan', [1n, 2n]]], [3n, 2n]],
    ['array_map', ['isnull', [null, 0]], [true, false]],
    ['array_map', ['hour', [0, '2024-05-06 07:08:09']], [0n, 7n]],
    ['array_map', ['to_json', [{b: 1}]], ['{"b":1}']],
    ['keys', [hostile], ['__proto__', 'constructor']],
    ['object_concat', [null, {a: 1}, null], {a: 1}],
    ['object_pick', [{a: {b: {c: 1, d: 2}, e: 3}}, 'a.b.c', 'a.e'], {a: {b: {c: 1}, e: 3}}],
    ['object_pick', [{a: {b: 1, c: 2}}, 'a.b', 'a'], {a: {b: 1, c: 2}}],
    ['object_pick', [{'a.b': 1, a: {b: 2}}, 'a.b'], {'a.b': 1}],
    ['object_pick', [{a: 1}, 'toString', 'a.length'], {}],
    ['erase', [{a: 1}, 'b'], {a: 1}],
    ['zip', [[null]], {}],
    ['object_size', [null], 0],
  ];
  it.each(cases)('%s of %o', (name, values, expected) => expect(call(name, ...values)).toEqual(expected));

  const errors: readonly [name: string, values: readonly Value[], message: string][] = [
    ['array_contains', ['abc', 'a'], 'first argument should be array of interface{}'],
    ['array_intersect', [['a'], 'a'], 'second argument should be array of interface{}'],
    ['array_concat', [[1n], 'a'], 'array elements should be array'],
    ['array_max', [[1n, 'a']], 'requires int64 but found string(a)'],
    ['array_join', [['a'], 0], 'second argument should be string'],
    ['array_map', ['nothing', [1]], 'unknown built-in function: nothing.'],
    ['array_map', ['ABS', [1]], 'unknown built-in function: ABS.'],
    ['array_map', ['sum', [1]], 'first argument should be a scalar function.'],
    ['array_map', ['power', [1]], 'validate power arguments failed'],
    ['array_map', ['meta', ['topic']], 'validate meta arguments failed'],
    ['array_map', ['abs', [1, null]], 'call func abs error'],
    ['array_map', ['keys', [[]]], 'call func keys error'],
    ['element_at', [[1n], 1n], 'index out of range'],
    ['element_at', [[1n], -2n], 'index out of range'],
    ['element_at', [{a: 1}, 1n], 'second argument should be string'],
    ['repeat', ['x', -1n], 'expected 0 to 1000000'],
    ['repeat', ['x', 1_000_001n], 'expected 0 to 1000000'],
    ['repeat', ['x', 1.5], 'second argument should be int'],
    ['sequence', [0n, 9_223_372_036_854_775_807n], 'expected at most 1000000'],
    ['sequence', [0n, 1n, 0n], 'invalid step: should not be zero'],
    ['kvpair_array_to_obj', [[{key: 'a'}]], 'array item should be key-value pair'],
    ['kvpair_array_to_obj', [[{key: 1, value: 1}]], 'array item should be key-value pair'],
    ['keys', [['a']], 'the argument should be map[string]interface{}'],
    ['object', [[1n], ['a']], 'first argument should be []string'],
    ['object', [['a'], ['a', 'b']], 'the length of the arguments should be same'],
    ['zip', [[['a', 1n, 2n]]], 'each argument should be [][2]interface{}'],
    ['object_concat', [{a: 1}, [1]], 'got []interface {}'],
    ['object_construct', [true, 1], 'key bool(true) is not a string'],
    ['erase', [{a: 1}, 'a', 'b'], 'the argument number should be 2, got 3'],
  ];
  it.each(errors)('%s of %o fails', (name, values, message) => expect(() => call(name, ...values)).toThrow(message));
});

it('makes members of any name without touching the prototype', () => {
  const made = [
    call('object_concat', {}, hostile),
    call('object_construct', '__proto__', {admin: true}),
    call('object', ['__proto__'], [{admin: true}]),
    call('zip', [['__proto__', {admin: true}]]),
    call('kvpair_array_to_obj', [{key: '__proto__', value: {admin: true}}]),
    call('object_pick', hostile, '__proto__'),
    call('erase', hostile, 'constructor'),
  ];
  for (const object of made) {
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.keys(object as object)[0]).toBe('__proto__');
    expect('admin' in (object as object)).toBe(false);
  }
});

it('leaves its arguments as they are', () => {
  const list = Object.freeze([3, 1, 2]) as unknown as Value;
  for (const name of ['array_sort', 'array_shuffle', 'array_distinct', 'array_flatten']) call(name, list);
  call('array_remove', list, 1);
  expect(list).toEqual([3, 1, 2]);
});

it('finds elements of large arrays in time linear in their size', () => {
  const large = Array.from({length: 200_000}, (_, i) => `item ${i}`);
  const began = performance.now();
  expect(call('array_intersect', large, large)).toHaveLength(large.length);
  expect(call('array_except', large, large)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(3000);
});
