import {EvaluationError} from '#engine/base/errors.ts';
import {randomFraction} from '#engine/base/random.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import {any, arrayOf} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {max, min} from '../aggregate/extremes.ts';
import {impureScalar, scalar} from '../define.ts';
import type {AggregateFunction, Example, ScalarFunction} from '../function.ts';
import {array, arrayOfArgument} from './array-arguments.ts';

/** What an aggregate makes of the elements. */
function extreme(name: string, summary: string, aggregate: AggregateFunction, examples: readonly Example[]): ScalarFunction {
  return scalar({
    name,
    summary,
    params: [array],
    examples,
    call: (list: Value) => {
      const items = arrayOfArgument(list, 'first');
      return aggregate.result(
        items.reduce((state: unknown, item) => aggregate.add(state, item, []), aggregate.initial([])),
        [],
      );
    },
  });
}

const array_sort = scalar({
  name: 'array_sort',
  summary: 'An array in the byte order of its elements’ texts: 10 stands before 9.',
  params: [array],
  examples: [
    ['array_sort(a)', [-0.83, 1.6, 3n, 'abc', 'def'], {a: ['abc', 3n, 'def', 1.6, -0.83]}],
    ['array_sort(a)', [10n, 9n], {a: [9n, 10n]}],
  ],
  returns: arrayOf(any),
  call: (list: Value) => {
    if (!Array.isArray(list)) throw new EvaluationError('array elements should be array');
    return list
      .map((value: Value) => ({value, text: toText(value, '<nil>')}))
      .sort((a, b) => compareBytes(a.text, b.text))
      .map(({value}) => value);
  },
});

const array_shuffle = impureScalar({
  name: 'array_shuffle',
  summary: 'An array with its elements in random order.',
  params: [array],
  examples: [['array_sort(array_shuffle(a))', [1n, 2n, 3n], {a: [3n, 1n, 2n]}]],
  returns: arrayOf(any),
  call: (list: Value) => {
    const items = [...arrayOfArgument(list, 'first')];
    // Fisher and Yates in Durstenfeld's form (Communications of the ACM 7 (1964), algorithm 235).
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = Math.floor(randomFraction() * (last + 1));
      [items[last], items[chosen]] = [items[chosen]!, items[last]!];
    }
    return items;
  },
});

export const arrayOrderFunctions: readonly ScalarFunction[] = [
  extreme('array_max', 'The largest number of an array, or the last text in byte order; nulls do not count.', max, [
    ['array_max(a)', 3n, {a: [1n, null, 3n]}],
    ['array_max(a)', 'fan', {a: ['Fan', 'fan']}],
  ]),
  extreme('array_min', 'The smallest number of an array, or the first text in byte order; nulls do not count.', min, [
    ['array_min(a)', 1.2, {a: [1.2, 4.2, 3.0]}],
  ]),
  array_sort,
  array_shuffle,
];
