import {afterEach, describe, expect, it} from 'vitest';
import {callScalar} from '#engine/functions/call-scalar.ts';
import type {ScalarFunction, Scope} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import {snowflake} from '#engine/functions/scalar/snowflake.ts';
import type {Value} from '#engine/values/value.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';

function call(name: string, values: readonly Value[], scope: Scope = scopeOfExamples): Value {
  return callScalar(findFunction(name) as ScalarFunction, values, scope);
}

describe('props', () => {
  afterEach(() => {
    delete process.env['KUIPER_PROPS_SITE'];
  });

  it('reads the variables of the environment that are meant for rules, and no others', () => {
    process.env['KUIPER_PROPS_SITE'] = 'plant 7';
    expect(call('props', ['site'])).toBe('plant 7');
    expect(call('props', ['SITE'])).toBe('plant 7');
    for (const name of ['PATH', '', '../PATH', 'constructor']) expect(() => call('props', [name])).toThrow('is not set');
    expect(() => call('props', [12n])).toThrow('invalid input 12: must be property name of string type');
  });

  it('gives unique numbers that grow, whatever the clock does', () => {
    const clock = [1_700_000_000_000, 1_700_000_000_000, 1_699_999_999_999, 1_700_000_000_005];
    const ids = clock.flatMap(now => Array.from({length: 5000}, () => snowflake(now)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, i) => i === 0 || id > ids[i - 1]!)).toBe(true);
  });
});

it('reads the state that rules share, converted to the type asked for', () => {
  const scope: Scope = {...scopeOfExamples, keyedState: new Map<string, Value>([['limit', '20.5']])};
  expect(call('get_keyed_state', ['limit', 'float', 1], scope)).toBe(20.5);
  expect(call('get_keyed_state', ['limit', 'string', 'x'], scope)).toBe('20.5');
  expect(call('get_keyed_state', ['other', 'float', 1], scope)).toBe(1);
  expect(() => call('get_keyed_state', ['limit', 'boolean', true], scope)).toThrow('cannot convert string(20.5) to bool');
  expect(() => call('get_keyed_state', [5n, 'float', 1], scope)).toThrow('key int64(5) is not a string');
  expect(() => call('get_keyed_state', ['limit', 'bytea', 1], scope)).toThrow('expect one of following value');
});

it('waits a short time at most', () => {
  const began = performance.now();
  expect(call('delay', [20n, 'bar'])).toBe('bar');
  const short = performance.now() - began;
  expect(short).toBeGreaterThanOrEqual(19);
  expect(call('delay', [1e9, 'bar'])).toBe('bar');
  expect(performance.now() - began - short).toBeLessThan(1000);
  expect(() => call('delay', [-1n, 'bar'])).toThrow('expected 0 or more');
});
