import {describe, expect, it} from 'vitest';
import {callScalar} from '#engine/functions/call-scalar.ts';
import type {ScalarFunction} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {Value} from '#engine/values/value.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';

function call(name: string, ...values: Value[]): Value {
  return callScalar(findFunction(name) as ScalarFunction, values, scopeOfExamples);
}

describe('string functions', () => {
  const cases: readonly [name: string, values: readonly Value[], expected: Value][] = [
    ['upper', ['straße é ſ'], 'STRAßE É S'],
    ['lower', ['ΑΣ İ'], 'ασ İ'],
    ['upper', [{On: 'Ab'}], 'MAP[ON:AB]'],
    ['reverse', ['a🙂b'], 'b🙂a'],
    ['length', ['é🙂'], 2],
    ['numbytes', ['é🙂'], 6],
    ['numbytes', [1_500_000], 7],
    ['indexof', ['é🙂x', 'x'], 6],
    ['indexof', [1024, '2'], 2],
    ['substring', ['温度计', 3n, 6n], '度'],
    ['substring', ['温度', 1n, 3n], '��'],
    ['substring', ['abc', 1n, 99n], 'bc'],
    ['split_value', ['/a/b', '/', -1n], 'b'],
    ['split_value', ['a🙂', '', 1n], '🙂'],
    ['trim', ['\u3000全角\u0085 '], '全角'],
    ['rtrim', ['\ufeffx\ufeff'], '\ufeffx\ufeff'],
    ['format', [0.125, 2n], '0.12'],
    ['format', [-0.5, 0n], '-0'],
    ['format', [1e22, 1n], '10000000000000000000000.0'],
    ['format', [1.005, 2n], '1.00'],
    ['format', [2.5, 0n], '2'],
    ['format', [123_456_789n, 0n, 'en_IN'], '12,34,56,789'],
    ['format', [1_234_567.891, 1n, 'fr_FR'], '1\u00a0234\u00a0567,9'],
    ['regexp_replace', ['banana', '(a)', '$1x'], 'bnn'],
    ['regexp_replace', ['banana', '(a)', '$$'], 'b$n$n$'],
    ['regexp_replace', ['banana', '(?P<x>a)', '${x}-'], 'ba-na-na-'],
    ['regexp_replace', ['baaac', 'a*', 'x'], 'xbxcx'],
    ['regexp_replace', ['🙂a🙂', '', '-'], '-🙂-a-🙂-'],
    ['regexp_substr', ['t=21.75C', '[0-9]+(\\.[0-9]+)?'], '21.75'],
    ['concat', [1_000_000, null, 3n], '1e+063'],
  ];
  it.each(cases)('%s of %o', (name, values, expected) => expect(call(name, ...values)).toBe(expected));

  const errors: readonly [name: string, values: readonly Value[], message: string][] = [
    ['split_value', ['a/b', '/', 2n], '2 out of index array (size = 2)'],
    ['substring', ['abc', -1n], 'start index must be a positive number'],
    ['substring', ['abc', 2n, 1n], 'start index must be smaller than end index'],
    ['lpad', ['a', -1n], 'expected 0 to 1000000'],
    ['rpad', ['a', 1_000_000_000n], 'expected 0 to 1000000'],
    ['format', [1.5, 1n, 'ff'], 'not support for the specific locale:ff'],
    ['format', ['1.5', 1n], 'cannot convert string(1.5) to float64'],
    ['regexp_matches', ['a', 'a(?=b)'], 'is no regular expression'],
  ];
  it.each(errors)('%s of %o fails', (name, values, message) => expect(() => call(name, ...values)).toThrow(message));
});

it('matches patterns in time linear in the text', () => {
  const began = performance.now();
  expect(call('regexp_matches', `${'a'.repeat(20_000)}!`, '^(a+)+$')).toBe(false);
  expect(call('rtrim', `${' '.repeat(200_000)}x`)).toHaveLength(200_001);
  expect(performance.now() - began).toBeLessThan(2000);
});

it('gives identifiers of version 1 that do not repeat and carry the time', () => {
  const ids = Array.from({length: 20_000}, () => call('newuuid') as string);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(0, 10)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const [low, middle, high] = ids[0]!.split('-');
  const steps = BigInt(`0x${high!.slice(1)}${middle}${low}`);
  expect(Number((steps - 122_192_928_000_000_000n) / 10_000n)).toBe(scopeOfExamples.now());
});

it('reads own members of metadata only, whole numbers as ints', () => {
  const scope = {...scopeOfExamples, metadata: {qos: 1, ratio: 0.5, device: {id: 'd1', n: [1, 2.5]}, nothing: undefined}};
  const meta = findFunction('meta') as ScalarFunction;
  const read = (...path: string[]): Value => callScalar(meta, [path], scope);
  expect(read('qos')).toBe(1n);
  expect(read('ratio')).toBe(0.5);
  expect(read('device', 'n')).toEqual([1n, 2.5]);
  expect(read()).toEqual({qos: 1n, ratio: 0.5, device: {id: 'd1', n: [1n, 2.5]}, nothing: null});
  for (const path of [['constructor'], ['__proto__'], ['device', 'toString'], ['qos', 'x'], ['nothing', 'x']])
    expect(read(...path)).toBe(null);
  expect(callScalar(meta, [['topic']], {...scopeOfExamples, metadata: undefined})).toBe(null);
});
