import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {callScalar} from '#engine/functions/call-scalar.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {typed, untyped} from '#engine/values/coercion.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';

const scalars = functionFamilies.flatMap(family => family.functions).filter(one => one.kind === 'scalar');
const withKernels = scalars.flatMap(one => (one.kernels ?? []).map(kernel => [`${one.name}(${kernel.kinds})`, one, kernel] as const));

const valuesOf: Partial<Record<DataType['kind'], fc.Arbitrary<Value>>> = {
  int: fc.oneof(fc.bigInt({min: -100n, max: 100n}), fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n})),
  float: fc.double({noNaN: true, noDefaultInfinity: true}),
  string: fc.string({unit: 'grapheme'}),
};

function outcome(compute: () => unknown): unknown {
  try {
    return compute();
  } catch (thrown) {
    return String(thrown);
  }
}

describe('a kernel gives what the function gives', () => {
  it.each(withKernels)('%s', (_, definition, {kinds, call}) => {
    const kernel = call as unknown as (...values: Value[]) => Value;
    const types = kinds.map(kind => ({kind}) as DataType);
    const returned = definition.returns(types);
    fc.assert(
      fc.property(fc.tuple(...kinds.map(kind => valuesOf[kind]!)), values => {
        const plain = outcome(() => untyped(callScalar(definition, values, scopeOfExamples), returned));
        const fast = outcome(() => untyped(kernel(...values.map((value, i) => typed(value, types[i]!))), returned));
        expect(fast).toEqual(plain);
      }),
    );
  });
});

describe('a scalar function ends with a value or an EvaluationError whatever it is given', () => {
  const anything: fc.Arbitrary<Value> = fc.letrec<{value: Value}>(tie => ({
    value: fc.oneof(
      {depthSize: 'small'},
      fc.constant(null),
      fc.boolean(),
      fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}),
      fc.bigInt({min: -5n, max: 5n}),
      fc.double(),
      fc.string({unit: 'binary'}),
      fc.constantFrom('(', 'a*', '(?P<n>x)', '$1', 'bigint', 'datetime', 'yyyy-MM-dd', 'de_DE', '2024-01-01', '0x1f'),
      fc.uint8Array({maxLength: 4}),
      fc.array(tie('value'), {maxLength: 3}),
      fc.dictionary(fc.string(), tie('value'), {maxKeys: 3}),
    ),
  })).value;

  it.each(
    scalars.filter(one => !one.params.some(parameter => parameter.type === 'reference')).map(one => [one.name, one] as const),
  )('%s', (_, definition) => {
    const least = definition.params.filter(parameter => !parameter.optional).length;
    fc.assert(
      fc.property(fc.array(anything, {minLength: least, maxLength: Math.max(least, definition.params.length)}), values => {
        try {
          expect(callScalar(definition, values, scopeOfExamples)).not.toBeUndefined();
        } catch (thrown) {
          expect((thrown as Error).name).toBe('EvaluationError');
        }
      }),
    );
  });
});
