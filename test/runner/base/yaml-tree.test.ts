import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parse, stringify} from 'yaml';
import {canonicalJson} from '#runner/base/canonical-json.ts';
import {type JsonNode, type JsonString, parseJson} from '#runner/base/json-text.ts';
import {printYaml} from '#runner/base/print-yaml.ts';
import {parseYamlTrees} from '#runner/base/yaml-tree.ts';

const text = fc.oneof(
  fc.string({unit: 'grapheme'}),
  fc.constantFrom(
    'no',
    'on',
    '~',
    'null',
    'true',
    '007',
    '0x1F',
    '1e3',
    '.5',
    '- a',
    '# a',
    'a: b',
    '<<',
    '${A}',
    ' a\n b \n',
    '|',
    '\t',
    '"',
    "'",
    '\u2028',
    '*a',
    '&a',
    '!t',
    '%',
    '@',
    '`',
  ),
  fc.array(fc.constantFrom('SELECT', '*', 'FROM', 'a', '\n', '  ', "'b'", '"c"', '\\'), {maxLength: 12}).map(words => words.join(' ')),
);
const number = fc.oneof(
  fc.double({noNaN: true, noDefaultInfinity: true}).map(String),
  fc.bigInt().map(String),
  fc.constantFrom('1.50', '12345678901234567890.123456789', '1e400', '-0', '0.1e-7'),
);
/** JSON texts. */
const {json} = fc.letrec<{json: string; leaf: string}>(tie => ({
  json: fc.oneof(
    {maxDepth: 4},
    tie('leaf'),
    fc.array(tie('json'), {maxLength: 4}).map(items => `[${items.join(',')}]`),
    objects(tie('json')),
  ),
  leaf: fc.oneof(
    text.map(value => JSON.stringify(value)),
    number,
    fc.constantFrom('true', 'false', 'null'),
  ),
}));

function objects(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .uniqueArray(fc.tuple(text, value), {selector: ([key]) => key, maxLength: 4})
    .map(members => `{${members.map(([key, item]) => `${JSON.stringify(key)}:${item}`).join(',')}}`);
}

describe('a YAML tree', () => {
  it('is the JSON tree that was printed as YAML, every digit and character', () => {
    fc.assert(
      fc.property(objects(json), source => {
        const printed = printYaml(parseJson(source));
        expect(canonicalJson(parseYamlTrees(printed)[0]!)).toBe(canonicalJson(parseJson(source)));
      }),
      {numRuns: 500},
    );
  });

  it('is the JSON tree of any JSON text', () => {
    fc.assert(
      fc.property(objects(json), source => {
        expect(canonicalJson(parseYamlTrees(source)[0]!)).toBe(canonicalJson(parseJson(source)));
      }),
      {numRuns: 300},
    );
  });

  it('knows where each character of a text stands, whatever the style', () => {
    const styles = ['BLOCK_LITERAL', 'BLOCK_FOLDED', 'QUOTE_SINGLE', 'PLAIN'] as const;
    const words = fc.array(fc.constantFrom('SELECT', 'a,', "'b'", 'FROM', 's', '\n', ' ', '(x)'), {minLength: 1, maxLength: 20});
    fc.assert(
      fc.property(words, fc.constantFrom(...styles), (parts, defaultStringType) => {
        const source = stringify({a: {sql: parts.join(' ')}}, {defaultStringType, lineWidth: 30});
        // Folding moves some blanks about.
        const value = (parse(source) as {a: {sql: string}}).a.sql;
        const node = stringAt(parseYamlTrees(source)[0]!, ['a', 'sql']);
        expect(node.value).toBe(value);
        for (const [offset, character] of [...value].entries())
          if (!/\s/.test(character)) expect(source[node.offsetOf!(offset)], `${source}\n${offset}`).toBe(character);
      }),
      {numRuns: 500},
    );
  });
});

function stringAt(node: JsonNode, path: readonly string[]): JsonString {
  const found = path.reduce<JsonNode | undefined>((at, key) => (at?.kind === 'object' ? at.members.get(key)?.value : undefined), node);
  if (found?.kind !== 'string') expect.fail('no text');
  return found;
}
