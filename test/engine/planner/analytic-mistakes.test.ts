import {describe, expect, it} from 'vitest';
import {planSql} from '#test/support/planning.ts';

const streams = {demo: '()', free: '()', typed: '(x bigint, k string)', other: '(x bigint, y float)'};

describe('mistakes with functions that see row after row or make rows', () => {
  it.each([
    ['SELECT lag(x) OVER () AS p FROM demo', 'OVER is empty'],
    ['SELECT lag(x) OVER (ORDER BY k) AS p FROM demo', 'its OVER takes no ORDER BY'],
    ['SELECT row_number() OVER (WHEN x > 1) AS n FROM demo', 'the OVER of "row_number" takes no WHEN'],
    ['SELECT abs(x) OVER (PARTITION BY k) AS p FROM demo', 'OVER belongs to analytic functions, "abs" is none'],
    ['SELECT lag(avg(x)) AS p FROM demo GROUP BY COUNTWINDOW(2)', 'avg() cannot stand in the argument of lag()'],
    [
      'SELECT avg(x) AS a, lag(a) AS p FROM demo GROUP BY COUNTWINDOW(2)',
      '"a", the alias of an aggregate, cannot stand in the argument of lag()',
    ],
    ['SELECT lag(x, 200000) AS p FROM demo', 'the index should be at most 100000'],
    ['SELECT lag(x, k) AS p FROM demo', 'expect a constant for parameter 2'],
    ['SELECT x FROM demo WHERE row_number() > 1', '"row_number" cannot stand in WHERE'],
    ['SELECT row_number() AS n FROM demo WHERE n > 1', '"n", the alias of a window function, cannot stand in WHERE'],
    ['SELECT sum(row_number()) AS n FROM demo GROUP BY COUNTWINDOW(2)', '"row_number" cannot stand in the argument of sum()'],
    ['SELECT unnest(x) AS a, extract(k) FROM demo', 'only one field can make several rows'],
    ['SELECT abs(unnest(x)) AS a FROM demo', '"unnest" cannot stand inside an expression'],
    ['SELECT unnest(x) AS a INVISIBLE, k FROM demo', '"unnest" makes part of the result and cannot be INVISIBLE'],
    ['SELECT unnest(x) AS a, a + 1 AS b FROM demo', 'the alias of "unnest" cannot be used in other expressions'],
    ["SELECT k FROM demo WHERE changed_cols('', true, k) = 1", '"changed_cols" cannot stand in WHERE'],
    ["SELECT changed_cols('', true) FROM demo", 'expect at least 3 arguments but found 2'],
    ['SELECT last_hit_count() AS n, count(*) AS c FROM demo', 'last_hit_count() is not allowed in an aggregate query'],
    ['SELECT x FROM demo WHERE last_hit_time() > 0 GROUP BY TUMBLINGWINDOW(ss, 1)', 'last_hit_time() is not allowed in an aggregate query'],
    ['SELECT x FROM demo WHERE last_agg_hit_count() > 0 GROUP BY COUNTWINDOW(2)', '"last_agg_hit_count" cannot stand in WHERE'],
    ['SELECT dedup_trigger(x, k, x, 1000) FROM demo GROUP BY COUNTWINDOW(2)', '"dedup_trigger" works on single rows'],
    ['SELECT dedup_trigger(x + 1, k, x, 1000) FROM demo', '"dedup_trigger" takes three columns and a number of ms'],
    [
      'SELECT typed.k, lag(typed.x + other.x) AS p FROM typed JOIN other ON typed.x = other.x GROUP BY COUNTWINDOW(2)',
      'lag() reads more than one stream',
    ],
    ['SELECT latest(z) AS p FROM demo JOIN free ON demo.x = free.x GROUP BY COUNTWINDOW(2)', 'latest() cannot tell which stream it sees'],
  ])('%s', (sql, message) => {
    expect(() => planSql(sql, {streams})).toThrow(message);
  });
});
