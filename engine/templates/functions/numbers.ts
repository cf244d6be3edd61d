import {EvaluationError} from '#engine/base/errors.ts';
import {decimalText} from '#engine/values/float-text.ts';
import {argumentText, type TemplateValue} from '../template-value.ts';
import {define, from, intArgument, type TemplateFamily} from './template-function.ts';
import {real, whole} from './to-number.ts';

/** Sprig's arithmetic: the plain names work on 64-bit ints, to which floats are cut; those with `f` on exact decimals. */
export const numberFunctions: TemplateFamily = {
  title: 'Numbers',
  functions: {
    add: define('The sum, of ints.', '{{add 1 2 3}}', from(0), (...values) =>
      wrap(values.reduce<bigint>((sum, value) => sum + whole(value), 0n)),
    ),
    add1: define('One more.', '{{add1 4}}', 1, value => wrap(whole(value) + 1n)),
    sub: define('The difference of two ints.', '{{sub 5 3}}', 2, (a, b) => wrap(whole(a) - whole(b))),
    mul: define('The product of ints.', '{{mul 2 3 4}}', from(1), (...values) =>
      wrap(values.reduce<bigint>((product, value) => wrap(product * whole(value)), 1n)),
    ),
    div: define('The quotient of two ints, without fraction.', '{{div 7 2}}', 2, (a, b) => wrap(whole(a) / divisor(b))),
    mod: define('The rest of a division of ints.', '{{mod 7 2}}', 2, (a, b) => whole(a) % divisor(b)),
    max: define('The largest, of ints.', '{{max 1 5 3}}', from(1), (...values) => values.map(whole).reduce((a, b) => (a > b ? a : b)), {
      aliases: ['biggest'],
    }),
    min: define('The least, of ints.', '{{min 4 5 3}}', from(1), (...values) => values.map(whole).reduce((a, b) => (a < b ? a : b))),
    addf: define('The sum.', '{{addf 1.5 2 0.2}}', from(0), (...values) => decimal(values, (a, b) => align(a, b, (x, y) => x + y))),
    add1f: define('One more.', '{{add1f 1.5}}', 1, value => decimal([value, 1n], (a, b) => align(a, b, (x, y) => x + y))),
    subf: define('The first without the others.', '{{subf 7.5 2 0.1}}', from(1), (...values) =>
      decimal(values, (a, b) => align(a, b, (x, y) => x - y)),
    ),
    mulf: define('The product.', '{{mulf 1.5 2 0.1}}', from(1), (...values) =>
      decimal(values, (a, b) => ({digits: a.digits * b.digits, places: a.places + b.places})),
    ),
    divf: define('The first divided by the others, to 16 decimals.', '{{divf 10 4}}', from(1), (...values) => decimal(values, quotient)),
    maxf: define('The largest.', '{{maxf 1.5 3 2}}', from(1), (...values) => Math.max(...values.map(real))),
    minf: define('The least.', '{{minf 1.5 3 2}}', from(1), (...values) => Math.min(...values.map(real))),
    floor: define('The whole number below.', '{{floor 21.7}}', 1, value => Math.floor(real(value))),
    ceil: define('The whole number above.', '{{ceil 21.2}}', 1, value => Math.ceil(real(value))),
    round: define(
      'Rounded to so many decimals; a third number is the fraction from which it goes up.',
      '{{round 21.456 1}}',
      [2, 3],
      (value, digits, up) => round(real(value), intArgument(digits), up === undefined ? 0.5 : real(up)),
    ),
    int: define('A value as an int.', '{{int "42"}} {{int 21.9}}', 1, whole),
    int64: define('A value as an int.', '{{int64 21.9}}', 1, whole),
    float64: define('A value as a float.', '{{float64 "21.5"}}', 1, real),
    atoi: define('A text in digits as an int.', '{{atoi "42"}}', 1, value =>
      typeof value === 'string' && /^[+-]?\d+$/.test(value) ? decimalInt(value) : 0n,
    ),
    toDecimal: define('Octal digits as an int.', '{{toDecimal 777}}', 1, value => {
      const text = argumentText(value);
      return /^[+-]?[0-7]{1,22}$/.test(text) ? inRange((text.startsWith('-') ? -1n : 1n) * BigInt(`0o${text.replace(/^[+-]/, '')}`)) : 0n;
    }),
  },
};

function decimalInt(text: string): bigint {
  return text.length > 140 ? 0n : inRange(BigInt(text.replace(/^\+/, '')));
}

/** 0 for what does not fit into 64 bits. */
function inRange(value: bigint): bigint {
  return wrap(value) === value ? value : 0n;
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
function round(value: number, digits: number, up: number): number {
  if (Math.abs(digits) > 300) throw new EvaluationError(`cannot round to ${digits} digits`);
  const scale = 10 ** digits;
  const scaled = value * scale;
  const fraction = scaled - Math.trunc(scaled);
  return (fraction >= up ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

const quotientPlaces = 16;

/** Halves away from zero. */
function quotient(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new EvaluationError('divided by zero');
  const shift = BigInt(quotientPlaces + b.places);
  const doubled = (2n * a.digits * 10n ** shift) / (b.digits * 10n ** BigInt(a.places));
  return {digits: (doubled + (doubled < 0n ? -1n : 1n)) / 2n, places: quotientPlaces};
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
