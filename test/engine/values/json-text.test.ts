import {describe, expect, it} from 'vitest';
import {dateTime} from '#engine/values/date-time.ts';
import {toGoJson, toJson} from '#engine/values/json-text.ts';
import type {Value} from '#engine/values/value.ts';

describe('toJson', () => {
  const cases: readonly [name: string, value: Value, text: string][] = [
    ['plain rows', {b: 1, a: 'x', n: null, l: [true, {c: 1.5}]}, '{"b":1,"a":"x","n":null,"l":[true,{"c":1.5}]}'],
    ['64-bit ints', {id: 9_223_372_036_854_775_807n, l: [1n]}, '{"id":9223372036854775807,"l":[1]}'],
    ['bytes', {p: new Uint8Array([104, 105])}, '{"p":"aGk="}'],
    ['datetimes', {t: dateTime(0, 'UTC')}, '{"t":"1970-01-01T00:00:00Z"}'],
    ['datetimes beside ints', {t: dateTime(0, 'UTC'), i: 1n}, '{"t":"1970-01-01T00:00:00Z","i":1}'],
    ['numbers JSON has no form for', [Number.NaN, Number.NEGATIVE_INFINITY, 1n], '[null,null,1]'],
    ['the sign of zero', [-0, 0], '[-0,0]'],
    ['very large and small floats', [1e21, 1e20, 1e-6, 1e-7, 3, 1n], '[1e+21,100000000000000000000,0.000001,1e-7,3,1]'],
    ['members named like methods', {toJSON: 1, constructor: 2n}, '{"toJSON":1,"constructor":2}'],
    ['a member named __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ['text with signs', {'a"b': '<\n>', i: 1n}, '{"a\\"b":"<\\n>","i":1}'],
  ];
  it.each(cases)('prints %s', (_, value, text) => expect(toJson(value)).toBe(text));
});

it('prints as encoding/json does: members sorted by bytes, HTML escaped', () => {
  expect(toGoJson({key2: '<&>', key1: 'bar\u2028', '🙂': 1, '\uffff': 2})).toBe(
    '{"key1":"bar\\u2028","key2":"\\u003c\\u0026\\u003e","\uffff":2,"🙂":1}',
  );
});
