import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {AggregateFunction, AggregateKernel} from '#engine/functions/function.ts';
import {findFunction, functionFamilies} from '#engine/functions/registry.ts';
import {typed, untyped} from '#engine/values/coercion.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';

type State = unknown;

function find(name: string): AggregateFunction {
  return findFunction(name) as AggregateFunction;
}

function fold(definition: AggregateFunction, values: readonly Value[], options: readonly Value[] = []): State {
  return values.reduce((state: State, value) => definition.add(state, value, options), definition.initial(options));
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
    ['merge_agg', [{a: 1n, b: 2n}, 3n, {a: 3n}], {a: 3n, b: 2n}],
    ['merge_agg', [JSON.parse('{"__proto__":1}')], JSON.parse('{"__proto__":1}')],
  ];
  it.each(cases)('%s of %o', (name, values, expected) => expect(resultOf(find(name), fold(find(name), values))).toEqual(expected));
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
  const optionsOf = fc.tuple(...definition.params.slice(1).map(() => fc.boolean()));

  it('merges panes to what it makes of all values', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.array(anyValue), optionsOf, (earlier, later, options) => {
        const merged = definition.merge!(fold(definition, earlier, options), fold(definition, later, options), options);
        expect(resultOf(definition, merged, options)).toEqual(
          resultOf(definition, fold(definition, [...earlier, ...later], options), options),
        );
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
        const copy = structuredClone(fold(definition, before, options));
        const state = after.reduce<State>((left, value) => definition.add(left, value, options), copy);
        expect(resultOf(definition, state, options)).toEqual(
          resultOf(definition, fold(definition, [...before, ...after], options), options),
        );
      }),
    );
  });

  const kernels = (definition.kernels ?? []) as unknown as readonly AggregateKernel<State>[];
  it.each(kernels.map(kernel => [kernel.kind, kernel] as const))('gives the same on a column of type %s', (kind, kernel) => {
    const type = {kind} as DataType;
    const add = (state: State, value: Value): State => kernel.add(state, typed(value, type) as never);
    const all = (values: readonly Value[]): State => values.reduce(add, kernel.initial());
    const result = (state: State): Value => untyped(kernel.result(state), type);
    fc.assert(
      fc.property(fc.array(kindValues[kind]!), fc.array(kindValues[kind]!), (earlier, later) => {
        const expected = resultOf(definition, fold(definition, [...earlier, ...later]));
        expect(result(all([...earlier, ...later]))).toEqual(expected);
        expect(result(kernel.merge!(all(earlier), all(later)))).toEqual(expected);
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
