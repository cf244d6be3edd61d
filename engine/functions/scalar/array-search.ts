import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {boolean, int} from '#engine/values/data-type.ts';
import {ownMember} from '#engine/values/member.ts';
import {sameValue} from '#engine/values/same-value.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {ValueSet} from '#engine/values/value-set.ts';
import {param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';
import {array, arrayOfArgument} from './array-arguments.ts';

// An element equals a value of the same type alone: in a schemaless stream numbers are floats, write `1.0`.

const sought = param('value', 'any', 'What to look for, of the type of the elements: `1` is no `1.0`.');

const array_cardinality = scalar({
  name: 'array_cardinality',
  summary: 'How many elements of an array are not null; 0 of null.',
  params: [array],
  examples: [['array_cardinality(a)', 2n, {a: [1n, null, 2n]}]],
  nullRule: 'zero',
  returns: int,
  call: (list: Value) => arrayOfArgument(list, 'first').reduce((count: number, item) => (item === null ? count : count + 1), 0),
});

const cardinality = scalar({
  name: 'cardinality',
  summary: 'How many elements an array has, or bytes a bytea; 0 of anything else.',
  params: [array],
  examples: [
    ['cardinality(a)', 3n, {a: [1n, null, 2n]}],
    ['cardinality(a)', 0n, {a: 'text'}],
  ],
  nullRule: 'zero',
  returns: int,
  call: (list: Value) => (Array.isArray(list) || list instanceof Uint8Array ? list.length : 0),
});

const array_contains = scalar({
  name: 'array_contains',
  summary: 'Whether an array has an element; false of a null array.',
  params: [array, sought],
  examples: [
    ['array_contains(a, 2)', true, {a: [1n, 2n, 3n]}],
    ['array_contains(a, 2)', false, {a: [1.0, 2.0]}],
    ['array_contains(a, x)', true, {a: [1n, null], x: null}],
  ],
  nullRule: 'seen',
  returns: boolean,
  call: (list: Value, value: Value) => list !== null && arrayOfArgument(list, 'first').some(item => sameValue(item, value)),
});

const array_contains_any = scalar({
  name: 'array_contains_any',
  summary: 'Whether two arrays have an element in common; false of a null first array.',
  params: [
    {...array, name: 'array1'},
    {...array, name: 'array2'},
  ],
  examples: [
    ['array_contains_any(a, b)', true, {a: [1n, 2n, 3n], b: [0n, 2n, 4n]}],
    ['array_contains_any(a, b)', false, {a: [1n], b: [1.0]}],
  ],
  nullRule: 'seen',
  returns: boolean,
  call: (first: Value, second: Value) => {
    if (first === null) return false;
    const set = new ValueSet(arrayOfArgument(first, 'first'));
    return arrayOfArgument(second, 'second').some(item => set.has(item));
  },
});

const array_position = scalar({
  name: 'array_position',
  summary: 'Where an array first has an element, counted from 0; −1 when it does not.',
  params: [array, sought],
  examples: [
    ['array_position(a, 1)', 2n, {a: [3n, 2n, 1n]}],
    ['array_position(a, 9)', -1n, {a: [3n, 2n, 1n]}],
  ],
  nullRule: 'seen',
  returns: int,
  call: (list: Value, value: Value) => (list === null ? -1 : arrayOfArgument(list, 'first').findIndex(item => sameValue(item, value))),
});

const array_last_position = scalar({
  name: 'array_last_position',
  summary: 'Where an array last has an element, counted from 0; −1 when it does not.',
  params: [array, sought],
  examples: [['array_last_position(a, 5)', 2n, {a: [5n, null, 5n]}]],
  nullRule: 'seen',
  returns: int,
  call: (list: Value, value: Value) => {
    if (list === null) return -1;
    const items = arrayOfArgument(list, 'first');
    let at = items.length - 1;
    while (at >= 0 && !sameValue(items[at]!, value)) at--;
    return at;
  },
});

const element_at = scalar({
  name: 'element_at',
  summary: 'The element of an array at an index, or the member of an object under a name.',
  params: [
    param('container', 'any', 'An array or an object.'),
    param('key', 'any', 'For an array the index from 0, or from −1 back from the end; for an object the name.'),
  ],
  examples: [
    ['element_at(a, 0)', 1n, {a: [1n, 2n, 3n]}],
    ['element_at(a, -1)', 3n, {a: [1n, 2n, 3n]}],
    ["element_at(o, 'a')", 1n, {o: {a: 1n}}],
    ["element_at(o, 'b')", null, {o: {a: 1n}}],
  ],
  call: (container: Value, key: Value) => {
    if (Array.isArray(container)) {
      const index = Number(toInt(key, 'strict'));
      const at = index < 0 ? index + container.length : index;
      if (at < 0 || at >= container.length) throw new EvaluationError('index out of range');
      return container[at];
    }
    if (!isRow(container)) throw new EvaluationError('first argument should be []interface{} or map[string]interface{}');
    if (typeof key !== 'string') throw new EvaluationError('second argument should be string: the name of a member');
    return ownMember(container, key);
  },
});

export const arraySearchFunctions: readonly ScalarFunction[] = [
  array_cardinality,
  cardinality,
  array_contains,
  array_contains_any,
  array_position,
  array_last_position,
  element_at,
];
