import {gzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {loadZstd} from '#engine/base/zstd.ts';
import {callScalar} from '#engine/functions/call-scalar.ts';
import {checkCall} from '#engine/functions/check-call.ts';
import type {ScalarFunction} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {Value} from '#engine/values/value.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';

function call(name: string, ...values: Value[]): Value {
  return callScalar(findFunction(name) as ScalarFunction, values, scopeOfExamples);
}

describe('functions of notation', () => {
  const cases: readonly [name: string, values: readonly Value[], expected: Value][] = [
    ['chr', [65.9], 65n],
    ['hex2dec', ['0x-11'], -17n],
    ['hex2dec', ['7fffffffffffffff'], 9_223_372_036_854_775_807n],
    ['dec2hex', [-17n], '0x-11'],
    ['dec2hex', [17], '0x11'],
    ['trunc', [-2.675, 2n], -2.68],
    ['trunc', [1234.5, -2n], 1200],
    ['encode', ['温', 'base64'], '5rip'],
    ['parse_json', ['{"a":9007199254740993}'], {a: 9_007_199_254_740_992}],
    ['parse_json', [null], null],
    ['to_json', [{}], null],
    ['to_json', [9_007_199_254_740_993n], '9007199254740993'],
    ['json_path_query', ['[1,{"a":2}]', '$[1].a'], 2],
    ['json_path_query_first', [[], '$[*]'], null],
    ['json_path_exists', [{a: null}, '$.a'], false],
    ['json_path_exists', [{a: 1}, '$.['], false],
    ['compress', [null, 'zlib'], null],
    ['decompress', [new Uint8Array(gzipSync('abc')), 'gzip'], Buffer.from('abc') as unknown as Value],
  ];
  it.each(cases)('%s of %o', (name, values, expected) => expect(call(name, ...values)).toEqual(expected));

  const errors: readonly [name: string, values: readonly Value[], message: string][] = [
    ['chr', ['ab'], 'Parameter length cannot larger than 1.'],
    ['chr', ['é'], 'Parameter length cannot larger than 1.'],
    ['chr', [''], 'has no first character'],
    ['hex2dec', ['8000000000000000'], 'invalid hexadecimal value'],
    ['hex2dec', ['0xg'], 'invalid hexadecimal value: string(0xg)'],
    ['hex2dec', [10n], 'invalid hexadecimal value'],
    ['dec2hex', ['16'], 'cannot convert string(16) to int'],
    ['trunc', [1.25, 1], 'The 2nd parameter must be int value.'],
    ['encode', [12n, 'base64'], 'Only string type can be encoded.'],
    ['encode', ['a', 'hex'], 'Only base64 is supported for the 2nd parameter.'],
    ['decode', ['***', 'base64'], 'fail to decode base64 string'],
    ['convert_tz', [0n, 'Unknown'], 'unknown time zone Unknown'],
    ['to_seconds', [true], 'unsupported type to convert to timestamp true'],
    ['parse_json', ['{'], 'fail to parse json'],
    ['parse_json', [5n], 'cannot convert int64(5) to string'],
    ['json_path_query', [null, '$.a'], 'invalid data nil for jsonpath'],
    ['json_path_query', ['no', '$.a'], "data 'no' is not a valid json string"],
    ['json_path_query_first', [{v: 1n}, '$.v'], 'query result (1) is not an array'],
    ['compress', ['a', 'bar'], 'unsupported compressor: string(bar)'],
    ['compress', [1n, 'zlib'], 'require string or bytea parameter'],
    ['decompress', ['a', 'bar'], 'unsupported decompressor: string(bar)'],
    ['decompress', ['opaque', 'gzip'], 'fail to decompress by gzip'],
  ];
  it.each(errors)('%s of %o fails', (name, values, message) => expect(() => call(name, ...values)).toThrow(message));
});

it('does not unfold a small text into gigabytes', () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(100 * 1024 * 1024)));
  expect(bomb.length).toBeLessThan(200_000);
  expect(() => call('decompress', bomb, 'gzip')).toThrow('fail to decompress by gzip');
});

it('compresses by zstd on every version of Node', async () => {
  await loadZstd();
  expect(findFunction('compress')!.lacks?.([undefined, 'zstd'])).toBeUndefined();
  expect(Buffer.from(call('decompress', call('compress', 'abc', 'zstd'), 'zstd') as Uint8Array).toString()).toBe('abc');
});

describe('literal arguments', () => {
  const cases: readonly [name: string, literals: readonly (Value | undefined)[], complaint: string | undefined][] = [
    ['now', [], undefined],
    ['now', ['3'], 'Expect int type for parameter 1'],
    ['now', [7n], 'Expect 0 to 6 digits for parameter 1'],
    ['cur_time', [undefined], 'Expect a constant for parameter 1'],
    ['current_date', ['x'], 'Expect 0 arguments but found 1.'],
    ['date_calc', [undefined, '24h'], undefined],
    ['from_days', ['x'], 'Expect int type for parameter 1'],
    ['trunc', [undefined, 1.5], 'Expect int type for parameter 2'],
    ['encode', [undefined, 'hex'], 'Only base64 is supported for the 2nd parameter.'],
    [
      'get_keyed_state',
      ['k', 'bytea', 1n],
      'expect one of following value for the 2nd parameter: bigint, float, string, boolean, datetime',
    ],
    ['props', [1n], 'Expect string type for parameter 1'],
    ['delay', ['5', undefined], 'Expect number - float or int type for parameter 1'],
    ['array_create', [], undefined],
    ['object_construct', ['a', 1n, 'b'], 'the args must be key value pairs'],
    ['object_construct', ['a', 1n, 2n, 3n], 'Expect string type for parameter 3'],
    ['object_concat', [undefined], 'Expect at least 2 arguments but found 1.'],
    ['erase', [undefined, 'a', 'b'], undefined],
    ['deduplicate', [undefined, undefined], 'Expect a constant for parameter 2'],
    ['percentile_cont', [undefined, 0.5], undefined],
  ];
  it.each(cases)('%s with %o', (name, literals, complaint) => expect(checkCall(findFunction(name)!, literals)).toBe(complaint));
});
