import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expressionsOf, walkExpression} from '#engine/language/ast/walk.ts';
import {parseExpression, parseStatement, parseStatements} from '#engine/language/parse.ts';
import {printStatement} from '#engine/language/print.ts';
import {sameStatement} from '#engine/language/same-statement.ts';
import {StatementError} from '#engine/language/syntax-error.ts';
import {recordedStatements} from '#test/support/statements.ts';

/** Generous: a loaded machine may be ten times slower than the slowest of these. */
const boundMs = 5000;

/** Reads `text` every way, and what could be read once more after printing. Lets through nothing but refusals. */
function survive(text: string): void {
  for (const read of [parseStatement, parseStatements, parseExpression]) {
    const start = performance.now();
    try {
      read(text);
    } catch (thrown) {
      if (!(thrown instanceof StatementError)) throw thrown;
      expect(thrown.span.start).toBeGreaterThanOrEqual(0);
      expect(thrown.span.end).toBeLessThanOrEqual(text.length);
      expect(thrown.reason).not.toBe('');
    }
    expect(performance.now() - start).toBeLessThan(boundMs);
  }
}

const statements = recordedStatements().map(({sql}) => sql);
const words = [
  ...'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT AS AND OR NOT IN LIKE BETWEEN IS NULL CASE WHEN THEN ELSE END OVER PARTITION FILTER'.split(
    ' ',
  ),
  ...'EXCEPT REPLACE INVISIBLE DISTINCT JOIN LEFT OUTER CROSS ON TRUE ss NULLS LAST CREATE STREAM TABLE WITH DEFAULT DROP SHOW'.split(' '),
  ...'a b demo `c d` 1 2.5 -3 "text" \'it\' COUNTWINDOW TUMBLINGWINDOW array struct bigint DATASOURCE'.split(' '),
  ...'( ) [ ] , . -> : ; * / % & | ^ + - = != <> < <= > >= .* # $ ! == || -- /* */ \\ \n'.split(' '),
];

describe('the parser survives', () => {
  it('any characters', () => {
    fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 60}), survive), {numRuns: 3000});
  });

  it('any words of the language in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), {maxLength: 30}), fc.constantFrom(' ', ''), (parts, gap) => survive(parts.join(gap))),
      {numRuns: 5000},
    );
  });

  it('statements with parts taken out, doubled or moved', () => {
    const cut = fc.tuple(
      fc.constantFrom(...statements),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('remove', 'double', 'move', 'insert'),
      fc.constantFrom(...words),
    );
    fc.assert(
      fc.property(cut, ([text, a, b, c, change, word]) => {
        const from = a % (text.length + 1);
        const to = Math.min(text.length, from + (b % 12));
        const at = c % (text.length + 1);
        const piece = text.slice(from, to);
        const without = text.slice(0, from) + text.slice(to);
        const changed = {
          remove: without,
          double: text.slice(0, to) + piece + text.slice(to),
          move: without.slice(0, at) + piece + without.slice(at),
          insert: `${text.slice(0, at)} ${word} ${text.slice(at)}`,
        }[change];
        survive(changed!);
      }),
      {numRuns: 5000},
    );
  });

  const many = 300_000;
  it.each([
    ['open parentheses', `SELECT ${'('.repeat(many)}`],
    ['balanced parentheses', `SELECT ${'('.repeat(many)}a${')'.repeat(many)} FROM demo`],
    ['open brackets', `SELECT a${'[a'.repeat(many)}`],
    ['negations', `SELECT ${'NOT '.repeat(many / 2)} a FROM demo`],
    ['minus signs', `SELECT ${'- '.repeat(many)} a FROM demo`],
    ['a long sum', `SELECT a${' + a'.repeat(many / 2)} FROM demo`],
    ['a long path', `SELECT a${'.a'.repeat(many)} FROM demo`],
    ['a long chain of conditions', `SELECT a FROM demo WHERE a${' OR a'.repeat(many / 2)}`],
    ['cases in cases', `SELECT ${'CASE WHEN a THEN '.repeat(many / 10)}`],
    ['calls in calls', `SELECT ${'f('.repeat(many)}`],
    ['arrays of arrays', `CREATE STREAM demo (a ${'array('.repeat(many / 4)}`],
    ['an endless text', `SELECT '${'a\\n'.repeat(many)}`],
    ['an endless name', `SELECT ${'a'.repeat(900_000)}`],
    ['an endless number', `SELECT ${'9'.repeat(900_000)} FROM demo`],
    ['an endless comment', `SELECT ${'/* '.repeat(many)}`],
    ['many comments', `SELECT ${'null/**/,'.repeat(many / 4)}`],
    ['blanks inside operators', `SELECT a ${'<    '.repeat(many / 2)}`],
    ['blanks after an exclamation mark', `SELECT a !${' '.repeat(900_000)}`],
    ['many orders', `SELECT a FROM demo ORDER BY ${'a '.repeat(many)} (`],
    ['many quotes', `SELECT ${"'".repeat(900_000)}`],
    ['a topic without end', `SELECT a FROM ${'a/'.repeat(many)}*`],
    ['more than a million characters', ' '.repeat(1_000_001)],
  ])('%s', (_, text) => {
    const start = performance.now();
    expect(() => parseStatement(text)).toThrow(StatementError);
    expect(performance.now() - start).toBeLessThan(boundMs);
  });

  it.each([
    ['a long list', `SELECT a FROM demo WHERE a IN (${Array.from({length: 50_000}, (_, i) => i).join(', ')})`],
    ['many fields', `SELECT ${Array.from({length: 20_000}, (_, i) => `a${i} AS b${i}`).join(', ')} FROM demo`],
    [
      'as many conditions as are allowed',
      `SELECT a FROM demo WHERE ${Array.from({length: 1000}, (_, i) => `a = ${i}`)
        .slice(0, 998)
        .join(' OR ')}`,
    ],
    ['as deep a path as is allowed', `SELECT a${'.b'.repeat(990)} FROM demo`],
    ['as many signs as are allowed', `SELECT ${'- '.repeat(990)}a FROM demo`],
    ['deep types', `CREATE STREAM demo (a ${'array('.repeat(90)}bigint${')'.repeat(90)}) WITH (TYPE="x")`],
  ])('%s, which is read, printed and compared', (_, text) => {
    const start = performance.now();
    const statement = parseStatement(text);
    const again = parseStatement(printStatement(statement));
    expect(sameStatement(statement, again)).toBe(true);
    if (statement.kind === 'select') {
      let count = 0;
      for (const {expression} of expressionsOf(statement)) {
        walkExpression(expression, () => {
          count++;
        });
      }
      expect(count).toBeGreaterThan(900);
    }
    expect(performance.now() - start).toBeLessThan(boundMs);
  });
});
