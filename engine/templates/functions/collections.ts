import {EvaluationError} from '#engine/base/errors.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {argumentText, goTypeOf, isTrue, type TemplateValue} from '../template-value.ts';
import {listArgument, type TemplateFunction, templateFunction, textArgument, variadic} from './template-function.ts';

/** Sprig's functions on lists and objects, and its defaults. */
export const collectionFunctions: Readonly<Record<string, TemplateFunction>> = {
  list: variadic(0, (...values) => values as Value[]),
  first: templateFunction(1, list => listArgument(list)[0] ?? null),
  last: templateFunction(1, list => listArgument(list).at(-1) ?? null),
  rest: templateFunction(1, list => listArgument(list).slice(1)),
  has: templateFunction(2, (needle, list) => list !== null && listArgument(list).some(item => deepEqual(item, needle!))),
  dict: variadic(0, (...pairs) => dictionary(pairs)),
  keys: variadic(0, (...objects) => objects.flatMap(object => Object.keys(objectArgument(object)))),
  hasKey: templateFunction(2, (object, key) => Object.hasOwn(objectArgument(object), textArgument(key))),
  get: templateFunction(2, (object, key) => memberOrEmpty(objectArgument(object), textArgument(key))),
  default: templateFunction(1, (fallback, value) => (isTrue(value) ? value : fallback), 2),
  empty: templateFunction(1, value => !isTrue(value)),
  coalesce: variadic(0, (...values) => values.find(isTrue) ?? null),
  ternary: templateFunction(3, (whenTrue, whenFalse, condition) => {
    if (typeof condition !== 'boolean') throw new EvaluationError(`expected bool, found ${goTypeOf(condition)}`);
    return condition ? whenTrue : whenFalse;
  }),
};

function objectArgument(value: TemplateValue): Row {
  if (value !== undefined && isRow(value)) return value;
  throw new EvaluationError(`expected an object, found ${goTypeOf(value)}`);
}

function memberOrEmpty(object: Row, name: string): Value {
  return Object.hasOwn(object, name) ? object[name]! : '';
}

/** A last key without value has the empty text. */
function dictionary(pairs: readonly TemplateValue[]): Row {
  const entries: [string, Value][] = [];
  for (let i = 0; i < pairs.length; i += 2) entries.push([argumentText(pairs[i]), i + 1 < pairs.length ? (pairs[i + 1] ?? null) : '']);
  // Object.fromEntries makes own members of any name.
  return Object.fromEntries(entries);
}

function deepEqual(a: Value, b: Value): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]!));
  if (isRow(a)) {
    if (!isRow(b)) return false;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && deepEqual(a[name]!, b[name]!));
  }
  return a === b;
}
