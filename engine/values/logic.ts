import {EvaluationError} from '#engine/base/errors.ts';
import {invalidOperation} from './arithmetic.ts';
import {describe} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * AND and OR once both sides are evaluated, which the caller skips when the left one decides (`false AND _`, `true OR _`). A null on
 * either side gives false.
 */
export function and(left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  if (typeof left === 'boolean' && typeof right === 'boolean') return left && right;
  throw invalidOperation('AND', left, right);
}

export function or(left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  if (typeof left === 'boolean' && typeof right === 'boolean') return left || right;
  throw invalidOperation('OR', left, right);
}

/** NOT; null of null. */
export function not(value: Value): boolean | null {
  if (typeof value === 'boolean') return !value;
  if (value === null) return null;
  throw new EvaluationError(`invalid operation NOT ${describe(value)}`);
}

/** What a condition decides: true keeps, false and null do not, anything else is an error. */
export function holds(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  throw new EvaluationError(`invalid condition that returns non-bool value ${describe(value)}`);
}
