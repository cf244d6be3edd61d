import {describe, expect, it} from 'vitest';
import {BadValue, converters, untyped, widened, withinLimits} from '#engine/kubeedge/convert-value.ts';
import type {PropertyType} from '#engine/kubeedge/device-model.ts';
import {formatFloat} from '#engine/kubeedge/go-text.ts';
import type {Value} from '#engine/values/value.ts';

const bad = Symbol('a bad value');

describe('conversion of readings', () => {
  const cases: readonly (readonly [PropertyType, Value, unknown])[] = [
    ['int', '25', 25],
    ['int', '+25', 25],
    ['int', '-25', -25],
    ['int', '-0', 0],
    ['int', '007', 7],
    ['int', '9007199254740991', 9007199254740991],
    ['int', '9007199254740993', 9007199254740993n],
    ['int', '9223372036854775807', 9223372036854775807n],
    ['int', '-9223372036854775808', -9223372036854775808n],
    ['int', '9223372036854775808', bad],
    ['int', '9'.repeat(100_000), bad],
    ['int', '25.7', bad],
    ['int', '25.0', bad],
    ['int', '1e3', bad],
    ['int', '0x10', bad],
    ['int', '1_000', bad],
    ['int', ' 25', bad],
    ['int', '', bad],
    ['int', 'unknown', bad],
    ['int', 25.7, 25],
    ['int', -25.7, -25],
    ['int', -0.5, 0],
    ['int', 1e18, 1000000000000000000n],
    ['int', 1e19, bad],
    ['int', Number.NaN, bad],
    ['int', 5n, 5],
    ['int', 2n ** 62n, 2n ** 62n],
    ['int', 2n ** 63n, bad],
    ['int', true, 1],
    ['int', false, 0],
    ['int', {}, bad],
    ['int', [], bad],
    ['float', '25.5', 25.5],
    ['float', '25', 25],
    ['float', '+.5', 0.5],
    ['float', '5.', 5],
    ['float', '-1.5e-3', -0.0015],
    ['float', '1e400', bad],
    ['float', 'NaN', bad],
    ['float', 'Inf', bad],
    ['float', 'Infinity', bad],
    ['float', '', bad],
    ['float', '.', bad],
    ['float', '25,5', bad],
    ['float', '25.5 °C', bad],
    ['float', 25.5, 25.5],
    ['float', 25n, 25],
    ['float', true, bad],
    ['float', [], bad],
    ['string', 'on', 'on'],
    ['string', '', ''],
    ['string', 25, '25'],
    ['string', 25.5, '25.5'],
    ['string', 1e21, '1000000000000000000000'],
    ['string', 1.5e-7, '0.00000015'],
    ['string', 9007199254740993n, '9007199254740993'],
    ['string', true, bad],
    ['string', {}, bad],
    ['boolean', true, true],
    ['boolean', false, false],
    ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(word => ['boolean', word, true] as const),
    ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map(word => ['boolean', word, false] as const),
    ['boolean', 'tRUE', bad],
    ['boolean', 'yes', bad],
    ['boolean', 'ON', bad],
    ['boolean', '', bad],
    ['boolean', 1, bad],
    ['boolean', 1n, bad],
    ['bytea', 'äb', new Uint8Array([0xc3, 0xa4, 0x62])],
    ['bytea', '', new Uint8Array()],
    ['bytea', new Uint8Array([1]), new Uint8Array([1])],
    ['bytea', 5, bad],
    ['bytea', false, bad],
  ];
  it.each(cases)('%s of %o is %o', (type, value, expected) => {
    const typed = converters[type](value);
    if (expected === bad) expect(typed).toBeInstanceOf(BadValue);
    else expect(typed).toStrictEqual(expected);
  });

  it('converting again changes nothing', () => {
    for (const [type, value, expected] of cases)
      if (expected !== bad) expect(converters[type](converters[type](value) as Value)).toStrictEqual(expected);
  });
});

describe('limits', () => {
  const limited = withinLimits(converters.int, {name: 'a', type: 'int', minimum: 0, maximum: 10});
  it.each([
    ['0', 0],
    ['10', 10],
  ])('let %s pass', (value, expected) => expect(limited(value)).toBe(expected));
  it.each(['-1', '11', '9223372036854775807'])('refuse %s', value =>
    expect(limited(value)).toMatchObject({reason: 'expected a number from 0 to 10'}));
  it('may be open at one end', () => {
    expect(withinLimits(converters.float, {name: 'a', type: 'float', minimum: 1})('0.5')).toMatchObject({reason: 'expected at least 1'});
    expect(withinLimits(converters.float, {name: 'a', type: 'float', maximum: 1})('1.5')).toMatchObject({reason: 'expected at most 1'});
  });
});

describe('the form of an int', () => {
  it('is a bigint in an untyped slot', () => expect(untyped('int', converters.int)('5')).toBe(5n));
  it('is a number in a float slot, at any size', () => expect(widened(converters.int)('9007199254740993')).toBe(9007199254740992));
  it('stays a bad value', () => {
    expect(untyped('int', converters.int)('x')).toBeInstanceOf(BadValue);
    expect(widened(converters.int)('x')).toBeInstanceOf(BadValue);
  });
});

describe('text of a float', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1.2345e-7, '0.00000012345'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [123456789.125, '123456789.125'],
  ])('of %d is %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
    expect(Number(text)).toBe(value);
  });
});
