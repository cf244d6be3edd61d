import {EvaluationError} from '#engine/base/errors.ts';
import {randomFraction} from '#engine/base/random.ts';
import {toFloat, toInt} from '#engine/values/coercion.ts';
import {any, type DataType, float, int} from '#engine/values/data-type.ts';
import {type Int, negateInt} from '#engine/values/int.ts';
import {typeNameOf} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {family, impureScalar, optional, param, scalar} from '../define.ts';
import type {Example, ScalarFunction} from '../function.ts';
import {bitFunctions} from './bits.ts';
import {conv} from './conv.ts';

// All of them give null for null. JSON has no form for infinities and NaN: a result that is one of them is null too.

const x = param('x', 'number', 'A number.');

/** A function of one number with a float result. */
function real(
  name: string,
  summary: string,
  of: (x: number) => number,
  examples: readonly Example[],
  aliases?: readonly string[],
): ScalarFunction {
  return scalar({
    name,
    ...(aliases && {aliases}),
    summary,
    params: [x],
    examples,
    returns: float,
    call: (value: Value) => finite(of(toFloat(value, 'same-kind'))),
    kernels: [
      {kinds: ['float'], call: (value: number) => finite(of(value))},
      {kinds: ['int'], call: (value: Int) => finite(of(Number(value)))},
    ],
  });
}

/** A function of two numbers with a float result. */
function realPair(
  entry: Pick<ScalarFunction, 'name' | 'summary' | 'params' | 'examples'> & {aliases?: readonly string[]},
  of: (a: number, b: number) => number,
): ScalarFunction {
  return scalar({
    ...entry,
    returns: float,
    call: (a: Value, b: Value) => finite(of(toFloat(a, 'same-kind'), toFloat(b, 'same-kind'))),
    kernels: [{kinds: ['float', 'float'], call: (a: number, b: number) => finite(of(a, b))}],
  });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function numberType([type]: readonly DataType[]): DataType {
  return type?.kind === 'int' || type?.kind === 'float' ? type : any;
}

const abs = scalar({
  name: 'abs',
  summary: 'The distance of `x` from zero; an int stays an int.',
  params: [x],
  examples: [
    ['abs(-10)', 10n],
    ['abs(-10.5)', 10.5],
    ['abs(x)', null, {x: null}],
  ],
  returns: numberType,
  call: (value: Value) => {
    if (typeof value === 'number') return Math.abs(value);
    if (typeof value === 'bigint') return BigInt.asIntN(64, value < 0n ? -value : value);
    throw new EvaluationError('only float64 & int type are supported');
  },
  kernels: [
    {kinds: ['float'], call: Math.abs},
    {kinds: ['int'], call: (value: Int) => (value < 0 ? negateInt(value) : value)},
  ],
});

const sign = scalar({
  name: 'sign',
  summary: 'The sign of `x`: −1, 0 or 1.',
  params: [x],
  examples: [
    ['sign(-10.5)', -1n],
    ['sign(0)', 0n],
    ['sign(3)', 1n],
  ],
  returns: int,
  call: (value: Value) => Math.sign(toFloat(value, 'same-kind')) + 0,
  kernels: [{kinds: ['float'], call: (value: number) => Math.sign(value) + 0}],
});

const round = scalar({
  name: 'round',
  summary: 'Rounds `x` to `digits` decimals, halves away from zero; negative `digits` round before the point.',
  params: [x, optional(param('digits', 'number', 'How many decimals to keep; 0 when left out.'))],
  examples: [
    ['round(-10.5)', -11.0],
    ['round(25.987, 2)', 25.99],
    ['round(56788.34, -3)', 57000.0],
  ],
  returns: float,
  call: (value: Value, digits?: Value) => roundTo(toFloat(value, 'same-kind'), digits === undefined ? 0 : wholeDigits(digits)),
  kernels: [{kinds: ['float'], call: roundAwayFromZero}],
});

function wholeDigits(digits: Value): number {
  try {
    return Number(toInt(digits, 'strict'));
  } catch {
    throw new EvaluationError(`The second argument must be an integer: ${typeNameOf(digits)} is none`);
  }
}

/** `value` itself where it has no digits to lose. */
export function roundTo(value: number, digits: number): number {
  if (digits === 0) return roundAwayFromZero(value);
  if (digits > 308 || !Number.isFinite(value)) return value;
  if (digits < -308) return 0;
  const scale = 10 ** Math.abs(digits);
  const scaled = digits > 0 ? value * scale : value / scale;
  if (!Number.isFinite(scaled)) return value;
  const rounded = roundAwayFromZero(scaled);
  return digits > 0 ? rounded / scale : rounded * scale;
}

function roundAwayFromZero(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

const log = scalar({
  name: 'log',
  summary: 'The logarithm to base 10, or, given two arguments, of the second to the base of the first.',
  params: [param('x', 'number', 'A positive number; the base, when `y` is given.'), optional(param('y', 'number', 'A positive number.'))],
  examples: [
    ['log(10)', 1.0],
    ['log(2, 8)', 3.0],
    ['log(1, 8)', null],
  ],
  returns: float,
  call: (first: Value, second?: Value) => {
    const a = positive(toFloat(first, 'same-kind'));
    return finite(second === undefined ? Math.log10(a) : logarithm(a, positive(toFloat(second, 'same-kind'))));
  },
});

function logarithm(base: number, value: number): number {
  return base === 2 ? Math.log2(value) : Math.log(value) / Math.log(base);
}

function positive(value: number): number {
  if (value < 0) throw new EvaluationError(`The argument must be a strictly positive number but got ${value}`);
  return value;
}

const squareRoot = (value: number): number => {
  if (value < 0) throw new EvaluationError(`The argument must be a positive number but got ${value}`);
  return Math.sqrt(value);
};

const cotangent = (value: number): number => {
  if (value === 0) throw new EvaluationError('out-of-range error');
  return 1 / Math.tan(value);
};

const pi = scalar({
  name: 'pi',
  summary: 'The ratio of a circle’s circumference to its diameter.',
  examples: [['pi()', Math.PI]],
  returns: float,
  call: () => Math.PI,
});

const rand = impureScalar({
  name: 'rand',
  summary: 'A random float from 0 up to, not including, 1.',
  examples: [['rand() < 1', true]],
  returns: float,
  call: () => randomFraction(),
});

export const mathFunctions = family('Mathematical functions', [
  abs,
  real('acos', 'The angle in radians whose cosine is `x`; null outside −1 to 1.', Math.acos, [
    ['acos(0)', Math.PI / 2],
    ['acos(10)', null],
  ]),
  real('asin', 'The angle in radians whose sine is `x`; null outside −1 to 1.', Math.asin, [
    ['asin(0)', 0.0],
    ['asin(1)', Math.PI / 2],
  ]),
  real('atan', 'The angle in radians whose tangent is `x`.', Math.atan, [
    ['atan(0)', 0.0],
    ['atan(1)', Math.PI / 4],
  ]),
  realPair(
    {
      name: 'atan2',
      summary: 'The angle in radians between the x axis and the point (`x`, `y`).',
      params: [param('y', 'number', 'Up.'), param('x', 'number', 'To the right.')],
      examples: [
        ['atan2(0, 2)', 0.0],
        ['atan2(1, -1)', 0.75 * Math.PI],
      ],
    },
    Math.atan2,
  ),
  ...bitFunctions,
  real(
    'ceil',
    'The smallest whole number that is not below `x`, as a float.',
    Math.ceil,
    [
      ['ceil(-10.5)', -10.0],
      ['ceil(10.2)', 11.0],
    ],
    ['ceiling'],
  ),
  conv,
  real('cos', 'The cosine of an angle in radians.', Math.cos, [['cos(0)', 1.0]]),
  real('cosh', 'The hyperbolic cosine of `x`.', Math.cosh, [['cosh(0)', 1.0]]),
  real('cot', 'The cotangent of an angle in radians; an error for 0.', cotangent, [['round(cot(10), 7)', 1.542351]]),
  real('degrees', 'An angle in radians as degrees.', value => value * (180 / Math.PI), [['degrees(pi())', 180.0]]),
  real('exp', 'Raises e to the power of `x`.', Math.exp, [
    ['exp(0)', 1.0],
    ['exp(1000)', null],
  ]),
  real('floor', 'The largest whole number that is not above `x`, as a float.', Math.floor, [['floor(-10.5)', -11.0]]),
  real('ln', 'The natural logarithm of a positive number.', value => Math.log(positive(value)), [
    ['ln(1)', 0.0],
    ['ln(exp(2))', 2.0],
  ]),
  log,
  realPair(
    {
      name: 'mod',
      summary: 'The remainder of `a` divided by `b` as a float, with the sign of `a`; null when `b` is 0.',
      params: [param('a', 'number', 'The dividend.'), param('b', 'number', 'The divisor.')],
      examples: [
        ['mod(-10.5, 2)', -0.5],
        ['mod(10, 3)', 1.0],
        ['mod(5, 0)', null],
      ],
    },
    (a, b) => a % b,
  ),
  pi,
  realPair(
    {
      name: 'power',
      aliases: ['pow'],
      summary: '`x` to the power of `y`.',
      params: [param('x', 'number', 'The base.'), param('y', 'number', 'The exponent.')],
      examples: [
        ['power(10, 2)', 100.0],
        ['power(-10.5, 2)', 110.25],
        ['power(-4, 0.5)', null],
      ],
    },
    Math.pow,
  ),
  real('radians', 'An angle in degrees as radians.', value => value * (Math.PI / 180), [['radians(90)', Math.PI / 2]]),
  rand,
  round,
  sign,
  real('sin', 'The sine of an angle in radians.', Math.sin, [['sin(0)', 0.0]]),
  real('sinh', 'The hyperbolic sine of `x`.', Math.sinh, [['sinh(0)', 0.0]]),
  real('sqrt', 'The square root of `x`; an error below 0.', squareRoot, [['sqrt(144)', 12.0]]),
  real('tan', 'The tangent of an angle in radians.', Math.tan, [['tan(0)', 0.0]]),
  real('tanh', 'The hyperbolic tangent of `x`.', Math.tanh, [['tanh(0)', 0.0]]),
]);
