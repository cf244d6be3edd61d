import {EvaluationError} from '#engine/base/errors.ts';
import {any, float} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import {aggregate, literal, param} from '../define.ts';
import type {AggregateFunction} from '../function.ts';
import {addToList, emptyList, mergeLists, type NumberList, removeFromList, sortedNumbers} from './number-list.ts';

const x = param('x', 'number', 'The numbers; nulls do not count.');
const list = {initial: emptyList, add: addToList, remove: removeFromList, merge: mergeLists};

export const median: AggregateFunction = aggregate<NumberList>({
  name: 'median',
  summary: 'The number in the middle: of an odd count itself, of an even one the mean of the two; null of none.',
  params: [x],
  examples: [
    ['median(x)', 5n, {x: [9n, 1n, 5n, 3n, 7n]}],
    ['median(x)', 6.0, {x: [1n, 3n, 5n, 7n, 9n, 11n]}],
    ['median(x)', 4.0, {x: [null, 4.0]}],
  ],
  returns: ([type]) => (type?.kind === 'float' ? float : any),
  ...list,
  result: values => {
    const sorted = sortedNumbers(values, described => `${described} should be number`);
    if (sorted.length === 0) return null;
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (Number(sorted[middle - 1]) + Number(sorted[middle])) / 2;
  },
});

const p = literal(param('p', 'number', 'A fraction from 0 to 1: 0.5 for the median.'));

/** A percentile of at least one number in ascending order. */
function percentile(
  entry: Pick<AggregateFunction, 'name' | 'summary' | 'examples'> & {readonly aliases?: readonly string[]},
  of: (sorted: readonly (number | bigint)[], fraction: number) => number | bigint,
): AggregateFunction {
  return aggregate<NumberList>({
    ...entry,
    params: [x, p],
    returns: float,
    ...list,
    result: (values, [fraction]) => {
      const sorted = sortedNumbers(values, described => `requires float64 slice but found ${described}`);
      return sorted.length === 0 ? null : Number(of(sorted, fractionOf(fraction)));
    },
  });
}

function fractionOf(fraction: Value | undefined): number {
  const value = typeof fraction === 'number' || typeof fraction === 'bigint' ? Number(fraction) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new EvaluationError(`percentile exec with error: ${String(fraction)} is no fraction from 0 to 1`);
}

export const percentile_cont: AggregateFunction = percentile(
  {
    name: 'percentile_cont',
    aliases: ['percentile'],
    summary:
      'The number below which a fraction of the numbers lies: the one at `p` times their count, or the mean of the two beside it. An error where that is below 1.',
    examples: [
      ['percentile_cont(x, 0.5)', 125.0, {x: [100n, 150n, 200n]}],
      ['percentile_cont(x, 1)', 200.0, {x: [100n, 150n, 200n]}],
    ],
  },
  (sorted, fraction) => {
    const place = fraction * sorted.length;
    const whole = Math.floor(place);
    if (fraction > 0) {
      if (sorted.length === 1) return sorted[0]!;
      if (place === whole) return sorted[whole - 1]!;
      if (place > 1) return (Number(sorted[whole - 1]) + Number(sorted[whole])) / 2;
    }
    throw new EvaluationError(`percentile exec with error: ${fraction} of ${sorted.length} numbers is less than one of them`);
  },
);

export const percentile_disc: AggregateFunction = percentile(
  {
    name: 'percentile_disc',
    summary: 'The first of the numbers in ascending order that a fraction of them reaches.',
    examples: [
      ['percentile_disc(x, 0.5)', 150.0, {x: [100n, 150n, 200n]}],
      ['percentile_disc(x, 0)', 1.0, {x: [3.0, 1.0, 2.0]}],
    ],
  },
  (sorted, fraction) => sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)]!,
);
