import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {NumberList} from '#engine/functions/aggregate/number-list.ts';
import type {AggregateFunction, AggregateKernel} from '#engine/functions/function.ts';
import {findFunction, functionFamilies} from '#engine/functions/registry.ts';
import {typed, untyped} from '#engine/values/coercion.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import {saved} from '#test/support/saved.ts';

type State = unknown;

function find(name: string): AggregateFunction {
  return findFunction(name) as AggregateFunction;
}

function fold(definition: AggregateFunction, values: readonly Value[], options: readonly Value[] = []): State {
  return values.reduce((state: State, value) => add(definition, state, value, options), definition.initial(options));
}

function add(definition: AggregateFunction, state: State, value: Value, options: readonly Value[]): State {
  return definition.add(state, definition.usesRow ? [value, {x: value}] : value, options);
}

/** Spreads are equal up to rounding: their order of computation differs. */
function expectSame(actual: unknown, expected: unknown): void {
  if (typeof actual !== 'number' || typeof expected !== 'number') expect(actual).toEqual(expected);
  else if (actual !== expected) expect(Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThan(1e-6);
}

function resultOf(definition: AggregateFunction, state: State, options: readonly Value[] = []): unknown {
  try {
    return untyped(definition.result(state, options), definition.returns([]));
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe('the first value decides the type', () => {
  const cases: readonly [name: string, values: readonly Value[], expected: unknown][] = [
    ['sum', [1n, 2.9, null, 3n], 6n],
    ['sum', [1.5, 2n], 'run sum function error: requires float64 but found int64(2)'],
    ['sum', [1, 'x'], 'run sum function error: found invalid arg string(x)'],
    ['sum', [9_223_372_036_854_775_807n, 1n], -9_223_372_036_854_775_808n],
    ['sum', [1n, 2 ** 60, 2 ** 60], 2n ** 61n + 1n],
    ['sum', [], null],
    ['avg', [53n, 27n, null], 40n],
    ['avg', [-3n, -4n], -3n],
    ['avg', [100, 150, 200], 150],
    ['avg', [true], 'run avg function error: found invalid arg bool(true)'],
    ['max', [1n, 3.2, 4.1, 2n], 4n],
    ['max', [1n, 'a'], 'run max function error: requires int64 but found string(a)'],
    ['max', ['a', 4n], 'run max function error: requires string but found int64(4)'],
    ['min', [1.5, 1n], 'run min function error: requires float64 but found int64(1)'],
    ['min', ['pump', 'Fan', null], 'Fan'],
    ['min', [-2n, -2.9], -2n],
    ['max', [null], null],
    ['max', [[1]], 'run max function error: found invalid arg []interface {}([1])'],
    ['count', [1n, null, 'a'], 2n],
    ['collect', [1n, null], [1n, null]],
    ['median', [1n, 'x'], 'string(x) should be number'],
    ['stddev', [true], 'requires float64 slice but found bool(true)'],
    ['vars', [7n], null],
    ['var', [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 22.5],
    ['var', [], null],
    ['merge_agg', [{a: 1n, b: 2n}, 3n, {a: 3n}], {a: 3n, b: 2n}],
    ['merge_agg', [JSON.parse('{"__proto__":1}')], JSON.parse('{"__proto__":1}')],
  ];
  it.each(cases)('%s of %o', (name, values, expected) => expect(resultOf(find(name), fold(find(name), values))).toEqual(expected));
});

describe('percentiles', () => {
  const cases: readonly [name: string, values: readonly Value[], fraction: Value, expected: unknown][] = [
    ['percentile_cont', [15, 20, 35, 40, 50], 0.25, 17.5],
    ['percentile_cont', [15, 20, 35, 40, 50], 1n, 50],
    ['percentile_cont', [7.5], 0.1, 7.5],
    ['percentile_cont', [1, 2, 3], 0.1, 'percentile exec with error: 0.1 of 3 numbers is less than one of them'],
    ['percentile_cont', [1, 2, 3], 1.5, 'percentile exec with error: 1.5 is no fraction from 0 to 1'],
    ['percentile_disc', [3, 1, 2], 0.34, 2],
    ['percentile_disc', [3, null, 2n], 0.5, 2],
    ['percentile_disc', [3], -1n, 'percentile exec with error: -1 is no fraction from 0 to 1'],
    ['percentile_disc', ['a'], 0.5, 'requires float64 slice but found string(a)'],
  ];
  it.each(cases)('%s of %o at %s', (name, values, fraction, expected) =>
    expect(resultOf(find(name), fold(find(name), values, [fraction]), [fraction])).toEqual(expected));
});

it('keeps no more of a list than what is in the window', () => {
  const definition = find('median');
  let state = definition.initial([]) as NumberList;
  for (let i = 0; i < 10_000; i++) {
    state = definition.add(state, i, []) as NumberList;
    if (i >= 10) state = definition.remove!(state, i - 10, []) as NumberList;
  }
  expect(definition.result(state, [])).toBe(9994.5);
  expect(state.values.length).toBeLessThan(2100);
});

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.bigInt({min: -50n, max: 50n}),
  fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}),
  fc.integer({min: -50, max: 50}).map(n => n / 4),
  fc.string({maxLength: 2}),
  fc.boolean(),
  fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), {maxKeys: 2}),
);
/** Halves and quarters add up exactly, so that order and grouping cannot change a sum of them. */
const kindValues: Partial<Record<DataType['kind'], fc.Arbitrary<Value>>> = {
  int: fc.oneof(fc.bigInt({min: -50n, max: 50n}), fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n})),
  float: fc.integer({min: -5000, max: 5000}).map(n => n / 4),
  string: fc.string({maxLength: 3, unit: 'grapheme'}),
};

const aggregates = functionFamilies.flatMap(family => family.functions).filter(one => one.kind === 'aggregate');

describe.each(aggregates.map(one => [one.name, one] as const))('%s', (_, definition) => {
  const optionsOf = fc.tuple(
    ...definition.params
      .slice(1)
      .map(({type}): fc.Arbitrary<Value> => (type === 'number' ? fc.constantFrom<Value>(0, 0.25, 0.5, 1n) : fc.boolean())),
  );

  it('merges panes to what it makes of all values', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(anyValue), optionsOf, (earlier, later, options) => {
        const merged = definition.merge!(fold(definition, earlier, options), fold(definition, later, options), options);
        expectSame(resultOf(definition, merged, options), resultOf(definition, fold(definition, [...earlier, ...later], options), options));
      }),
    );
  });

  it('forgets removed values', () => {
    if (!definition.remove) return;
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(anyValue), optionsOf, (old, rest, options) => {
        const state = old.reduce<State>(
          (left, value) => definition.remove!(left, value, options),
          fold(definition, [...old, ...rest], options),
        );
        expect(resultOf(definition, state, options)).toEqual(resultOf(definition, fold(definition, rest, options), options));
      }),
    );
  });

  it('keeps state that can be copied', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(anyValue), optionsOf, (before, after, options) => {
        const copy = saved(fold(definition, before, options));
        const state = after.reduce<State>((left, value) => add(definition, left, value, options), copy);
        expect(resultOf(definition, state, options)).toEqual(
          resultOf(definition, fold(definition, [...before, ...after], options), options),
        );
      }),
    );
  });

  const kernels = (definition.kernels ?? []) as unknown as readonly AggregateKernel<State>[];
  it.each(kernels.map(kernel => [kernel.kind, kernel] as const))('gives the same on a column of type %s', (kind, kernel) => {
    const type = {kind} as DataType;
    const addTyped = (state: State, value: Value): State => kernel.add(state, typed(value, type) as never);
    const all = (values: readonly Value[]): State => values.reduce(addTyped, kernel.initial());
    const result = (state: State): Value => untyped(kernel.result(state), definition.returns([type]));
    fc.assert(
      fc.property(fc.array(kindValues[kind]!), fc.array(kindValues[kind]!), (earlier, later) => {
        const expected = resultOf(definition, fold(definition, [...earlier, ...later]));
        expectSame(result(all([...earlier, ...later])), expected);
        expectSame(result(kernel.merge!(all(earlier), all(later))), expected);
        if (!kernel.remove) return;
        const left = earlier.reduce<State>(
          (state, value) => kernel.remove!(state, typed(value, type) as never),
          all([...earlier, ...later]),
        );
        expect(result(left)).toEqual(resultOf(definition, fold(definition, later)));
      }),
    );
  });
});
