import {describe, expect, it} from 'vitest';
import {children, expressionsOf, walkExpression} from '#engine/language/ast/walk.ts';
import {parseExpression, parseSelect} from '#engine/language/parse.ts';
import {printExpression} from '#engine/language/print.ts';

describe('the children of a node', () => {
  it.each([
    ['a', []],
    ['1', []],
    ['a.b', ['a']],
    ['a[b]', ['a', 'b']],
    ['a[b:c]', ['a', 'b', 'c']],
    ['a[:c]', ['a', 'c']],
    ['-a', ['a']],
    ['a + b', ['a', 'b']],
    ['a BETWEEN b AND c', ['a', 'b', 'c']],
    ['a IN (b, c)', ['a', 'b', 'c']],
    ['a IN b', ['a', 'b']],
    ['a LIKE b', ['a', 'b']],
    ['a IS NULL', ['a']],
    ['CASE a WHEN b THEN c ELSE d END', ['a', 'b', 'c', 'd']],
    ['f(a, * REPLACE(x AS y)) FILTER (WHERE b) OVER (PARTITION BY c ORDER BY d WHEN e)', ['a', '* REPLACE(x AS y)', 'b', 'c', 'd', 'e']],
  ])('%s stand in the order of the text', (text, parts) => {
    expect(children(parseExpression(text)).map(printExpression)).toEqual(parts);
  });

  it('of a wildcard are what it replaces with', () => {
    const [star] = children(parseExpression('f(* EXCEPT(a) REPLACE(b AS c, d AS e))'));
    expect(children(star!).map(printExpression)).toEqual(['b', 'd']);
  });
});

describe('walking', () => {
  it('visits parents first and passes over what is not wanted', () => {
    const seen: string[] = [];
    walkExpression(parseExpression('f(a + b) * (c - d)'), node => {
      seen.push(printExpression(node));
      return node.kind !== 'call';
    });
    expect(seen).toEqual(['f(a + b) * (c - d)', 'f(a + b)', 'c - d', 'c', 'd']);
  });

  it('finds every clause of a statement', () => {
    const statement = parseSelect(
      'SELECT a, b AS c FROM s INNER JOIN t ON d GROUP BY e, STATEWINDOW(f) FILTER (WHERE g) OVER (PARTITION BY h) HAVING i ORDER BY j',
    );
    expect(
      expressionsOf({...statement, where: parseExpression('w')}).map(({clause, expression}) => `${clause} ${printExpression(expression)}`),
    ).toEqual([
      'SELECT a',
      'SELECT b',
      'ON d',
      'WHERE w',
      'GROUP BY e',
      'GROUP BY f',
      'GROUP BY g',
      'GROUP BY h',
      'HAVING i',
      'ORDER BY j',
    ]);
  });
});
