import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {addInt, divideInt, type Int, multiplyInt, narrow, negateInt, remainderInt, subtractInt, widen} from '#engine/values/int.ts';

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;
const ints = fc.oneof(
  fc.bigInt({min: least, max: most}),
  fc.bigInt({min: -100n, max: 100n}),
  fc.constantFrom(least, most, 2n ** 53n, -(2n ** 53n), 0n),
);
/** Also in a form that only functions give: a small bigint. */
const forms = ints.chain(value => fc.constantFrom<Int>(narrow(value), value));

describe('typed ints', () => {
  it.each<[string, (a: Int, b: Int) => Int, (a: bigint, b: bigint) => bigint]>([
    ['add', addInt, (a, b) => a + b],
    ['subtract', subtractInt, (a, b) => a - b],
    ['multiply', multiplyInt, (a, b) => a * b],
    ['divide', divideInt, (a, b) => a / b],
    ['remainder', remainderInt, (a, b) => a % b],
  ])('%s as 64-bit ints do, and stay in their form', (_, operate, exact) => {
    fc.assert(
      fc.property(forms, forms, (a, b) => {
        const isDivision = operate === divideInt || operate === remainderInt;
        if (isDivision && widen(b) === 0n) {
          expect(() => operate(a, b)).toThrow('divided by zero');
          return;
        }
        const result = operate(a, b);
        expect(widen(result)).toBe(BigInt.asIntN(64, exact(widen(a), widen(b))));
        expect(Object.is(result, -0)).toBe(false);
        expect(typeof result === 'number').toBe(Number.isSafeInteger(Number(widen(result))));
      }),
      {numRuns: 2000},
    );
  });

  it('are negated with a wrap at the least', () => {
    expect([negateInt(5), negateInt(0), negateInt(least)]).toEqual([-5, 0, least]);
  });
});
