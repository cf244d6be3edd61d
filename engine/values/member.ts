import {EvaluationError} from '#engine/base/errors.ts';
import {toText} from './text.ts';
import {describe, isRow, typeNameOf} from './type-name.ts';
import type {Row, Value} from './value.ts';

/** A member of a row, null when it has none of that name: what every object inherits is no member. */
export function ownMember(row: Row, name: string): Value {
  return Object.hasOwn(row, name) ? row[name]! : null;
}

/** Sets a member of any name, `__proto__` included, as an ordinary one. */
export function defineMember(row: Row, name: string, value: Value): void {
  if (name === '__proto__') Object.defineProperty(row, name, {value, writable: true, enumerable: true, configurable: true});
  else row[name] = value;
}

/** `target->name`: null for null, for a missing member and for a scalar; an array is an error. */
export function member(target: Value, name: string): Value {
  if (typeof target !== 'object' || target === null) return null;
  if (Array.isArray(target)) throw new EvaluationError(`the result ${toText(target)} is not a type of map[string]interface{}`);
  return isRow(target) ? ownMember(target, name) : null;
}

/**
 * `target[index]`, of an array or of bytes: counts from 0, negative from the end; a float index is cut to a whole number. Null for null, of
 * which every index is right.
 */
export function element(target: Value, index: Value): Value {
  const position = wholeNumber(index);
  if (target === null) return null;
  const list = listOf(target);
  const at = fromEnd(position, list.length);
  if (at < 0 || at >= list.length) throw new EvaluationError(`out of index: ${position} of ${list.length}`);
  const found = list[at]!;
  return list instanceof Uint8Array ? BigInt(found as number) : found;
}

/** `target[from:to]`, without the element at `to`; negative bounds count from the end, absent ones are undefined. */
export function slice(target: Value, from: Value | undefined, to: Value | undefined): Value {
  const first = from === undefined ? 0 : wholeNumber(from);
  const last = to === undefined ? undefined : wholeNumber(to);
  if (target === null) return null;
  const list = listOf(target);
  const start = fromEnd(first, list.length);
  const end = fromEnd(last ?? list.length, list.length);
  if (start < 0 || start >= list.length) throw new EvaluationError(`start value is out of index: ${start} of ${list.length}`);
  if (end < 0 || end > list.length) throw new EvaluationError(`end value is out of index: ${end} of ${list.length}`);
  if (start > end) throw new EvaluationError(`start cannot be greater than end. start:${start}  end:${end}`);
  return list instanceof Uint8Array ? list.subarray(start, end) : list.slice(start, end);
}

function fromEnd(position: number, length: number): number {
  return position < 0 ? position + length : position;
}

function listOf(target: Value): readonly Value[] | Uint8Array {
  if (Array.isArray(target) || target instanceof Uint8Array) return target;
  if (isRow(target)) throw new EvaluationError('[] is an invalid operation for map[string]interface {}');
  throw new EvaluationError(`invalid operation ${describe(target)} [] index`);
}

function wholeNumber(index: Value): number {
  if (typeof index === 'number' && Number.isFinite(index)) return Math.trunc(index);
  if (typeof index === 'bigint') return Number(index);
  throw new EvaluationError(`an index is a number, not ${index === null ? 'null' : typeNameOf(index)}`);
}
