import {describe, expect, it} from 'vitest';
import {type Coercion, toBoolean, toBytes, toFloat, toInt, toStringValue, typed, untyped} from '#engine/values/coercion.ts';
import {any, float, int} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';

const fails = Symbol('fails');

function outcome(convert: () => unknown): unknown {
  try {
    return convert();
  } catch {
    return fails;
  }
}

describe('toInt', () => {
  const cases: readonly [value: Value, strict: unknown, sameKind: unknown, all: unknown][] = [
    [3n, 3n, 3n, 3n],
    [3, 3n, 3n, 3n],
    [101.5, fails, 101n, 101n],
    [-101.5, fails, -101n, -101n],
    [1e300, fails, fails, fails],
    [Number.NaN, fails, fails, fails],
    ['42', fails, fails, 42n],
    ['-0x1F', fails, fails, -31n],
    ['0b101', fails, fails, 5n],
    ['0o17', fails, fails, 15n],
    ['017', fails, fails, 15n],
    ['1_000', fails, fails, 1000n],
    ['9223372036854775807', fails, fails, 9223372036854775807n],
    ['9223372036854775808', fails, fails, fails],
    ['1.5', fails, fails, fails],
    ['', fails, fails, fails],
    ['1'.repeat(1_000_000), fails, fails, fails],
    [true, fails, fails, 1n],
    [null, fails, fails, 0n],
    [[1], fails, fails, fails],
  ];
  it.each(cases)('of %s', (value, ...expected) => {
    const levels: readonly Coercion[] = ['strict', 'same-kind', 'all'];
    expect(levels.map(level => outcome(() => toInt(value, level)))).toEqual(expected);
  });

  it('says what could not be converted', () => expect(() => toInt('abc', 'all')).toThrow('cannot convert string(abc) to int'));
});

describe('toFloat', () => {
  const cases: readonly [value: Value, strict: unknown, sameKind: unknown, all: unknown][] = [
    [1.5, 1.5, 1.5, 1.5],
    [3n, fails, 3, 3],
    ['2.5e-3', fails, fails, 0.0025],
    ['1,5', fails, fails, fails],
    ['', fails, fails, fails],
    ['NaN', fails, fails, fails],
    ['1e400', fails, fails, fails],
    [true, fails, fails, 1],
    [null, fails, fails, 0],
    [{}, fails, fails, fails],
  ];
  it.each(cases)('of %s', (value, ...expected) => {
    const levels: readonly Coercion[] = ['strict', 'same-kind', 'all'];
    expect(levels.map(level => outcome(() => toFloat(value, level)))).toEqual(expected);
  });
});

describe('toBoolean with all', () => {
  const cases: readonly [value: Value, expected: unknown][] = [
    [1n, true],
    [-0.5, true],
    [0, false],
    ['T', true],
    ['F', false],
    ['yes', fails],
    ['', fails],
    [null, false],
    [[], fails],
  ];
  it.each(cases)('of %s', (value, expected) => expect(outcome(() => toBoolean(value, 'all'))).toBe(expected));
});

it('takes only strings for strings below all', () => {
  expect(outcome(() => toStringValue(1n, 'same-kind'))).toBe(fails);
  expect(toStringValue(1e6, 'all')).toBe('1000000');
});

it('reads base64 as bytes and keeps other text as its own bytes', () => {
  expect(toBytes('Ynl0ZWE=', 'all')).toEqual(new Uint8Array(Buffer.from('bytea')));
  expect(toBytes('plain text!', 'all')).toEqual(new Uint8Array(Buffer.from('plain text!')));
  expect(outcome(() => toBytes(1n, 'all'))).toBe(fails);
});

it('converts ints between the typed and the untyped form', () => {
  expect(untyped(5, int)).toBe(5n);
  expect(untyped(5, float)).toBe(5);
  expect(untyped(null, int)).toBe(null);
  expect(typed(5n, int)).toBe(5);
  expect(typed(2n ** 60n, int)).toBe(2n ** 60n);
  expect(typed(5n, any)).toBe(5n);
});
