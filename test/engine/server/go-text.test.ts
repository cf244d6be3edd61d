import {describe, expect, it} from 'vitest';
import {goQuoted} from '#engine/base/go-quote.ts';
import {goJson, htmlEscaped, sorted} from '#engine/server/go-text.ts';

describe('goQuoted', () => {
  // Expected texts printed by Go's strconv.Quote.
  it.each([
    {text: 'plain', quoted: '"plain"'},
    {text: 'say "hi" \\ there', quoted: '"say \\"hi\\" \\\\ there"'},
    {text: 'line\nbreak\ttab\r', quoted: '"line\\nbreak\\ttab\\r"'},
    {text: '\x00\x07\b\f\v\x1b\x7f', quoted: '"\\x00\\a\\b\\f\\v\\x1b\\x7f"'},
    {text: 'ümläut 规则 µ …', quoted: '"ümläut 规则 µ …"'},
    {text: '\u00a0\u200b\ufeff\u2028', quoted: '"\\u00a0\\u200b\\ufeff\\u2028"'},
    {text: '😀', quoted: '"😀"'},
    {text: '\u{e0001}', quoted: '"\\U000e0001"'},
    {text: 'half \ud800', quoted: '"half \ufffd"'},
    {text: '<a> & b', quoted: '"<a> & b"'},
  ])('quotes $text', ({text, quoted}) => {
    expect(goQuoted(text)).toBe(quoted);
  });
});

describe('goJson', () => {
  it('escapes what HTML reads, and the line separators', () => {
    expect(goJson({a: '<b>&\u2028\u2029'})).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2028\\u2029"}');
  });

  it('indents when asked to', () => {
    expect(goJson({a: 1, b: 2}, 2)).toBe('{\n  "a": 1,\n  "b": 2\n}');
  });

  it('keeps the order of members, which sorted changes to that of a map', () => {
    expect(goJson({b: 1, a: 2})).toBe('{"b":1,"a":2}');
    expect(goJson(sorted({b: 1, a: 2, B: 3}))).toBe('{"B":3,"a":2,"b":1}');
  });
});

describe('htmlEscaped', () => {
  it('leaves nothing that a browser would read as markup', () => {
    expect(htmlEscaped(`<a href="x">'&'</a>`)).toBe('&lt;a href=&#34;x&#34;&gt;&#39;&amp;&#39;&lt;/a&gt;');
  });
});
