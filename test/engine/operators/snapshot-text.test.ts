import {isDeepStrictEqual} from 'node:util';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decodeSnapshot, encodeSnapshot} from '#engine/operators/snapshot-text.ts';
import {dateTime} from '#engine/values/date-time.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {saved} from '#test/support/saved.ts';

const value = fc.letrec(tie => ({
  any: fc.oneof(
    {maxDepth: 4},
    fc.constantFrom(null, undefined, true, Number.NaN, Number.POSITIVE_INFINITY, -0),
    fc.double(),
    fc.bigInt(),
    fc.string(),
    fc.uint8Array(),
    fc
      .tuple(fc.integer({min: -8e12, max: 8e12}), fc.constantFrom('UTC', 'Asia/Shanghai', '+05:30'))
      .map(([ms, zone]) => dateTime(ms, zone)),
    fc.array(tie('any')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'l', 'o', 'constructor')), tie('any'), {noNullPrototype: true}),
    fc.array(fc.tuple(tie('any'), tie('any'))).map(entries => new Map(entries)),
    fc.array(fc.string()).map(items => new Set(items)),
  ),
})).any;

describe('the text of a snapshot', () => {
  it('gives back what was written, types and classes included', () => {
    // Not toStrictEqual: members called constructor mislead it.
    fc.assert(fc.property(value, state => isDeepStrictEqual(decodeSnapshot(encodeSnapshot(state)), state)));
  });

  it('is JSON that a row cannot forge', () => {
    const row = {a: ['t', 0, 'UTC'], b: ['u'], c: {'0': 'i', '1': '5'}};
    expect(saved(row)).toEqual(row);
  });

  it('refuses what is no data, and other texts', () => {
    expect(() => encodeSnapshot({f: () => 1})).toThrow('a function cannot be part of a snapshot');
    expect(() => encodeSnapshot([new Date(0)])).toThrow('Date cannot be part of a snapshot');
    expect(() => decodeSnapshot('["x"]')).toThrow('not a snapshot: unknown tag "x"');
    expect(() => decodeSnapshot('{')).toThrow();
  });

  it.each([
    'SELECT lag(cast(d, "datetime")) AS r FROM demo',
    'SELECT collect(cast(d, "datetime")) AS r FROM demo GROUP BY COUNTWINDOW(4)',
    'SELECT max(n) AS r, collect(encode(s, "base64")) AS e, min(cast(d, "datetime") > 5) AS x FROM demo GROUP BY SLIDINGWINDOW(ss, 10)',
    'SELECT changed_col(true, cast(d, "datetime")) AS r, latest(n) AS l FROM demo',
    'SELECT format_time(last_value(cast(d, "datetime"), true), "yyyy") AS r FROM demo GROUP BY COUNTWINDOW(3, 1)',
  ])('takes a rule with datetimes over: %s', sql => {
    const rows = [1, 2, 3, 4, 5, 6].map(i => ({d: i * 1e9 + 0.5, n: i, s: `s${i}`}));
    const whole = new CompiledRule(sql).push(...rows).take();
    const first = new CompiledRule(sql).push(...rows.slice(0, 3));
    const second = new CompiledRule(sql);
    second.pipeline.restore(saved(first.pipeline.snapshot()));
    expect([...first.take(), ...second.push(...rows.slice(3)).take()]).toEqual(whole);
  });
});
