import {EvaluationError} from '#engine/base/errors.ts';
import {any, arrayOf, int, string, struct} from '#engine/values/data-type.ts';
import {describe, typeNameOf} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {family, optional, param, repeated, scalar} from '../define.ts';
import {arrayOfArgument} from './array-arguments.ts';
import {object, objectOf, objectOfArgument} from './object-arguments.ts';
import {erase, object_pick} from './object-pick.ts';

const keys = scalar({
  name: 'keys',
  summary: 'The names of an object’s members.',
  params: [object],
  examples: [['keys(o)', ['a', 'b'], {o: {a: 1n, b: 2n}}]],
  returns: arrayOf(string),
  call: (row: Value) => Object.keys(objectOfArgument(row, 'the')),
});

const values = scalar({
  name: 'values',
  summary: 'The values of an object’s members.',
  params: [object],
  examples: [['values(o)', ['c', null], {o: {a: 'c', b: null}}]],
  returns: arrayOf(any),
  call: (row: Value) => Object.values(objectOfArgument(row, 'the')),
});

const items = scalar({
  name: 'items',
  summary: 'The members of an object as arrays of name and value.',
  params: [object],
  examples: [['items(o)', [['a', 1n]], {o: {a: 1n}}]],
  returns: arrayOf(arrayOf(any)),
  call: (row: Value) => Object.entries(objectOfArgument(row, 'first')),
});

const object_size = scalar({
  name: 'object_size',
  summary: 'How many members an object has; 0 of null.',
  params: [object],
  examples: [
    ['object_size(o)', 2n, {o: {a: 1n, b: null}}],
    ['object_size(o)', 0n, {o: null}],
  ],
  nullRule: 'seen',
  returns: int,
  call: (row: Value) => (row === null ? 0 : Object.keys(objectOfArgument(row, 'the')).length),
});

const obj_to_kvpair_array = scalar({
  name: 'obj_to_kvpair_array',
  summary: 'The members of an object as objects with a `key` and a `value`.',
  params: [object],
  examples: [['obj_to_kvpair_array(o)', [{key: 'a', value: 1n}], {o: {a: 1n}}]],
  returns: arrayOf(struct()),
  call: (row: Value) => Object.entries(objectOfArgument(row, 'the')).map(([key, value]) => ({key, value})),
});

const objectFunction = scalar({
  name: 'object',
  summary: 'An object of an array of names and an array of values of the same length.',
  params: [param('names', 'array', 'The names.'), param('values', 'array', 'The values, in the order of the names.')],
  examples: [["object(array_create('a', 'b'), array_create(1, 2))", {a: 1n, b: 2n}]],
  returns: struct(),
  call: (names: Value, members: Value) => {
    const list = arrayOfArgument(members, 'second');
    if (!Array.isArray(names) || !names.every((name): name is string => typeof name === 'string'))
      throw new EvaluationError('first argument should be []string');
    if (names.length !== list.length) throw new EvaluationError('the length of the arguments should be same');
    return objectOf(names.map((name, i) => [name, list[i]!]));
  },
});

const zip = scalar({
  name: 'zip',
  summary: 'An object of an array of arrays of name and value; nulls in it are passed over.',
  params: [param('items', 'array', 'Arrays of two, as `items` gives them.')],
  examples: [['zip(x)', {a: 1n, b: 2n}, {x: [['a', 1n], null, ['b', 2n]]}]],
  returns: struct(),
  call: (list: Value) => {
    const pairs = Array.isArray(list) ? (list as readonly Value[]).filter(item => item !== null) : [null];
    if (!pairs.every(isPair)) throw new EvaluationError('each argument should be [][2]interface{}');
    return objectOf(pairs);
  },
});

function isPair(item: Value): item is [string, Value] {
  return Array.isArray(item) && item.length === 2 && typeof item[0] === 'string';
}

const object_concat = scalar({
  name: 'object_concat',
  summary: 'One object with the members of all; of two of the same name the later counts. Nulls are passed over.',
  params: [object, repeated({...object, name: 'other'})],
  examples: [['object_concat(x, y)', {a: 1n, b: 3n}, {x: {a: 1n, b: 2n}, y: {b: 3n}}]],
  nullRule: 'seen',
  returns: struct(),
  call: (...rows: readonly Value[]) => {
    const members = new Map<string, Value>();
    for (const row of rows) {
      if (row === null) continue;
      if (Array.isArray(row) || typeof row !== 'object')
        throw new EvaluationError(`the argument should be map[string]interface{}, got ${typeNameOf(row)}`);
      for (const [name, value] of Object.entries(objectOfArgument(row, 'the'))) members.set(name, value);
    }
    return objectOf(members);
  },
});

const object_construct = scalar({
  name: 'object_construct',
  summary: 'An object of names and values in turn. A pair whose name is null is left out.',
  params: [
    param('name', 'string', 'The name of a member.'),
    param('value', 'any', 'Its value.'),
    optional(repeated(param('more', 'any', 'Further names and values in turn.'))),
  ],
  examples: [
    ["object_construct('k1', x, 'k2', 'v2')", {k1: null, k2: 'v2'}, {x: null}],
    ["object_construct(x, 1, 'k2', 'v2')", {k2: 'v2'}, {x: null}],
  ],
  nullRule: 'seen',
  returns: struct(),
  check: literals => {
    if (literals.length % 2 !== 0) return 'the args must be key value pairs';
    const wrong = literals.findIndex((value, i) => i % 2 === 0 && value !== undefined && value !== null && typeof value !== 'string');
    return wrong < 0 ? undefined : `Expect string type for parameter ${wrong + 1}`;
  },
  call: (...pairs: readonly Value[]) => {
    const members = new Map<string, Value>();
    for (let i = 0; i < pairs.length; i += 2) {
      const name = pairs[i]!;
      if (name === null) continue;
      if (typeof name !== 'string') throw new EvaluationError(`key ${describe(name)} is not a string`);
      members.set(name, pairs[i + 1] ?? null);
    }
    return objectOf(members);
  },
});

export const objectFunctions = family('Object functions', [
  keys,
  values,
  items,
  objectFunction,
  zip,
  object_concat,
  object_construct,
  object_pick,
  object_size,
  erase,
  obj_to_kvpair_array,
]);
