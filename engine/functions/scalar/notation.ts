import {EvaluationError} from '#engine/base/errors.ts';
import {decodeBase64, toFloat, toInt} from '#engine/values/coercion.ts';
import {bytea, float, int, string} from '#engine/values/data-type.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';
import {roundTo} from './math.ts';

const chr = scalar({
  name: 'chr',
  summary: 'The number of a character: of a text of one byte its code, of a number the number itself, cut to an int.',
  params: [param('x', 'any', 'A number, or a text of one byte.')],
  examples: [
    ["chr('a')", 97n],
    ['chr(65)', 65n],
  ],
  returns: int,
  call: (value: Value) => {
    if (typeof value !== 'string') return toInt(value, 'same-kind');
    if (Buffer.byteLength(value) > 1) throw new EvaluationError('Parameter length cannot larger than 1.');
    if (value === '') throw new EvaluationError('an empty text has no first character');
    return value.charCodeAt(0);
  },
});

const encoding = param('encoding', 'string', '`base64`.');

function checkEncoding([, name]: readonly (Value | undefined)[]): string | undefined {
  return name === undefined || name === 'base64' ? undefined : 'Only base64 is supported for the 2nd parameter.';
}

function requireBase64(name: Value): void {
  if (name !== 'base64') throw new EvaluationError('Only base64 is supported for the 2nd parameter.');
}

const encode = scalar({
  name: 'encode',
  summary: 'A text in another notation.',
  params: [param('s', 'string', 'A text.'), encoding],
  examples: [["encode('hello', 'base64')", 'aGVsbG8=']],
  returns: string,
  check: checkEncoding,
  call: (text: Value, name: Value) => {
    requireBase64(name);
    if (typeof text !== 'string') throw new EvaluationError('Only string type can be encoded.');
    return Buffer.from(text).toString('base64');
  },
});

const decode = scalar({
  name: 'decode',
  summary: 'The bytes that a text in a notation stands for.',
  params: [param('s', 'string', 'A text in base64.'), encoding],
  examples: [["cast(decode('aGVsbG8=', 'base64'), 'string')", 'hello']],
  returns: bytea,
  check: checkEncoding,
  call: (text: Value, name: Value) => {
    requireBase64(name);
    if (typeof text !== 'string') throw new EvaluationError('Only string type can be decoded.');
    const bytes = decodeBase64(text);
    if (bytes === undefined) throw new EvaluationError(`fail to decode base64 string: "${text.slice(0, 100)}" is none`);
    return bytes;
  },
});

const trunc = scalar({
  name: 'trunc',
  summary: 'Rounds a number to `n` decimals, halves away from zero, as eKuiper does under this name.',
  params: [param('x', 'number', 'A number.'), param('n', 'int', 'How many decimals to keep.')],
  examples: [
    ['trunc(3.14159, 2)', 3.14],
    ['trunc(2.567, 1)', 2.6],
  ],
  returns: float,
  call: (value: Value, digits: Value) => {
    if (typeof digits !== 'bigint') throw new EvaluationError('The 2nd parameter must be int value.');
    const rounded = roundTo(toFloat(value, 'same-kind'), Number(digits));
    return Number.isFinite(rounded) ? rounded : null;
  },
});

const hex2dec = scalar({
  name: 'hex2dec',
  summary: 'The whole number that a hexadecimal text stands for.',
  params: [param('s', 'string', 'Hexadecimal digits, after `0x` or not.')],
  examples: [
    ["hex2dec('0x10')", 16n],
    ["hex2dec('beef')", 48879n],
  ],
  returns: int,
  call: (text: Value) => {
    const [, sign, digits] = typeof text === 'string' ? (/^(?:0[xX])?([+-]?)([0-9a-fA-F]{1,40})$/.exec(text) ?? []) : [];
    const size = digits === undefined ? undefined : BigInt(`0x${digits}`);
    const value = size !== undefined && sign === '-' ? -size : size;
    if (value === undefined || BigInt.asIntN(64, value) !== value)
      throw new EvaluationError(`invalid hexadecimal value: ${describe(text)}`);
    return value;
  },
});

const dec2hex = scalar({
  name: 'dec2hex',
  summary: 'A whole number in hexadecimal, after `0x`.',
  params: [param('n', 'any', 'A whole number.')],
  examples: [
    ['dec2hex(n)', '0x10', {n: 16n}],
    ['dec2hex(48879)', '0xbeef'],
  ],
  returns: string,
  call: (value: Value) => `0x${toInt(value, 'strict').toString(16)}`,
});

export const notationFunctions: readonly ScalarFunction[] = [chr, encode, decode, trunc, hex2dec, dec2hex];
