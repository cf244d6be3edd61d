import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {StatementError} from '#engine/language/syntax-error.ts';
import type {PlanOptions} from '#engine/planner/plan.ts';
import {StatementErrors} from '#engine/planner/problems.ts';
import {UnsupportedError} from '#engine/planner/unsupported.ts';
import {type PlanSetting, planSql} from '#test/support/planning.ts';

interface Mistake {
  readonly sql: string;
  readonly options?: Partial<PlanOptions>;
  readonly says: string;
  readonly marks?: string;
  readonly hint?: string;
}

const setting: PlanSetting = {
  streams: {
    demo: '()',
    typed: '(Temp float, id bigint, name string, up boolean, at datetime, xs array(bigint), pos struct(x float, y float))',
    other: '(id bigint, level bigint)',
    device: '(temperature float, humidity bigint, …)',
  },
  tables: {limits: '()'},
};

const mistakes = parse(readFileSync(new URL('mistakes.yaml', import.meta.url), 'utf8')) as Mistake[];

function errorOf(sql: string, options?: Partial<PlanOptions>): StatementError {
  try {
    planSql(sql, {...setting, options});
  } catch (error) {
    if (error instanceof StatementError) return error;
    throw error;
  }
  throw new Error(`accepted: ${sql}`);
}

describe('the planner tells what is wrong, where and what to do', () => {
  it.each(mistakes)('$sql', ({sql, options, says, marks, hint}) => {
    const error = errorOf(sql, options);
    expect(error).not.toBeInstanceOf(UnsupportedError);
    expect(error.reason).toBe(says);
    if (marks !== undefined) expect(sql.slice(error.span.start, error.span.end)).toBe(marks);
    if (hint !== undefined) expect(error.hint).toBe(hint);
    expect(error.message).toContain(`(line 1, column ${error.span.start + 1})`);
    expect(error.code).toBe(1000);
  });

  it('tells all mistakes of a statement at once, in their order', () => {
    const error = errorOf('SELECT abss(id) AS a, nope, xs[name] FROM typed WHERE lvel > 1 GROUP BY sum(id), COUNTWINDOW(2)');
    expect(error).toBeInstanceOf(StatementErrors);
    expect((error as StatementErrors).all.map(one => one.reason)).toEqual([
      'function "abss" does not exist',
      'unknown field "nope"',
      'an index is a number, not string',
      'unknown field "lvel"',
      'sum() cannot stand in GROUP BY',
    ]);
    expect(error.message.match(/\^+/g)).toHaveLength(5);
  });

  it('tells a wrong alias once, however often it is used', () => {
    const error = errorOf('SELECT nope + 1 AS a, a * 2 AS b, a + b AS c FROM typed WHERE a > 1');
    expect(error).not.toBeInstanceOf(StatementErrors);
    expect(error.reason).toBe('unknown field "nope"');
  });

  it('prefers a mistake to a missing feature', () => {
    expect(errorOf('SELECT nope FROM typed GROUP BY SLIDINGWINDOW(ss, 10)').reason).toBe('unknown field "nope"');
  });
});
