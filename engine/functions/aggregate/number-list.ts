import {EvaluationError} from '#engine/base/errors.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';

/**
 * The values of aggregates that need them all, in the order of arrival. A value that is no number stands there as its description: it costs
 * the window, not the row.
 */
export interface NumberList {
  values: (number | bigint | string)[];
  /** Where the list begins: what was removed goes later, many at a time. */
  from: number;
}

export function emptyList(): NumberList {
  return {values: [], from: 0};
}

export function addToList(list: NumberList, value: Value): NumberList {
  if (typeof value === 'number' || typeof value === 'bigint') list.values.push(value);
  else if (value !== null) list.values.push(describe(value));
  return list;
}

/** Removes the oldest value; `value` tells whether it was one. */
export function removeFromList(list: NumberList, value: Value): NumberList {
  if (value === null) return list;
  list.from++;
  if (list.from > 1000 && list.from * 2 > list.values.length) {
    list.values = list.values.slice(list.from);
    list.from = 0;
  }
  return list;
}

export function mergeLists(earlier: NumberList, later: NumberList): NumberList {
  return {values: [...earlier.values.slice(earlier.from), ...later.values.slice(later.from)], from: 0};
}

/** The numbers in ascending order. `complain` makes the error of a value that is none. */
export function sortedNumbers({values, from}: NumberList, complain: (described: string) => string): readonly (number | bigint)[] {
  const numbers = from === 0 ? values : values.slice(from);
  const invalid = numbers.find(value => typeof value === 'string');
  if (invalid !== undefined) throw new EvaluationError(complain(invalid as string));
  return (numbers as (number | bigint)[]).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
