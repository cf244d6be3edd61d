import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseExpression, parseStatement} from '#engine/language/parse.ts';
import {printExpression, printStatement} from '#engine/language/print.ts';
import {anyExpression, anyStatement} from '#test/support/statement-arbitraries.ts';

function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).flatMap(([key, value]) => (key === 'span' ? [] : [[key, withoutSpans(value)]])));
}

describe('printing an expression', () => {
  it.each([
    ['(a OR b) AND c', '(a OR b) AND c'],
    ['((a)) OR (b AND c)', 'a OR b AND c'],
    ['not (a = b)', 'NOT a = b'],
    ['(not a) = b', '(NOT a) = b'],
    ['a-(b-c)', 'a - (b - c)'],
    ['(a-b)-c', 'a - b - c'],
    ['(a < b) = c', '(a < b) = c'],
    ['2*a[0]', '2 * (a[0])'],
    ['(2*a)[0]', '(2 * a)[0]'],
    ['a[0]*2', 'a[0] * 2'],
    ['a + b->c', 'a + b->c'],
    ['-(-5)', '-(-5)'],
    ['- -a', '-(-a)'],
    ['a - -1', 'a - -1'],
    ['a <> b', 'a != b'],
    ['a between b+1 and c.d', 'a BETWEEN (b + 1) AND c.d'],
    ['a in (1,2)', 'a IN (1, 2)'],
    ['a not in b->c', 'a NOT IN b->c'],
    ['a is not null', 'a IS NOT NULL'],
    ['xs[]', 'xs[:]'],
    ['`a`.`b c`', 'a.`b c`'],
    ['`from`', '`from`'],
    ['`null`', '`null`'],
    ['"it\'s"', "'it\\'s'"],
    ["'\\x41\\u00e9\\n'", "'Aé\\n'"],
    ['Count(distinct A)', 'Count(DISTINCT A)'],
    ['lag(a) over (partition by b when c)', 'lag(a) OVER (PARTITION BY b WHEN c)'],
  ])('of %s gives %s', (text, printed) => {
    expect(printExpression(parseExpression(text))).toBe(printed);
  });

  it('gives a text that reads as the same tree', () => {
    fc.assert(
      fc.property(anyExpression, tree => {
        const text = printExpression(tree);
        const again = parseExpression(text);
        expect(withoutSpans(again)).toEqual(withoutSpans(tree));
        expect(printExpression(again)).toBe(text);
      }),
      {numRuns: 2000},
    );
  });
});

describe('printing a statement', () => {
  it.each([
    ['select  a as b,* except(c) from demo', 'SELECT a AS b, * EXCEPT(c) FROM demo'],
    ['select * replace(a as b) except (c) from `x-y` as z', 'SELECT * EXCEPT(c) REPLACE(a AS b) FROM `x-y` AS z'],
    ['select a from p/+/t left outer join b on c', 'SELECT a FROM p/+/t LEFT JOIN b ON c'],
    ['select a from b join c', 'SELECT a FROM b INNER JOIN c'],
    [
      'select a from b group by statewindow(c) over (partition by d when e), f having g order by h asc, i desc limit 1;',
      'SELECT a FROM b GROUP BY f, STATEWINDOW(c) OVER (WHEN e PARTITION BY d) HAVING g ORDER BY h, i DESC LIMIT 1',
    ],
    [
      'create stream `order` (a array(struct(b bigint)) , c string default "d",) with (datasource="e" shared=true)',
      'CREATE STREAM `order` (a ARRAY(STRUCT(b BIGINT)), c STRING DEFAULT \'d\') WITH (DATASOURCE="e", SHARED="TRUE")',
    ],
    ['show tables', 'SHOW TABLES'],
    ['drop stream a', 'DROP STREAM a'],
  ])('of %s is canonical', (text, printed) => {
    expect(printStatement(parseStatement(text))).toBe(printed);
  });

  it('gives a text that reads as the same tree', () => {
    fc.assert(
      fc.property(anyStatement, tree => {
        const text = printStatement(tree);
        const again = parseStatement(text);
        expect(withoutSpans(again)).toEqual(withoutSpans(tree));
        expect(printStatement(again)).toBe(text);
      }),
      {numRuns: 1500},
    );
  });
});
