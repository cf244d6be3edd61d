import {EvaluationError} from '#engine/base/errors.ts';
import {type DataType, sameType} from '#engine/values/data-type.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {analytic, literal, optional, param} from '../define.ts';

/** The type of a value that is the argument's or the default's. */
function withDefault(position: number) {
  return (types: readonly DataType[]): DataType => {
    const [type] = types;
    const other = types[position];
    return type !== undefined && (other === undefined || sameType(type, other)) ? type : {kind: 'any'};
  };
}

/** The last `n` values in order, from `at` on; undefined before the first row, when the default fills it. */
interface Ring {
  values: Value[] | undefined;
  at: number;
}

export const lag = analytic<Ring>({
  name: 'lag',
  summary: 'The value of `x` that came `n` values earlier, or the default while there is none.',
  params: [
    param('x', 'any', 'The values.'),
    optional(literal(param('n', 'int', 'How many values earlier, 1 unless given; 0 gives null.'))),
    optional(param('default', 'any', 'What stands in for values before the first.')),
    optional(param('ignoreNull', 'boolean', 'Whether nulls are passed over, true unless given.')),
  ],
  examples: [
    ['lag(x)', [null, 1n, 2n], {x: [1n, 2n, 3n]}],
    ['lag(x, 2, 0)', [0n, 0n, 1n], {x: [1n, 2n, 3n]}],
    ['lag(x, 1, 0, true)', [0n, 1n, 1n], {x: [1n, null, 3n]}],
    ['lag(x, 1, 0, false)', [0n, 1n, null], {x: [1n, null, 3n]}],
  ],
  nullRule: 'seen',
  returns: withDefault(2),
  check: ([, n]) => (typeof n === 'bigint' && n < 0n ? 'the index should not be a nagtive integer' : lengthIsTooLarge(n)),
  initial: () => ({values: undefined, at: 0}),
  step: (state, values, updated) => {
    const x = values[0]!;
    const {1: n = 1n, 2: fallback = null, 3: ignoreNull = true} = values;
    if (typeof ignoreNull !== 'boolean') throw new EvaluationError(`expect a boolean for ignoreNull but got ${describe(ignoreNull)}`);
    const length = Number(n);
    const isKept = updated && !(ignoreNull && x === null);
    // As in eKuiper: nothing is kept, so there is nothing to give.
    if (length === 0) return {state, value: null};
    state.values ??= new Array<Value>(length).fill(fallback);
    const value = state.values[state.at]!;
    if (isKept) {
      state.values[state.at] = x;
      state.at = (state.at + 1) % length;
    }
    return {state, value};
  },
});

/** Values kept per partition; what one statement asks for must not exhaust the memory of all. */
const longestLag = 100_000n;

function lengthIsTooLarge(n: Value | undefined): string | undefined {
  return typeof n === 'bigint' && n > longestLag ? `the index should be at most ${longestLag}` : undefined;
}

export const latest = analytic<{value: Value}>({
  name: 'latest',
  summary: 'The last value of `x` that was not null, or the default while there is none.',
  params: [param('x', 'any', 'The values.'), optional(param('default', 'any', 'What stands in before the first value.'))],
  examples: [
    ['latest(x, 0)', [0n, 5n, 5n], {x: [null, 5n, null]}],
    ['latest(x)', [null, 5n], {x: [null, 5n]}],
  ],
  nullRule: 'seen',
  returns: withDefault(1),
  initial: () => ({value: null}),
  step: (state, values, updated) => {
    const x = values[0]!;
    if (updated && x !== null) state.value = x;
    return {state, value: state.value ?? values[1] ?? null};
  },
});
