import {EvaluationError} from '#engine/base/errors.ts';
import {describe, isRow, typeNameOf} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * Operators on values in the untyped form: null with null, ints wrap at 64 bits and divide truncating, an int beside a
 * float counts as a float. Division by zero is an error for floats too.
 */
export function add(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left + right);
  return isNullOperand('+', left, right) ? null : asFloat(left) + asFloat(right);
}

export function subtract(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left - right);
  return isNullOperand('-', left, right) ? null : asFloat(left) - asFloat(right);
}

export function multiply(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left * right);
  return isNullOperand('*', left, right) ? null : asFloat(left) * asFloat(right);
}

export function divide(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if (right === 0n) throw dividedByZero();
    return BigInt.asIntN(64, left / right);
  }
  return isNullOperand('/', left, right) ? null : divideFloat(asFloat(left), asFloat(right));
}

/** The sign is the dividend's. */
export function remainder(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if (right === 0n) throw dividedByZero();
    return left % right;
  }
  return isNullOperand('%', left, right) ? null : remainderFloat(asFloat(left), asFloat(right));
}

export function negate(value: Value): Value {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (value === null) return null;
  throw new EvaluationError(`invalid operation - ${describe(value)}`);
}

export function divideFloat(left: number, right: number): number {
  if (right === 0) throw dividedByZero();
  return left / right;
}

export function remainderFloat(left: number, right: number): number {
  if (right === 0) throw dividedByZero();
  return left % right;
}

export function dividedByZero(): EvaluationError {
  return new EvaluationError('divided by zero');
}

/** Operands that an operator cannot take, in eKuiper's words. */
export function invalidOperation(operator: string, left: Value, right: Value): EvaluationError {
  if (Array.isArray(left) || isRow(left)) return new EvaluationError(`${operator} is an invalid operation for ${typeNameOf(left)}`);
  return new EvaluationError(`invalid operation ${describe(left)} ${operator} ${describe(right)}`);
}

/** Whether an operand is null; throws when both are there and one is no number. */
function isNullOperand(operator: string, left: Value, right: Value): boolean {
  if (left === null || right === null) return true;
  if (isNumber(left) && isNumber(right)) return false;
  throw invalidOperation(operator, left, right);
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function asFloat(value: Value): number {
  return Number(value as number | bigint);
}
