import {EvaluationError} from '#engine/base/errors.ts';
import {float} from '#engine/values/data-type.ts';
import type {Int} from '#engine/values/int.ts';
import {describe} from '#engine/values/type-name.ts';
import {aggregate, kernel, param} from '../define.ts';
import type {AggregateFunction, AggregateKernel, Example} from '../function.ts';

/**
 * Mean and sum of squared distances from it, kept up to date value by value (B. P. Welford, “Note on a method for calculating corrected sums
 * of squares and products”, Technometrics 4 (1962)). Sums of squares would cancel each other out where the mean is large.
 */
interface Spread {
  count: number;
  mean: number;
  squares: number;
}

interface CheckedSpread extends Spread {
  /** The first value that is no number, described. */
  invalid: string | undefined;
}

function add<T extends Spread>(spread: T, value: number): T {
  const distance = value - spread.mean;
  spread.mean += distance / ++spread.count;
  spread.squares += distance * (value - spread.mean);
  return spread;
}

/** T. F. Chan, G. H. Golub, R. J. LeVeque, “Updating formulae and a pairwise algorithm for computing sample variances” (1979). */
function merge(a: Spread, b: Spread): Spread {
  if (a.count === 0 || b.count === 0) return a.count === 0 ? {...b} : {...a};
  const count = a.count + b.count;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squares: a.squares + b.squares + distance * distance * ((a.count * b.count) / count),
  };
}

function empty(): Spread {
  return {count: 0, mean: 0, squares: 0};
}

type Measure = (squares: number, count: number) => number;

/** `least`: how many values it takes; of fewer the result is null. */
function spreadFunction(name: string, summary: string, least: number, measure: Measure, examples: readonly Example[]): AggregateFunction {
  const result = ({count, squares}: Spread): number | null => {
    const value = count < least ? Number.NaN : measure(squares, count);
    return Number.isFinite(value) ? value : null;
  };
  const kernelOf = (kind: 'int' | 'float'): AggregateKernel<never> =>
    kernel<Spread>({kind, initial: empty, add: (spread, value: Int) => add(spread, Number(value)), merge, result});
  return aggregate<CheckedSpread>({
    name,
    summary,
    params: [param('x', 'number', 'The numbers; nulls do not count.')],
    examples,
    returns: float,
    initial: () => ({...empty(), invalid: undefined}),
    add: (spread, value) => {
      if (typeof value === 'number' || typeof value === 'bigint') return add(spread, Number(value));
      if (value !== null) spread.invalid ??= describe(value);
      return spread;
    },
    isBounded: true,
    merge: (earlier, later) => ({...merge(earlier, later), invalid: earlier.invalid ?? later.invalid}),
    result: spread => {
      if (spread.invalid !== undefined) throw new EvaluationError(`requires float64 slice but found ${spread.invalid}`);
      return result(spread);
    },
    kernels: [kernelOf('float'), kernelOf('int')],
  });
}

const three = {x: [100n, 150n, 200n]};

export const stddev = spreadFunction(
  'stddev',
  'The standard deviation of numbers that are the whole population; null of none.',
  1,
  (squares, count) => Math.sqrt(squares / count),
  [['stddev(x)', 40.824829046386306, three]],
);

export const stddevs = spreadFunction(
  'stddevs',
  'The standard deviation of numbers that are a sample; null of fewer than two.',
  2,
  (squares, count) => Math.sqrt(squares / (count - 1)),
  [
    ['stddevs(x)', 50.0, three],
    ['stddevs(x)', null, {x: [7n]}],
  ],
);

export const variance = spreadFunction(
  'var',
  'The variance of numbers that are the whole population; null of none.',
  1,
  (squares, count) => squares / count,
  [['var(x)', 1666.6666666666667, three]],
);

export const sampleVariance = spreadFunction(
  'vars',
  'The variance of numbers that are a sample; null of fewer than two.',
  2,
  (squares, count) => squares / (count - 1),
  [['vars(x)', 2500.0, three]],
);
