import {isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import type {NullRule, ScalarFunction, Scope} from './function.ts';

/**
 * Calls a scalar function on values in the untyped form, its null rule applied. For constants, tests and functions that take functions;
 * compiled rules do the same inline.
 */
export function callScalar(definition: ScalarFunction, values: readonly unknown[], scope: Scope | undefined): Value {
  if (definition.nullRule !== 'seen' && values.some(value => countsAsNull(value as Value))) return nullResult(definition.nullRule);
  const call = definition.call as unknown as (...values: readonly unknown[]) => Value;
  return definition.usesScope ? call(scope, ...values) : call(...values);
}

/** Null, or an empty array or object: what a null rule other than `seen` keeps from the function. */
export function countsAsNull(value: Value): boolean {
  if (typeof value !== 'object') return false;
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRow(value)) return false;
  for (const _ in value) return false;
  return true;
}

/** The result in place of a call. */
export function nullResult(rule: Exclude<NullRule, 'seen'>): Value {
  return rule === 'null' ? null : rule === 'false' ? false : 0n;
}
