import {EvaluationError} from '#engine/base/errors.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import {any, type DataType} from '#engine/values/data-type.ts';
import type {Int} from '#engine/values/int.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {aggregate, kernel, param} from '../define.ts';
import type {AggregateFunction, AggregateKernel, Example} from '../function.ts';

type Kind = 'int' | 'float' | 'string';

/**
 * The best value of each kind. The first value decides the type of the result: after an int, later floats count cut to
 * ints; anything else of another type is an error, shown in the result.
 */
interface Extremes {
  first: Kind | undefined;
  int: bigint | undefined;
  float: number | undefined;
  string: string | undefined;
  invalid: string | undefined;
}

const typeNames: Readonly<Record<Kind, string>> = {int: 'int64', float: 'float64', string: 'string'};

/** `side` is 1 for the largest, −1 for the smallest. */
function extreme(name: string, summary: string, side: 1 | -1, examples: readonly Example[]): AggregateFunction {
  const better = <T extends bigint | number | string>(a: T | undefined, b: T | undefined): T | undefined => {
    if (a === undefined || b === undefined) return a ?? b;
    const order = typeof a === 'string' ? compareBytes(a, b as string) : a < b ? -1 : a > b ? 1 : 0;
    return order * side >= 0 ? a : b;
  };

  const kernelOf = (kind: DataType['kind']): AggregateKernel<never> => {
    const pick = (a: Int | string | null, b: Int | string | null): Int | string | null =>
      a === null ? b : b === null ? a : better<Int | string>(a, b)!;
    return kernel<{best: Int | string | null}>({
      kind,
      initial: () => ({best: null}),
      add: (state, value: Int | string) => {
        state.best = pick(state.best, value);
        return state;
      },
      merge: (a, b) => ({best: pick(a.best, b.best)}),
      result: state => state.best,
    });
  };

  return aggregate<Extremes>({
    name,
    summary,
    params: [param('x', 'any', 'Numbers or texts; nulls do not count.')],
    examples,
    returns: ([type]) => (type?.kind === 'int' || type?.kind === 'float' || type?.kind === 'string' ? type : any),
    initial: () => ({first: undefined, int: undefined, float: undefined, string: undefined, invalid: undefined}),
    add: (state, value) => {
      if (value === null) return state;
      const kind = kindOf(value);
      if (kind === undefined) {
        state.invalid ??= describe(value);
        return state;
      }
      state.first ??= kind;
      if (kind === 'int') state.int = better(state.int, value as bigint);
      else if (kind === 'float') state.float = better(state.float, value as number);
      else state.string = better(state.string, value as string);
      return state;
    },
    isBounded: true,
    merge: (earlier, later) => ({
      first: earlier.first ?? later.first,
      int: better(earlier.int, later.int),
      float: better(earlier.float, later.float),
      string: better(earlier.string, later.string),
      invalid: earlier.invalid ?? later.invalid,
    }),
    result: state => resultOf(state, name, better),
    kernels: [kernelOf('int'), kernelOf('float'), kernelOf('string')],
  });
}

function kindOf(value: Value): Kind | undefined {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  return typeof value === 'string' ? 'string' : undefined;
}

function resultOf(state: Extremes, name: string, better: (a: bigint | undefined, b: bigint | undefined) => bigint | undefined): Value {
  const {first} = state;
  if (state.invalid !== undefined) throw new EvaluationError(`run ${name} function error: found invalid arg ${state.invalid}`);
  if (first === undefined) return null;
  const stray = first === 'string' ? (state.int ?? state.float) : (state.string ?? (first === 'float' ? state.int : undefined));
  if (stray !== undefined)
    throw new EvaluationError(`run ${name} function error: requires ${typeNames[first]} but found ${describe(stray)}`);
  if (first !== 'int') return state[first]!;
  return better(state.int, state.float === undefined ? undefined : BigInt(Math.trunc(state.float)))!;
}

export const max: AggregateFunction = extreme('max', 'The largest number, or the last text in byte order; null of none.', 1, [
  ['max(x)', 'self', {x: ['foo', 'bar', 'self']}],
  ['max(x)', 4n, {x: [1n, 3.2, 4.1, 2n]}],
]);

export const min: AggregateFunction = extreme('min', 'The smallest number, or the first text in byte order; null of none.', -1, [
  ['min(x)', 100n, {x: [100n, 150n, 200n]}],
  ['min(x)', 'bar', {x: ['foo', null, 'bar']}],
]);
