import {EvaluationError} from '#engine/base/errors.ts';
import {compareBytes} from './byte-order.ts';
import {isDateTime, isRow} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * Order of two values for ORDER BY: negative when `left` comes first. Nulls come last in both directions. Ints may be in
 * either form. Values of types that have no order among them are an error.
 */
export function compareForOrder(left: Value, right: Value, descending: boolean): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = compareValues(left, right);
  return descending ? -order : order;
}

function compareValues(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (isDateTime(left) && isDateTime(right)) return left.epochMs - right.epochMs;
  throw new EvaluationError(`incompatible types for comparison: ${kindOf(left)} and ${kindOf(right)}`);
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function kindOf(value: Value): string {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (Array.isArray(value)) return 'array';
  if (isRow(value)) return 'object';
  return isDateTime(value) ? 'datetime' : 'bytea';
}
