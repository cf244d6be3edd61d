import fc from 'fast-check';
import {expect, it} from 'vitest';
import {compareBytes} from '#engine/values/byte-order.ts';
import {compareForOrder} from '#engine/values/ordering.ts';
import type {Value} from '#engine/values/value.ts';

it('strings order as their UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({unit: 'grapheme'}), fc.string({unit: 'grapheme'}), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(compareBytes('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
});

it.each<[Value[], boolean, Value[]]>([
  [[3, null, 1, 2n], false, [1, 2n, 3, null]],
  [[3, null, 1, 2n], true, [3, 2n, 1, null]],
  [['b', 'a', null, 'B'], false, ['B', 'a', 'b', null]],
  [[true, false, null], true, [true, false, null]],
])('%o with descending %o is %o: nulls last', (values, descending, sorted) => {
  expect(values.toSorted((a, b) => compareForOrder(a, b, descending))).toEqual(sorted);
});

it('values without an order among them are an error', () => {
  expect(() => compareForOrder(1n, 'a', false)).toThrow('incompatible types for comparison: int and string');
});
