import {EvaluationError} from '#engine/base/errors.ts';
import {parseFloat64, parseInt64} from '#engine/values/coercion.ts';
import {decimalText} from '#engine/values/float-text.ts';
import type {TemplateValue} from '../template-value.ts';
import {intArgument, type TemplateFunction, templateFunction, variadic} from './template-function.ts';

/** Sprig's arithmetic: the plain names work on 64-bit ints, to which floats are cut; those with `f` on exact decimals. */
export const numberFunctions: Readonly<Record<string, TemplateFunction>> = {
  add: variadic(0, (...values) => wrap(values.reduce<bigint>((sum, value) => sum + whole(value), 0n))),
  add1: templateFunction(1, value => wrap(whole(value) + 1n)),
  sub: templateFunction(2, (a, b) => wrap(whole(a) - whole(b))),
  mul: variadic(1, (...values) => wrap(values.reduce<bigint>((product, value) => BigInt.asIntN(64, product * whole(value)), 1n))),
  div: templateFunction(2, (a, b) => wrap(whole(a) / divisor(b))),
  mod: templateFunction(2, (a, b) => whole(a) % divisor(b)),
  max: variadic(1, (...values) => values.map(whole).reduce((a, b) => (a > b ? a : b))),
  min: variadic(1, (...values) => values.map(whole).reduce((a, b) => (a < b ? a : b))),
  addf: variadic(0, (...values) => decimal(values, (a, b) => align(a, b, (x, y) => x + y))),
  subf: variadic(1, (...values) => decimal(values, (a, b) => align(a, b, (x, y) => x - y))),
  mulf: variadic(1, (...values) => decimal(values, (a, b) => ({digits: a.digits * b.digits, places: a.places + b.places}))),
  floor: templateFunction(1, value => Math.floor(real(value))),
  ceil: templateFunction(1, value => Math.ceil(real(value))),
  round: templateFunction(2, (value, digits) => round(real(value), intArgument(digits))),
  int: templateFunction(1, whole),
  int64: templateFunction(1, whole),
  float64: templateFunction(1, real),
  atoi: templateFunction(1, value => (typeof value === 'string' && /^[+-]?\d+$/.test(value) ? whole(value) : 0n)),
};

/** What cannot be read as a number is 0. */
function whole(value: TemplateValue): bigint {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'number':
      return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
      return parseInt64(value) ?? 0n;
    default:
      return 0n;
  }
}

function real(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (parseFloat64(value) ?? 0) : Number(whole(value));
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function divisor(value: TemplateValue): bigint {
  const number = whole(value);
  if (number === 0n) throw new EvaluationError('divided by zero');
  return number;
}

/** Halves away from zero at a positive number, as sprig does it: a negative one is rounded down. */
function round(value: number, digits: number): number {
  if (Math.abs(digits) > 300) throw new EvaluationError(`cannot round to ${digits} digits`);
  const scale = 10 ** digits;
  const scaled = value * scale;
  const fraction = scaled - Math.trunc(scaled);
  return (fraction >= 0.5 ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

/** A decimal number: `digits` × 10^−`places`. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** Works on the decimals that the floats print as, so that 0.1 and 0.2 make 0.3. */
function decimal(values: readonly TemplateValue[], of: (a: Decimal, b: Decimal) => Decimal): number {
  const operands = values.map(value => {
    const [whole, fraction = ''] = decimalText(finite(real(value))).split('.');
    return {digits: BigInt(whole! + fraction), places: fraction.length};
  });
  if (operands.length === 0) return 0;
  const {digits, places} = operands.reduce(of);
  return Number(`${digits}e-${places}`);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new EvaluationError(`${value} is no decimal number`);
  return value;
}

function align(a: Decimal, b: Decimal, of: (a: bigint, b: bigint) => bigint): Decimal {
  const places = Math.max(a.places, b.places);
  return {digits: of(a.digits * 10n ** BigInt(places - a.places), b.digits * 10n ** BigInt(places - b.places)), places};
}
