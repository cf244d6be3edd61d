import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {string} from '#engine/values/data-type.ts';
import {toPlainText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from '../define.ts';

export const conv = scalar({
  name: 'conv',
  summary: 'Writes a whole number in another base, with upper-case letters; a negative base reads or writes signed 64-bit numbers.',
  params: [
    param('n', 'any', 'The number or its text; characters after the last valid digit are ignored.'),
    param('from', 'int', 'The base of `n`, 2 to 36; negative when `n` is signed.'),
    param('to', 'int', 'The base of the result, 2 to 36; negative for a signed result.'),
  ],
  examples: [
    ["conv('a', 16, 2)", '1010'],
    ["conv('6E', 18, 8)", '172'],
    ["conv('-17', 10, -18)", '-H'],
    ["conv('-17', 10, 18)", '2D3FGB0B9CG4BD1H'],
    ["conv('a6a', 10, 8)", '0'],
    ["conv('12F', -10, 16)", 'C'],
    ["conv('1', 10, 99)", null],
  ],
  returns: string,
  call: (n: Value, from: Value, to: Value) => convert(toPlainText(n), Number(toInt(from, 'strict')), Number(toInt(to, 'strict'))),
});

/** As MySQL's CONV: null for an impossible base, `0` without a valid digit, 64 bits throughout. */
function convert(text: string, from: number, to: number): string | null {
  const fromBase = Math.abs(from);
  const toBase = Math.abs(to);
  if (!isBase(fromBase) || !isBase(toBase)) return null;
  const [, sign, alphanumeric] = /^([+-]?)([0-9a-z]*)/i.exec(text.trim())!;
  const magnitude = magnitudeOf(alphanumeric!, fromBase);
  const limit = sign === '-' ? 2n ** 63n : 2n ** 63n - 1n;
  const clamped = from < 0 && magnitude > limit ? limit : magnitude;
  const value = sign === '-' ? -clamped : clamped;
  const result = to < 0 ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return result.toString(toBase).toUpperCase();
}

function isBase(base: number): boolean {
  return base >= 2 && base <= 36;
}

function magnitudeOf(digits: string, base: number): bigint {
  let magnitude = 0n;
  for (const digit of digits) {
    const value = Number.parseInt(digit, 36);
    if (value >= base) break;
    magnitude = magnitude * BigInt(base) + BigInt(value);
    if (magnitude >= 2n ** 64n) throw new EvaluationError(`"${digits}" does not fit 64 bits in base ${base}`);
  }
  return magnitude;
}
