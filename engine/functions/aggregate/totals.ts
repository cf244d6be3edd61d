import {any, type DataType, int} from '#engine/values/data-type.ts';
import {addInt, divideInt, type Int, subtractInt} from '#engine/values/int.ts';
import type {Value} from '#engine/values/value.ts';
import {aggregate, kernel, param} from '../define.ts';
import type {AggregateFunction, AggregateKernel} from '../function.ts';
import {addToTotal, emptyTotal, mergeTotals, type NumberTotal, resultOfTotal} from './number-total.ts';

const x = param('x', 'number', 'The numbers; nulls do not count.');

interface IntTotal {
  sum: Int;
  count: number;
}

/** Ints have an exact inverse. */
function intKernel(result: (total: IntTotal) => Value): AggregateKernel<never> {
  return kernel<IntTotal>({
    kind: 'int',
    initial: () => ({sum: 0, count: 0}),
    add: (total, value: Int) => {
      total.sum = addInt(total.sum, value);
      total.count++;
      return total;
    },
    remove: (total, value: Int) => {
      total.sum = subtractInt(total.sum, value);
      total.count--;
      return total;
    },
    merge: (a, b) => ({sum: addInt(a.sum, b.sum), count: a.count + b.count}),
    result: total => (total.count === 0 ? null : result(total)),
  });
}

interface FloatTotal {
  sum: number;
  count: number;
}

/** No `remove`: subtracting a large float would leave its rounding error behind. */
function floatKernel(result: (total: FloatTotal) => Value): AggregateKernel<never> {
  return kernel<FloatTotal>({
    kind: 'float',
    initial: () => ({sum: 0, count: 0}),
    add: (total, value: number) => {
      total.sum += value;
      total.count++;
      return total;
    },
    merge: (a, b) => ({sum: a.sum + b.sum, count: a.count + b.count}),
    result: total => (total.count === 0 ? null : result(total)),
  });
}

function numeric([type]: readonly DataType[]): DataType {
  return type?.kind === 'int' || type?.kind === 'float' ? type : any;
}

export const sum: AggregateFunction = aggregate<NumberTotal>({
  name: 'sum',
  summary: 'Adds up numbers; of ints an int, of floats a float, null of none.',
  params: [x],
  examples: [
    ['sum(x)', 123203n, {x: [53n, 27n, 123123n]}],
    ['sum(x)', 3n, {x: [1n, null, 2.9]}],
    ['sum(x)', null, {x: [null]}],
  ],
  returns: numeric,
  initial: emptyTotal,
  add: addToTotal,
  isBounded: true,
  merge: mergeTotals,
  result: total => resultOfTotal(total, 'sum'),
  kernels: [intKernel(total => total.sum), floatKernel(total => total.sum)],
});

export const avg: AggregateFunction = aggregate<NumberTotal>({
  name: 'avg',
  summary: 'The mean of numbers; of ints an int, cut toward zero, of floats a float, null of none.',
  params: [x],
  examples: [
    ['avg(x)', 40n, {x: [53n, 27n, null]}],
    ['avg(x)', 150.0, {x: [100.0, 150.0, 200.0]}],
  ],
  returns: numeric,
  initial: emptyTotal,
  add: addToTotal,
  isBounded: true,
  merge: mergeTotals,
  result: total => {
    const sum = resultOfTotal(total, 'avg');
    if (sum === null) return null;
    return typeof sum === 'bigint' ? sum / BigInt(total.count) : sum / total.count;
  },
  kernels: [intKernel(total => divideInt(total.sum, total.count)), floatKernel(total => total.sum / total.count)],
});

interface Count {
  count: number;
}

export const count: AggregateFunction = aggregate<Count>({
  name: 'count',
  summary: 'How many values are not null; of `*`, how many rows there are.',
  params: [param('x', 'any', 'The values, or `*`.')],
  examples: [
    ['count(*)', 3n, {x: [53n, 27n, null]}],
    ['count(x)', 2n, {x: [53n, 27n, null]}],
  ],
  returns: int,
  initial: () => ({count: 0}),
  add: (state, value) => {
    if (value !== null) state.count++;
    return state;
  },
  remove: (state, value) => {
    if (value !== null) state.count--;
    return state;
  },
  isBounded: true,
  merge: (earlier, later) => ({count: earlier.count + later.count}),
  result: state => state.count,
});
