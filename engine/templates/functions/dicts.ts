import {EvaluationError} from '#engine/base/errors.ts';
import {sortBytes} from '#engine/values/byte-order.ts';
import {defineMember} from '#engine/values/member.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {deepCopy} from '../deep.ts';
import {argumentText, goTypeOf, isTrue, type TemplateValue} from '../template-value.ts';
import {define, from, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's functions on objects. Where Go's order of members is random, it is that of their bytes. */
export const dictFunctions: TemplateFamily = {
  title: 'Objects',
  functions: {
    dict: define('An object of names and values in turn.', '{{dict "a" 1 "b" 2}}', from(0), (...pairs) => dictionary(pairs)),
    get: define('A member; empty text where there is none.', '{{get (dict "a" 1) "a"}}', 2, (object, key) =>
      memberOr(objectArgument(object), textArgument(key), ''),
    ),
    set: define(
      'Sets a member; gives the object.',
      '{{$d := dict "a" 1}}{{$_ := set $d "b" 2}}{{$d}}',
      3,
      (object, key, value) => {
        defineMember(objectArgument(object), textArgument(key), value ?? null);
        return object;
      },
      {mutates: true},
    ),
    unset: define(
      'Takes a member away; gives the object.',
      '{{unset (dict "a" 1 "b" 2) "a"}}',
      2,
      (object, key) => {
        delete objectArgument(object)[textArgument(key)];
        return object;
      },
      {mutates: true},
    ),
    hasKey: define('Whether an object has a member.', '{{hasKey (dict "a" 1) "b"}}', 2, (object, key) =>
      Object.hasOwn(objectArgument(object), textArgument(key)),
    ),
    keys: define('The names of the members of all objects.', '{{keys (dict "b" 1 "a" 2) | sortAlpha}}', from(0), (...objects) =>
      objects.flatMap(object => sortBytes(Object.keys(objectArgument(object)))),
    ),
    values: define('The values of the members.', '{{values (dict "a" 1) | toJson}}', 1, object => {
      const row = objectArgument(object);
      return sortBytes(Object.keys(row)).map(name => row[name]!);
    }),
    pluck: define(
      'The members of one name, of all objects that have it.',
      '{{pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)}}',
      from(1),
      (key, ...objects) =>
        objects
          .map(objectArgument)
          .filter(row => Object.hasOwn(row, textArgument(key)))
          .map(row => row[textArgument(key)]!),
    ),
    pick: define('The object with the named members only.', '{{pick (dict "a" 1 "b" 2) "a"}}', from(1), (object, ...names) => {
      const row = objectArgument(object);
      return Object.fromEntries(
        names
          .map(textArgument)
          .filter(name => Object.hasOwn(row, name))
          .map(name => [name, row[name]!]),
      );
    }),
    omit: define('The object without the named members.', '{{omit (dict "a" 1 "b" 2) "a"}}', from(1), (object, ...names) => {
      const out = new Set(names.map(textArgument));
      return Object.fromEntries(Object.entries(objectArgument(object)).filter(([name]) => !out.has(name)));
    }),
    dig: define(
      'A member of a member and so on; the value before the object where one is missing.',
      '{{dig "a" "b" "none" (dict "a" (dict "b" 1))}}',
      from(3),
      dig,
    ),
    merge: define(
      'Adds to the first object what it lacks of the others; gives it.',
      '{{merge (dict "a" 1) (dict "a" 2 "b" 3)}}',
      from(1),
      (target, ...sources) => {
        for (const source of sources) merge(objectArgument(target), objectArgument(source), false);
        return target;
      },
      {aliases: ['mustMerge'], mutates: true, isDeep: true},
    ),
    mergeOverwrite: define(
      'As `merge`, but the later value counts.',
      '{{mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3)}}',
      from(1),
      (target, ...sources) => {
        for (const source of sources) merge(objectArgument(target), objectArgument(source), true);
        return target;
      },
      {aliases: ['mustMergeOverwrite'], mutates: true, isDeep: true},
    ),
    deepCopy: define(
      'A copy that shares nothing with the value.',
      '{{deepCopy (dict "a" (list 1))}}',
      1,
      value => deepCopy(value ?? null),
      {
        aliases: ['mustDeepCopy'],
        isDeep: true,
      },
    ),
  },
};

/** The argument as an object. */
export function objectArgument(value: TemplateValue): Row {
  if (value !== undefined && isRow(value)) return value;
  throw new EvaluationError(`expected an object, found ${goTypeOf(value)}`);
}

function memberOr(object: Row, name: string, absent: Value): Value {
  return Object.hasOwn(object, name) ? object[name]! : absent;
}

/** A last key without value has the empty text. */
function dictionary(pairs: readonly TemplateValue[]): Row {
  const entries: [string, Value][] = [];
  for (let i = 0; i < pairs.length; i += 2) entries.push([argumentText(pairs[i]), i + 1 < pairs.length ? (pairs[i + 1] ?? null) : '']);
  // Object.fromEntries makes own members of any name.
  return Object.fromEntries(entries);
}

function dig(...values: TemplateValue[]): TemplateValue {
  let at: TemplateValue = values.at(-1);
  for (const name of values.slice(0, -2).map(textArgument)) {
    const row = objectArgument(at);
    if (!Object.hasOwn(row, name)) return values.at(-2);
    at = row[name];
  }
  return at;
}

/** Objects within both are merged likewise; what counts as false stands in no value's way. */
function merge(target: Row, source: Row, overwrites: boolean): void {
  for (const [name, value] of Object.entries(source)) {
    const old = Object.hasOwn(target, name) ? target[name]! : null;
    if (isRow(old) && isRow(value)) merge(old, value, overwrites);
    else if (overwrites || (value !== null && !isTrue(old))) defineMember(target, name, value);
  }
}
