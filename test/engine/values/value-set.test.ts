import fc from 'fast-check';
import {expect, it} from 'vitest';
import {dateTime} from '#engine/values/date-time.ts';
import {sameValue} from '#engine/values/same-value.ts';
import type {Value} from '#engine/values/value.ts';
import {ValueSet} from '#engine/values/value-set.ts';

const value: fc.Arbitrary<Value> = fc.letrec<{value: Value}>(tie => ({
  value: fc.oneof(
    {depthSize: 'small'},
    fc.constantFrom<Value>(null, true, false, 0, -0, 1, 1n, '1', 'i', '1i', '', Number.NaN, 1e21),
    fc.constantFrom('UTC', 'Asia/Tokyo').map(zone => dateTime(1000, zone)),
    fc.uint8Array({maxLength: 1, max: 1}),
    fc.array(tie('value'), {maxLength: 2}),
    fc.dictionary(fc.constantFrom('a', 'b', 'a:1'), tie('value'), {maxKeys: 2}),
  ),
})).value;

it('holds two values apart exactly when they are not the same', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(new ValueSet([a]).has(b)).toBe(sameValue(a, b));
      expect(new ValueSet([a]).add(b)).toBe(!sameValue(a, b));
    }),
    {numRuns: 5000},
  );
});
