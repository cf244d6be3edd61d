import {EvaluationError} from '#engine/base/errors.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {param} from '../define.ts';

export const object = param('object', 'object', 'An object.');

/** An argument as an object; `which` names it in the error. */
export function objectOfArgument(value: Value, which: 'the' | 'first'): Row {
  if (isRow(value)) return value;
  throw new EvaluationError(`${which} argument should be map[string]interface{}`);
}

/** An object of its members. Unlike assignment, members of any name become its own, `__proto__` too. */
export function objectOf(members: Iterable<readonly [string, Value]>): Row {
  return Object.fromEntries(members);
}
