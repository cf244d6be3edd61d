import {describe, expect, it} from 'vitest';
import {StatementError} from '#engine/language/syntax-error.ts';
import {explainPlan} from '#engine/planner/explain.ts';
import {planSql} from '#test/support/planning.ts';

const streams = {demo: '()', typed: '(a bigint)'};

/** Runs `work` and says whether it stayed within the time that one request may take. */
function withinSeconds(seconds: number, work: () => void): boolean {
  const start = performance.now();
  work();
  return performance.now() - start < seconds * 1000;
}

const series = (count: number, text: (i: number) => string): string => Array.from({length: count}, (_, i) => text(i)).join(', ');

describe('a hostile statement', () => {
  it('cannot make aliases that double at each step', () => {
    const sql = `SELECT a + 1 AS x0, ${series(150, i => `x${i} + x${i} AS x${i + 1}`)} FROM typed`;
    expect(withinSeconds(5, () => expect(explainPlan(planSql(sql, {streams})).length).toBeLessThan(100_000))).toBe(true);
  });

  it('cannot hide doubling aliases in HAVING', () => {
    const sql = `SELECT sum(a) AS x0, ${series(100, i => `x${i} + x${i} AS x${i + 1}`)} FROM typed GROUP BY COUNTWINDOW(2) HAVING x100 > 1`;
    expect(withinSeconds(5, () => planSql(sql, {streams}))).toBe(true);
  });

  it('cannot exhaust the stack with a chain of aliases, whichever way it runs', () => {
    for (const chain of [series(5000, i => `x${i} + 1 AS x${i + 1}`), series(5000, i => `y${i + 1} + 1 AS y${i}`)]) {
      expect(() => planSql(`SELECT a AS x0, a AS y5000, ${chain} FROM typed`, {streams})).toThrow(
        /more than 200 aliases build on each other/,
      );
    }
  });

  it('cannot make an endless message of many mistakes', () => {
    const sql = `SELECT ${series(5000, i => `nope${i} + 1 AS x${i}`)} FROM typed`;
    expect(() => planSql(sql, {streams})).toThrow(StatementError);
    try {
      planSql(sql, {streams});
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(20_000);
    }
  });

  it('plans thousands of fields', () => {
    const sql = `SELECT ${series(5000, i => `a${i} * 2 AS x${i}`)} FROM demo WHERE x1 > 1`;
    expect(withinSeconds(10, () => expect(planSql(sql, {streams}).root.fields).toHaveLength(5000))).toBe(true);
  });

  it('gets no meaning from names of Object.prototype', () => {
    expect(() => planSql('SELECT constructor FROM typed', {streams})).toThrow('unknown field "constructor"');
    expect(() => planSql('SELECT toString(a) AS x FROM typed', {streams})).toThrow('function "toString" does not exist');
    expect(planSql('SELECT `__proto__` FROM demo', {streams}).sources[0]!.columns).toEqual(['__proto__']);
  });
});
