import {describe, expect, it} from 'vitest';
import type {Expression} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {walkExpression} from '#engine/language/ast/walk.ts';
import {parseExpression, parseSelect, parseStatement} from '#engine/language/parse.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

const textAt = (text: string, {start, end}: Span): string => text.slice(start, end);

function pieces(text: string): string[] {
  const found: string[] = [];
  walkExpression(parseExpression(text), node => {
    found.push(textAt(text, node.span));
  });
  return found;
}

describe('spans', () => {
  it.each([
    ['a + b * c', ['a + b * c', 'a', 'b * c', 'b', 'c']],
    ['(a + b) * c', ['(a + b) * c', 'a + b', 'a', 'b', 'c']],
    ['- 5 + -a', ['- 5 + -a', '- 5', '-a', 'a']],
    ['a->b[ 1 ].c', ['a->b[ 1 ].c', 'a->b[ 1 ]', 'a->b', 'a', '1']],
    ["f(a, 'x\\'y' )  > 1", ["f(a, 'x\\'y' )  > 1", "f(a, 'x\\'y' )", 'a', "'x\\'y'", '1']],
    ['`a b`.`c`', ['`a b`.`c`', '`a b`']],
    ['NOT a IS NOT NULL', ['NOT a IS NOT NULL', 'a IS NOT NULL', 'a']],
    ['CASE WHEN a THEN 1 ELSE 2 END', ['CASE WHEN a THEN 1 ELSE 2 END', 'a', '1', '2']],
    ['lag(a) OVER (WHEN b)', ['lag(a) OVER (WHEN b)', 'a', 'b']],
    ['a IN (1, 2)', ['a IN (1, 2)', 'a', '1', '2']],
  ])('of %s cover exactly its parts', (text, parts) => {
    expect(pieces(text)).toEqual(parts);
  });

  it('of clauses cover exactly their text', () => {
    const text = 'SELECT a AS b, * EXCEPT(c) FROM demo AS d  LEFT JOIN e ON f = g GROUP BY COUNTWINDOW(2) FILTER (WHERE h), i LIMIT 3 ;';
    const {fields, from, joins, window, span} = parseSelect(text);
    expect(fields.map(field => textAt(text, field.span))).toEqual(['a AS b', '* EXCEPT(c)']);
    expect(textAt(text, from.span)).toBe('demo AS d');
    expect(textAt(text, joins[0]!.span)).toBe('LEFT JOIN e ON f = g');
    expect(textAt(text, window!.span)).toBe('COUNTWINDOW(2) FILTER (WHERE h)');
    expect(textAt(text, span)).toBe(text.slice(0, -2));
  });

  it('of definitions cover exactly their text', () => {
    const text = 'CREATE STREAM demo (a array(bigint), b string DEFAULT "x") WITH (DATASOURCE = "y", SHARED=TRUE)';
    const statement = parseStatement(text);
    if (statement.kind !== 'create') throw new Error('expected a CREATE statement');
    expect(statement.columns.map(column => textAt(text, column.span))).toEqual(['a array(bigint)', 'b string DEFAULT "x"']);
    expect(statement.options.map(option => textAt(text, option.span))).toEqual(['DATASOURCE = "y"', 'SHARED=TRUE']);
  });
});

describe('line and column', () => {
  const placeOf = (node: Expression): string => `${node.span.line}:${node.span.column}`;

  it.each([
    ['\n  a', '2:3'],
    ['\r\n\ta', '2:2'],
    ['/* x\n\n y */ a', '3:7'],
    ['-- x\n-- y\na', '3:1'],
    ['/* 😀 */ a', '1:10'],
  ])('of the name in %j are right', (text, place) => {
    expect(placeOf(parseExpression(text))).toBe(place);
  });

  it('a long expression is marked at its head only', () => {
    const text = `SELECT ${'(a + '.repeat(50)}b${')'.repeat(50)} + FROM demo`;
    const marked = new StatementError('too much', {text, span: {start: 7, end: text.length - 10, line: 1, column: 8}}).message.split('\n');
    expect(marked[2]).toBe(`${' '.repeat(9)}${'^'.repeat(60)}`);
    expect(marked[1]!.length).toBeLessThan(120);
  });

  it('are right behind line breaks inside operators and quoted names', () => {
    const node = parseExpression('`a\nb` !\n = c');
    if (node.kind !== 'binary') throw new Error('expected a comparison');
    expect([placeOf(node.left), placeOf(node.right)]).toEqual(['1:1', '3:4']);
    const minus = parseExpression('-\n\n5 + b');
    if (minus.kind !== 'binary') throw new Error('expected a sum');
    expect([placeOf(minus.left), placeOf(minus.right)]).toEqual(['1:1', '3:5']);
  });
});
