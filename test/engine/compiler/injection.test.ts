import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {observePrograms} from '#engine/compiler/factory-cache.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';

const marker = 'iNjEcTeD';
const programs: string[] = [];

beforeEach(() => {
  programs.length = 0;
  observePrograms(text => programs.push(text));
});

afterEach(() => observePrograms(undefined));

/** Ways out of a string, a key, a comment, a template and a line. */
const hostile = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '\\',
      '\n',
      '\r',
      '\u2028',
      '\u2029',
      '*/',
      '//',
      '${',
      '}',
      ')',
      ';',
      ']',
      '\0',
      '<!--',
      '__proto__',
      'constructor',
      `globalThis.${marker}=1`,
    ),
    {minLength: 1, maxLength: 8},
  )
  .map(parts => `${parts.join('')}-${marker}`);

const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
const quoted = (name: string) => `\`${name.replaceAll('`', '')}\``;

const forms: Readonly<Record<string, (text: string) => string>> = {
  'a column': text => `SELECT ${quoted(text)} AS r FROM demo`,
  'an alias': text => `SELECT a + 1 AS ${quoted(text)}, ${quoted(text)} + 1 AS r FROM demo WHERE ${quoted(text)} > 0`,
  'a member': text => `SELECT a->${quoted(text)} AS r FROM demo WHERE a->${quoted(text)} IS NULL`,
  'a string': text => `SELECT concat(${literal(text)}, ${literal(text)}) AS r FROM demo WHERE a != ${literal(text)}`,
  'a list': text => `SELECT a FROM demo WHERE a IN (${literal(text)}, ${literal(text)})`,
  'a pattern': text => `SELECT ${literal(text)} LIKE ${literal(`%${text}%`)} AS r FROM demo`,
  'a metadata key': text => `SELECT meta(${quoted(text)}) AS r FROM demo`,
  'a star': text => `SELECT * EXCEPT(${quoted(text)}) REPLACE(1 AS ${quoted(text)}) FROM demo`,
  'a group': text =>
    `SELECT ${quoted(text)}, count(*) AS ${quoted(`${text}2`)} FROM demo GROUP BY ${quoted(text)}, COUNTWINDOW(1) HAVING count(*) > 0 ORDER BY ${quoted(text)}`,
};

describe.each(Object.entries(forms))('text in the place of %s', (_, form) => {
  it('never becomes text of a program', () => {
    let compiled = 0;
    fc.assert(
      fc.property(hostile, text => {
        programs.length = 0;
        let rule: CompiledRule;
        try {
          rule = new CompiledRule(form(text));
        } catch {
          // Not every text can be written as a name or literal of the language.
          return;
        }
        compiled++;
        rule.pushWith({[text]: 1}, {a: 1, [text]: 2}, {a: {[text]: 3}});
        expect(programs.length).toBeGreaterThan(0);
        for (const program of programs) expect(program).not.toContain(marker);
        expect((globalThis as Record<string, unknown>)[marker]).toBeUndefined();
      }),
      {numRuns: 200},
    );
    expect(compiled).toBeGreaterThan(20);
  });
});

it('rules that differ in constants alone share one program', () => {
  const before = new CompiledRule("SELECT deviceid, temperature FROM demo WHERE temperature > 20 AND deviceid != 'a'");
  programs.length = 0;
  const after = new CompiledRule("SELECT deviceid, temperature FROM demo WHERE temperature > 25 AND deviceid != 'b'");
  expect(new Set(programs).size).toBe(1);
  const rows = [
    {deviceid: 'a', temperature: 22},
    {deviceid: 'b', temperature: 30},
    {deviceid: 'c', temperature: 30},
  ];
  expect(before.push(...rows).take()).toEqual([rows[1], rows[2]]);
  expect(after.push(...rows).take()).toEqual([rows[2]]);
});

it('a statement of a thousand terms makes a program of a length in proportion', () => {
  const terms = (count: number) => Array.from({length: count}, () => 'a').join(' + ');
  new CompiledRule(`SELECT ${terms(100)} AS r FROM demo`);
  const short = programs.at(-1)!.length;
  new CompiledRule(`SELECT ${terms(1000)} AS r FROM demo`);
  expect(programs.at(-1)!.length).toBeLessThan(short * 15);
});
