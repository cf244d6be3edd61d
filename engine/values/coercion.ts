import {EvaluationError} from '#engine/base/errors.ts';
import type {DataType} from './data-type.ts';
import {narrow, widen} from './int.ts';
import {toPlainText} from './text.ts';
import {describe, isDateTime} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * How far a value may be from the wanted type: `strict` takes the type itself and, for an int, a float without fraction;
 * `same-kind` any number for a number, cut toward zero; `all` also text, booleans (1, 0) and null (0, false, empty).
 */
export type Coercion = 'strict' | 'same-kind' | 'all';

/** An int of a value in the untyped form; throws an EvaluationError, which names the type `as`, when the coercion does not reach. */
export function toInt(value: Value, coercion: Coercion, as = 'int'): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    const whole = Math.trunc(value);
    const fits = whole >= -(2 ** 63) && whole < 2 ** 63;
    if (fits && (coercion !== 'strict' || whole === value)) return BigInt(whole);
  } else if (coercion === 'all') {
    if (value === null) return 0n;
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'string') {
      const parsed = parseInt64(value);
      if (parsed !== undefined) return parsed;
    }
  }
  throw cannotConvert(value, as);
}

/** A float of a value in the untyped form. */
export function toFloat(value: Value, coercion: Coercion): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    if (coercion !== 'strict') return Number(value);
  } else if (coercion === 'all') {
    if (value === null) return 0;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'string') {
      const parsed = parseFloat64(value);
      if (parsed !== undefined) return parsed;
    }
  }
  throw cannotConvert(value, 'float64');
}

/** A string; below `all` only strings are. Arrays and objects have their `%v` text. */
export function toStringValue(value: Value, coercion: Coercion): string {
  if (typeof value === 'string') return value;
  if (coercion === 'all') return toPlainText(value);
  throw cannotConvert(value, 'string');
}

/** A boolean; with `all`, numbers are true unless zero and texts are read as Go's ParseBool does. */
export function toBoolean(value: Value, coercion: Coercion): boolean {
  if (typeof value === 'boolean') return value;
  if (coercion === 'all') {
    if (value === null) return false;
    if (typeof value === 'number') return value !== 0;
    if (typeof value === 'bigint') return value !== 0n;
    if (typeof value === 'string') {
      if (trueWords.has(value)) return true;
      if (falseWords.has(value)) return false;
    }
  }
  throw cannotConvert(value, 'bool');
}

/** Bytes; with `all`, the bytes that a base64 text stands for, or those of any other text itself. */
export function toBytes(value: Value, coercion: Coercion): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string' && coercion === 'all') return decodeBase64(value) ?? new TextEncoder().encode(value);
  throw cannotConvert(value, 'bytea');
}

/** The bytes of a base64 text (RFC 4648 §4, padded); undefined when it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\r\n]/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return new Uint8Array(Buffer.from(digits, 'base64'));
}

/**
 * A 64-bit whole number written as in Go: sign, then decimal, `0x`, `0b`, `0o` or a leading 0 for octal; `_` may stand between digits.
 * Undefined when it is none or does not fit.
 */
export function parseInt64(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/.exec(text);
  // 64 binary digits with as many underscores; BigInt of a text without bound takes quadratic time.
  if (!match || text.length > 140) return undefined;
  let digits = match[2]!.replaceAll('_', '');
  if (/^0[0-7]/.test(digits)) digits = `0o${digits.slice(1)}`;
  const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** A decimal number with optional fraction and exponent; undefined when it is none or beyond a double. */
export function parseFloat64(text: string): number | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'True', 'TRUE']);
const falseWords: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'False', 'FALSE']);

/** What a slot of static type `type` holds, in the untyped form: an int becomes a bigint. Also takes an int result of a function. */
export function untyped(value: Value, type: DataType): Value {
  return type.kind === 'int' && typeof value === 'number' ? widen(value) : value;
}

/** A value of type `type` in the untyped form, as a slot of that static type holds it: an int becomes a number while it is safe. */
export function typed(value: Value, type: DataType): Value {
  return type.kind === 'int' && typeof value === 'bigint' ? narrow(value) : value;
}

/** `cannot convert string(abc) to int`. */
export function cannotConvert(value: Value, target: string): EvaluationError {
  return new EvaluationError(`cannot convert ${isDateTime(value) ? `datetime(${value.toJSON()})` : describe(value)} to ${target}`);
}
