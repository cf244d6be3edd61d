import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {canonicalJson, canonicalNumber} from '#runner/base/canonical-json.ts';
import {type JsonNode, JsonSyntaxError, offsetInString, parseJson} from '#runner/base/json-text.ts';

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries([...node.members].map(([key, {value}]) => [key, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'number':
      return Number(node.text);
    default:
      return node.value;
  }
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, '\t'), (text, space) => {
        const laidOut = JSON.stringify(JSON.parse(text), null, space);
        expect(plain(parseJson(laidOut))).toEqual(JSON.parse(laidOut));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and never hangs', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', '-', '.', 'e', ' ', '\\', 'n', 't', 'true', 'null', '\n'),
        }),
        text => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          if (isJson) parseJson(text);
          else expect(() => parseJson(text)).toThrow(JsonSyntaxError);
        },
      ),
      {numRuns: 2000},
    );
  });

  it('keeps the place of every value', () => {
    const text = ' {"a": [1, {"b": "x\\ny"}]}';
    const node = parseJson(text);
    const found: string[] = [];
    const walk = (part: JsonNode) => {
      found.push(text.slice(part.start, part.end));
      if (part.kind === 'object') for (const {value} of part.members.values()) walk(value);
      if (part.kind === 'array') part.items.forEach(walk);
    };
    walk(node);
    expect(found).toEqual(['{"a": [1, {"b": "x\\ny"}]}', '[1, {"b": "x\\ny"}]', '1', '{"b": "x\\ny"}', '"x\\ny"']);
  });

  it('bounds nesting instead of the stack', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('nested deeper than 200 levels');
  });
});

it('offsetInString counts escapes as the text has them', () => {
  const text = '"a\\u0041\\"b"';
  const node = parseJson(text);
  if (node.kind !== 'string') throw new Error('a string');
  expect([0, 1, 2, 3].map(offset => text.slice(offsetInString(text, node, offset)))).toEqual([
    'a\\u0041\\"b"',
    '\\u0041\\"b"',
    '\\"b"',
    'b"',
  ]);
});

describe('canonicalNumber', () => {
  it.each([
    ['1', '1'],
    ['1.0', '1'],
    ['10e-1', '1'],
    ['-0', '0'],
    ['0.00', '0'],
    ['1200', '12e2'],
    ['1.2E+3', '12e2'],
    ['0.05', '5e-2'],
    ['12345678901234567890', '1234567890123456789e1'],
    ['1e400', '1e400'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });

  it('tells apart what a double cannot', () => {
    expect(canonicalNumber('9007199254740993')).not.toBe(canonicalNumber('9007199254740992'));
  });
});

it('canonicalJson knows neither layout nor order', () => {
  expect(canonicalJson(parseJson('{"b": [1.0, true], "a": null}'))).toBe(canonicalJson(parseJson('{"a":null,"b":[1,true]}')));
  expect(canonicalJson(parseJson('{"a": "1"}'))).not.toBe(canonicalJson(parseJson('{"a": 1}')));
});
