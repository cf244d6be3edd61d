import {invalidOperation} from './arithmetic.ts';
import {compareBytes} from './byte-order.ts';
import {instantOf} from './instant.ts';
import {isDateTime} from './type-name.ts';
import type {Value} from './value.ts';

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * Comparisons of values in the untyped form: null on either side gives false, also for `!=`; numbers compare numerically,
 * an int beside a float as a float; strings by bytes; booleans only for equality; a datetime on the left with anything that names an
 * instant. Everything else is an error.
 */
export function equal(left: Value, right: Value): boolean {
  if (isPlain(left) && typeof left === typeof right) return left === right;
  return left !== null && right !== null && compare('=', left, right) === 0;
}

export function notEqual(left: Value, right: Value): boolean {
  if (isPlain(left) && typeof left === typeof right) return left !== right;
  return left !== null && right !== null && compare('!=', left, right) !== 0;
}

export function less(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return left !== null && right !== null && compare('<', left, right) < 0;
}

export function lessOrEqual(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  return left !== null && right !== null && compare('<=', left, right) <= 0;
}

export function greater(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left > right;
  return left !== null && right !== null && compare('>', left, right) > 0;
}

export function greaterOrEqual(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left >= right;
  return left !== null && right !== null && compare('>=', left, right) >= 0;
}

/** The sign of left − right, NaN when they have no order; both not null. Throws as `operator` would. */
function compare(operator: ComparisonOperator, left: Value, right: Value): number {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0;
  if (isNumber(left) && isNumber(right)) return Number(left) - Number(right);
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (isDateTime(left)) {
    const instant = instantOf(right, left.zone);
    if (instant !== undefined) return left.epochMs - instant;
  }
  if (typeof left === 'boolean' && typeof right === 'boolean' && (operator === '=' || operator === '!='))
    return Number(left) - Number(right);
  throw invalidOperation(operator, left, right);
}

/** Values of one such type are equal exactly when they are the same. */
function isPlain(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint';
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
