import {describe, expect, it} from 'vitest';
import {dateTime} from '#engine/values/date-time.ts';
import {decimalText, floatText} from '#engine/values/float-text.ts';
import {toPlainText, toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';

describe('toText', () => {
  const cases: readonly [value: Value, text: string][] = [
    [null, ''],
    [true, 'true'],
    ['é', 'é'],
    [1_000_000n, '1000000'],
    [9_223_372_036_854_775_807n, '9223372036854775807'],
    [100_000, '100000'],
    [999_999, '999999'],
    [1_000_000, '1e+06'],
    [-1_000_000, '-1e+06'],
    [999_999.9, '999999.9'],
    [1_684_738_889_251, '1.684738889251e+12'],
    [123_456.789, '123456.789'],
    [12_345_678, '1.2345678e+07'],
    [0.0001, '0.0001'],
    [0.000_01, '1e-05'],
    [0.000_001_23, '1.23e-06'],
    [1e21, '1e+21'],
    [1.5e300, '1.5e+300'],
    [5e-324, '5e-324'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [[1, 2n, null, [true]], '[1 2 <nil> [true]]'],
    [[], '[]'],
    [{b: 2, a: 1e6, c: null}, 'map[a:1e+06 b:2 c:<nil>]'],
    [{toJSON: 'x'}, 'map[toJSON:x]'],
    [new Uint8Array([104, 105]), '[104 105]'],
    [dateTime(1_714_979_289_500, 'UTC'), '2024-05-06 07:08:09.5 +0000 UTC'],
  ];
  it.each(cases)('prints %o as Go does', (value, text) => expect(toText(value)).toBe(text));

  it('prints null as the key form where asked', () => expect(toText(null, '<nil>')).toBe('<nil>'));
});

describe('toPlainText', () => {
  const cases: readonly [value: Value, text: string][] = [
    [1_000_000, '1000000'],
    [1e-7, '0.0000001'],
    [123_456_789_012_345_680, '123456789012345680'],
    [1.5e22, '15000000000000000000000'],
    [-1.25e-9, '-0.00000000125'],
    [-0, '-0'],
    [12.5, '12.5'],
    [[1e6, 'a', null], '[1e+06 a <nil>]'],
    [new TextEncoder().encode('Küche'), 'Küche'],
  ];
  it.each(cases)('prints %o without an exponent', (value, text) => expect(toPlainText(value)).toBe(text));
});

it('prints floats that read back as the same number', () => {
  for (let i = 0; i < 2000; i++) {
    const value = (Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 60 - 30);
    expect(Number(floatText(value))).toBe(value);
    expect(Number(decimalText(value))).toBe(value);
    expect(decimalText(value)).not.toContain('e');
  }
});
