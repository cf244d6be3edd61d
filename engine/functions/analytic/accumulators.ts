import {EvaluationError} from '#engine/base/errors.ts';
import {float, int} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import {analytic, optional, param} from '../define.ts';
import type {AnalyticFunction, Example} from '../function.ts';

/** What has been accumulated since the last reset. */
interface Total {
  count: number;
  /** Sum, greatest or least value so far. */
  value: number;
}

interface State extends Total {
  /** Between a row where `begin` holds and one where `reset` does; always, without conditions. */
  isActive: boolean;
}

interface Accumulator {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly isInt?: boolean;
  /** Takes a value in; throws before it changes anything. */
  readonly add: (total: Total, value: Value) => void;
  readonly result: (total: Total) => Value;
}

/**
 * A function that accumulates over the whole stream, or from each row where `begin` is true to the next where `reset` is, both included. The
 * total of a finished stretch shows until the row after it.
 */
function accumulator({name, summary, examples, isInt, add, result}: Accumulator): AnalyticFunction {
  return analytic<State>({
    name,
    summary,
    params: [
      param('x', 'any', 'The values.'),
      optional(param('begin', 'boolean', 'Whether accumulating begins with this row; needs `reset` beside it.')),
      optional(param('reset', 'boolean', 'Whether accumulating ends with this row.')),
    ],
    examples,
    nullRule: 'seen',
    returns: isInt ? int : float,
    check: values => (values.length === 2 ? 'Expect 1/3 arguments but found 2.' : undefined),
    initial: () => ({count: 0, value: 0, isActive: false}),
    step: (state, values, updated) => {
      const x = values[0]!;
      if (values.length === 1) {
        if (updated) add(state, x);
        return {state, value: result(state)};
      }
      const begins = condition(values[1]!, 'onBegin');
      const ends = condition(values[2]!, 'onReset');
      const next = state.isActive ? {...state} : {count: 0, value: 0, isActive: begins};
      if (begins) next.isActive = true;
      if (next.isActive && updated) add(next, x);
      if (ends) next.isActive = false;
      return {state: next, value: result(next)};
    },
  });
}

function condition(value: Value, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(`${name} should be boolean`);
}

function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new EvaluationError('the value should be number');
}

export const acc_sum = accumulator({
  name: 'acc_sum',
  summary: 'The sum of the values so far, as a float; nulls are passed over.',
  examples: [
    ['acc_sum(x)', [1.0, 3.0, 3.0], {x: [1n, 2n, null]}],
    [
      'acc_sum(x, b, r)',
      [0.0, 1.0, 2.0, 3.0, 0.0],
      {x: [1n, 1n, 1n, 1n, 1n], b: [false, true, false, false, false], r: [false, false, false, true, false]},
    ],
  ],
  add: (total, value) => {
    if (value !== null) total.value += numberOf(value);
  },
  result: ({value}) => value,
});

export const acc_count = accumulator({
  name: 'acc_count',
  summary: 'How many values came so far that are not null.',
  examples: [
    ['acc_count(x)', [1n, 1n, 2n], {x: ['a', null, 3n]}],
    ['acc_count(x, x > 1, x < 0)', [0n, 1n, 2n, 3n, 4n, 0n], {x: [1n, 2n, 1n, 3n, -1n, 1n]}],
  ],
  isInt: true,
  add: (total, value) => {
    if (value !== null) total.count++;
  },
  result: ({count}) => count,
});

export const acc_avg = accumulator({
  name: 'acc_avg',
  summary: 'The mean of the values so far; 0 before the first. Null fails.',
  examples: [['acc_avg(x)', [1.0, 1.5, 2.0], {x: [1n, 2n, 3n]}]],
  add: (total, value) => {
    total.value += numberOf(value);
    total.count++;
  },
  result: ({value, count}) => (count === 0 ? 0 : value / count),
});

export const acc_max = accumulator({
  name: 'acc_max',
  summary: 'The greatest value so far, as a float; 0 before the first. Null fails.',
  examples: [['acc_max(x)', [1.0, 4.0, 4.0], {x: [1n, 4n, 2n]}]],
  add: (total, value) => {
    const number = numberOf(value);
    total.value = total.count++ === 0 ? number : Math.max(total.value, number);
  },
  result: ({value}) => value,
});

export const acc_min = accumulator({
  name: 'acc_min',
  summary: 'The least value so far, as a float; 0 before the first. Null fails.',
  examples: [['acc_min(x)', [5.0, 4.0, 4.0], {x: [5n, 4n, 7n]}]],
  add: (total, value) => {
    const number = numberOf(value);
    total.value = total.count++ === 0 ? number : Math.min(total.value, number);
  },
  result: ({value}) => value,
});
