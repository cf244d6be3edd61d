import {invalidOperation} from './arithmetic.ts';
import type {Value} from './value.ts';

/** `& | ^` on values in the untyped form: ints by bits, booleans logically, false with null. */
export function bitAnd(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left & right;
  return areBooleans('&', left, right) && left === true && right === true;
}

export function bitOr(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left | right;
  return areBooleans('|', left, right) && (left === true || right === true);
}

export function bitXor(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left ^ right;
  return areBooleans('^', left, right) && left !== right;
}

/** False when an operand is null; throws when both are there and one is no boolean. */
function areBooleans(operator: string, left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  if (typeof left === 'boolean' && typeof right === 'boolean') return true;
  throw invalidOperation(operator, left, right);
}
