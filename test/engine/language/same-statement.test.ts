import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseExpression, parseStatement} from '#engine/language/parse.ts';
import {printStatement} from '#engine/language/print.ts';
import {sameExpression, sameStatement} from '#engine/language/same-statement.ts';
import {anyStatement} from '#test/support/statement-arbitraries.ts';

const same = (a: string, b: string): boolean => sameStatement(parseStatement(a), parseStatement(b));

describe('two statements are the same', () => {
  it.each([
    ['SELECT a FROM demo', 'select  a\nfrom demo -- comment\n;'],
    ['SELECT `a`, (b) FROM demo WHERE ((a)) <> 1', 'SELECT a, b FROM `demo` WHERE a != 1'],
    ["SELECT 'x\\u0041' FROM demo", 'SELECT "xA" FROM demo'],
    ['SELECT 1.50, 1e2 FROM demo', 'SELECT 1.5, 100.0 FROM demo'],
    ['SELECT a FROM b JOIN c ON d', 'SELECT a FROM b INNER JOIN c ON d'],
    ['SELECT a FROM b LEFT JOIN c', 'SELECT a FROM b LEFT OUTER JOIN c'],
    ['SELECT * EXCEPT(a) REPLACE(b AS c) FROM d', 'SELECT * REPLACE(b AS c) EXCEPT(a) FROM d'],
    ['SELECT a FROM b ORDER BY c ASC, d', 'SELECT a FROM b ORDER BY c d'],
    ['CREATE STREAM a () WITH (TYPE="x", FORMAT="y")', 'create stream a () with (format="y" type="x")'],
    ['CREATE STREAM a () WITH (SHARED=TRUE)', 'CREATE STREAM a () WITH (shared="true")'],
    ['CREATE STREAM a () WITH (TYPE="x", TYPE="y")', 'CREATE STREAM a () WITH (TYPE="y")'],
    ['CREATE STREAM a (b BIGINT,) WITH (TYPE="x")', 'CREATE STREAM a (b bigint) WITH (TYPE="x")'],
  ])('%s and %s', (a, b) => {
    expect(same(a, b)).toBe(true);
  });

  it('when both come from one text', () => {
    fc.assert(
      fc.property(anyStatement, tree => {
        const text = printStatement(tree);
        expect(same(text, text)).toBe(true);
      }),
      {numRuns: 300},
    );
  });
});

describe('two statements differ', () => {
  it.each([
    ['SELECT a FROM demo', 'SELECT A FROM demo'],
    ['SELECT a FROM demo', 'SELECT a FROM Demo'],
    ['SELECT a FROM demo', 'SELECT a INVISIBLE FROM demo'],
    ['SELECT a FROM demo', 'SELECT a AS a FROM demo'],
    ['SELECT a FROM demo', 'SELECT a FROM demo LIMIT 1'],
    ['SELECT 1 FROM demo', 'SELECT 1.0 FROM demo'],
    ["SELECT 'a' FROM demo", 'SELECT a FROM demo'],
    ['SELECT a - (b - c) FROM demo', 'SELECT a - b - c FROM demo'],
    ['SELECT a, b FROM demo', 'SELECT b, a FROM demo'],
    ['SELECT a FROM b GROUP BY c, COUNTWINDOW(1)', 'SELECT a FROM b GROUP BY c, COUNTWINDOW(2)'],
    ['SELECT NULL FROM demo', 'SELECT `NULL` FROM demo'],
    ['CREATE STREAM a () WITH (TYPE="x")', 'CREATE TABLE a () WITH (TYPE="x")'],
    ['CREATE STREAM a () WITH (TYPE="x")', 'CREATE STREAM a () WITH (TYPE="X")'],
    ['CREATE STREAM a () WITH (TYPE="x")', 'CREATE STREAM a () WITH (TYPE="x", KEY="y")'],
    ['CREATE STREAM a (b bigint) WITH (TYPE="x")', 'CREATE STREAM a (b float) WITH (TYPE="x")'],
    ['CREATE STREAM a (b bigint) WITH (TYPE="x")', 'CREATE STREAM a (b bigint DEFAULT 1) WITH (TYPE="x")'],
    ['DROP STREAM a', 'DESCRIBE STREAM a'],
  ])('%s and %s', (a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });
});

describe('two expressions', () => {
  it('are compared without their places', () => {
    expect(sameExpression(parseExpression('a + b'), parseExpression(' a+(b)'))).toBe(true);
    expect(sameExpression(parseExpression('a + b'), parseExpression('b + a'))).toBe(false);
  });
});
