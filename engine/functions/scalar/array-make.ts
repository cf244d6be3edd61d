import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {any, arrayOf, int, string, struct} from '#engine/values/data-type.ts';
import {ownMember} from '#engine/values/member.ts';
import {toPlainText} from '#engine/values/text.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {optional, param, repeated, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';
import {array, arrayOfArgument, mostElements} from './array-arguments.ts';

const array_create = scalar({
  name: 'array_create',
  summary: 'An array of its arguments, nulls left out; null of none.',
  params: [optional(repeated(param('x', 'any', 'Any value.')))],
  examples: [
    ['array_create(1, x, 2)', [1n, 2n], {x: null}],
    ['array_create(x)', null, {x: null}],
  ],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (...values: readonly Value[]) => {
    const items = values.filter(value => value !== null);
    return items.length === 0 ? null : items;
  },
});

const array_concat = scalar({
  name: 'array_concat',
  summary: 'The elements of several arrays in one; a null counts as an empty array.',
  params: [repeated(array)],
  examples: [
    ['array_concat(a, b, a)', [1n, 2n, 1n], {a: [1n], b: [2n]}],
    ['array_concat(a, b)', [], {a: null, b: null}],
  ],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (...lists: readonly Value[]) =>
    lists.flatMap(list => {
      if (list === null) return [];
      if (!Array.isArray(list)) throw new EvaluationError('array elements should be array');
      return list;
    }),
});

const array_flatten = scalar({
  name: 'array_flatten',
  summary: 'An array with the elements of the arrays in it in their place, one level deep.',
  params: [array],
  examples: [['array_flatten(a)', [1n, 2n, [3n], 4n], {a: [[1n, 2n, [3n]], 4n]}]],
  returns: arrayOf(any),
  call: (list: Value) => arrayOfArgument(list, 'first').flat(),
});

const array_join = scalar({
  name: 'array_join',
  summary: 'The texts of the elements with a separator between them.',
  params: [
    array,
    param('separator', 'string', 'What stands between two elements.'),
    optional(param('nullText', 'string', 'What a null is written as; left out, nulls are passed over.')),
  ],
  examples: [
    ["array_join(a, ':', 'x')", 'a:x:c', {a: ['a', null, 'c']}],
    ["array_join(a, ':')", 'a:c', {a: ['a', null, 'c']}],
    ["array_join(a, ', ')", '123, 1000000, b', {a: [123n, 1e6, 'b']}],
  ],
  returns: string,
  call: (list: Value, separator: Value, nullText?: Value) => {
    const items = arrayOfArgument(list, 'first');
    if (typeof separator !== 'string') throw new EvaluationError('second argument should be string');
    if (nullText !== undefined && typeof nullText !== 'string') throw new EvaluationError('third argument should be string');
    const texts: string[] = [];
    for (const item of items) {
      if (item !== null) texts.push(toPlainText(item));
      else if (nullText !== undefined) texts.push(nullText);
    }
    return texts.join(separator);
  },
});

const kvpair_array_to_obj = scalar({
  name: 'kvpair_array_to_obj',
  summary: 'An object of an array of objects that each have a `key` and a `value`; of two with the same key the later counts.',
  params: [array],
  examples: [
    [
      'kvpair_array_to_obj(a)',
      {a: 2n},
      {
        a: [
          {key: 'a', value: 1n},
          {key: 'a', value: 2n},
        ],
      },
    ],
  ],
  returns: struct(),
  call: (list: Value) => {
    const members = arrayOfArgument(list, 'first').map((item): [string, Value] => {
      const key = isRow(item) && Object.hasOwn(item, 'value') ? ownMember(item, 'key') : null;
      if (typeof key !== 'string') throw new EvaluationError('array item should be key-value pair');
      return [key, (item as Row)['value']!];
    });
    // Object.fromEntries makes own members of any name.
    return Object.fromEntries(members);
  },
});

const repeat = scalar({
  name: 'repeat',
  summary: `An array of \`n\` times the same value, at most ${mostElements} times.`,
  params: [param('x', 'any', 'Any value.'), param('n', 'int', 'How many times.')],
  examples: [
    ["repeat('hello', 3)", ['hello', 'hello', 'hello']],
    ['repeat(x, 0)', [], {x: 1n}],
  ],
  returns: arrayOf(any),
  call: (value: Value, times: Value) => {
    const count = Number(wholeNumber(times, 'second'));
    if (count < 0 || count > mostElements) throw new EvaluationError(`${count} elements: expected 0 to ${mostElements}`);
    return new Array<Value>(count).fill(value);
  },
});

const sequence = scalar({
  name: 'sequence',
  summary: `The whole numbers from one to another, both included, at most ${mostElements} of them.`,
  params: [
    param('start', 'int', 'The first number.'),
    param('stop', 'int', 'The last number, if a step leads to it.'),
    optional(param('step', 'int', 'What lies between two numbers; left out, 1 up or −1 down.')),
  ],
  examples: [
    ['sequence(1, 10, 2)', [1n, 3n, 5n, 7n, 9n]],
    ['sequence(10, 1, -3)', [10n, 7n, 4n, 1n]],
    ['sequence(3, 1)', [3n, 2n, 1n]],
  ],
  returns: arrayOf(int),
  call: (from: Value, to: Value, by?: Value) => {
    const start = wholeNumber(from, 'first');
    const stop = wholeNumber(to, 'second');
    const step = by === undefined ? (start <= stop ? 1n : -1n) : wholeNumber(by, 'third');
    if (step === 0n) throw new EvaluationError('invalid step: should not be zero');
    const count = (stop - start) / step + 1n;
    if (count <= 0n || stop - start < 0n !== step < 0n) return stop === start ? [start] : [];
    if (count > mostElements) throw new EvaluationError(`${count} elements: expected at most ${mostElements}`);
    return Array.from({length: Number(count)}, (_, i) => start + BigInt(i) * step);
  },
});

function wholeNumber(value: Value, position: string): bigint {
  try {
    return toInt(value, 'strict');
  } catch {
    throw new EvaluationError(`${position} argument should be int`);
  }
}

export const arrayMakeFunctions: readonly ScalarFunction[] = [
  array_create,
  array_concat,
  array_flatten,
  array_join,
  kvpair_array_to_obj,
  repeat,
  sequence,
];
