import {any, arrayOf} from '#engine/values/data-type.ts';
import {sameValue} from '#engine/values/same-value.ts';
import type {Value} from '#engine/values/value.ts';
import {isComposite, ValueSet} from '#engine/values/value-set.ts';
import {param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';
import {array, arrayOfArgument} from './array-arguments.ts';

// Elements are the same when their types are: 1, 1.0 and '1' are three.

const array1 = {...array, name: 'array1'};
const array2 = {...array, name: 'array2'};

/** Each value once, in the order of first appearance. */
function distinct(items: readonly Value[]): readonly Value[] {
  const seen = new ValueSet();
  return items.filter(item => seen.add(item));
}

const array_distinct = scalar({
  name: 'array_distinct',
  summary: 'An array with each element once; arrays and objects in it all stay.',
  params: [array],
  examples: [
    ['array_distinct(a)', [1n, true, null], {a: [1n, 1n, true, null, null]}],
    ['array_distinct(a)', [[1n], [1n]], {a: [[1n], [1n]]}],
  ],
  returns: arrayOf(any),
  call: (list: Value) => {
    const seen = new ValueSet();
    return arrayOfArgument(list, 'first').filter(item => isComposite(item) || seen.add(item));
  },
});

const array_except = scalar({
  name: 'array_except',
  summary: 'Each element of the first array that the second does not have, once; null of a null first array.',
  params: [array1, array2],
  examples: [
    ['array_except(a, b)', [2n], {a: [1n, 2n, 2n, 3n], b: [1n, 3n, 4n]}],
    ['array_except(a, b)', [1n], {a: [1n, 1n], b: null}],
  ],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (first: Value, second: Value) => {
    if (first === null) return null;
    const items = arrayOfArgument(first, 'first');
    const seen = new ValueSet(second === null ? [] : arrayOfArgument(second, 'second'));
    return items.filter(item => seen.add(item));
  },
});

const array_intersect = scalar({
  name: 'array_intersect',
  summary: 'Each element that two arrays have in common, once, in the order of the second.',
  params: [array1, array2],
  examples: [['array_intersect(a, b)', [1n, 3n], {a: [3n, 1n, 2n], b: [1n, 4n, 3n, 3n]}]],
  returns: arrayOf(any),
  call: (first: Value, second: Value) => {
    const common = new ValueSet(arrayOfArgument(first, 'first'));
    return distinct(arrayOfArgument(second, 'second').filter(item => common.has(item)));
  },
});

const array_union = scalar({
  name: 'array_union',
  summary: 'Each element of two arrays once; a null counts as an empty array.',
  params: [array1, array2],
  examples: [
    ['array_union(a, b)', [1n, 2n, 3n, 4n], {a: [1n, 1n, 2n, 3n], b: [1n, 3n, 4n]}],
    ['array_union(a, b)', [1n], {a: null, b: [1n]}],
  ],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (first: Value, second: Value) =>
    distinct([...(first === null ? [] : arrayOfArgument(first, 'first')), ...(second === null ? [] : arrayOfArgument(second, 'second'))]),
});

const array_remove = scalar({
  name: 'array_remove',
  summary: 'An array without an element, wherever it stands; null of null.',
  params: [array, param('value', 'any', 'What to leave out, of the type of the elements: `1` is no `1.0`.')],
  examples: [
    ['array_remove(a, 1)', [3n, 2n], {a: [3n, 1n, 2n, 1n]}],
    ['array_remove(a, 1)', [1.0], {a: [1.0]}],
  ],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (list: Value, value: Value) => (list === null ? null : arrayOfArgument(list, 'first').filter(item => !sameValue(item, value))),
});

export const arraySetFunctions: readonly ScalarFunction[] = [array_distinct, array_except, array_intersect, array_union, array_remove];
