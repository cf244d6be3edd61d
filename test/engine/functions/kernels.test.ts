import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {callScalar} from '#engine/functions/call-scalar.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {typed, untyped} from '#engine/values/coercion.ts';
import {any, boolean, type DataType, float, int, string} from '#engine/values/data-type.ts';
import {dateTime} from '#engine/values/date-time.ts';
import {isDateTime, isRow} from '#engine/values/type-name.ts';
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
    fc.constantFrom('$.a', '$[*]', '$..*', 'base64', 'gzip', 'zstd', '1h', 'UTC', 'Asia/Tokyo', 'et', 'upper', '[1,{"a":2}]'),
    fc.constant(dateTime(1_714_979_289_123, 'Asia/Tokyo')),
    fc.uint8Array({maxLength: 4}),
    fc.array(tie('value'), {maxLength: 3}),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'key', 'value', '__proto__')), tie('value'), {maxKeys: 3}),
  ),
})).value;

/** What a value of each static type is at run time; an int may be given as a safe number. */
const isOf: Readonly<Record<DataType['kind'], (value: Value) => boolean>> = {
  any: () => true,
  int: value => typeof value === 'bigint' || Number.isSafeInteger(value),
  float: value => typeof value === 'number',
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  datetime: isDateTime,
  bytea: value => value instanceof Uint8Array,
  array: Array.isArray,
  struct: isRow,
};

function typeOf(value: Value): DataType {
  if (typeof value === 'bigint') return int;
  if (typeof value === 'number') return float;
  return typeof value === 'string' ? string : typeof value === 'boolean' ? boolean : any;
}

describe('a scalar function ends with a value of the type it promises or an EvaluationError, whatever it is given', () => {
  it.each(
    scalars.filter(one => !one.params.some(parameter => parameter.type === 'reference')).map(one => [one.name, one] as const),
  )('%s', (_, definition) => {
    const least = definition.params.filter(parameter => !parameter.optional).length;
    const most = Math.max(least, definition.params.length + (definition.params.at(-1)?.repeated ? 3 : 0));
    fc.assert(
      fc.property(fc.array(anything, {minLength: least, maxLength: most}), values => {
        try {
          const result = callScalar(definition, values, scopeOfExamples);
          const {kind} = definition.returns(values.map(typeOf), values);
          if (result !== null) expect(result).toSatisfy(isOf[kind], `a result of type ${kind}`);
        } catch (thrown) {
          if ((thrown as Error).name !== 'EvaluationError') throw thrown;
        }
      }),
    );
  });
});
