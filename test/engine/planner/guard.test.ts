import {describe, expect, it} from 'vitest';
import type {Guard} from '#engine/planner/plan.ts';
import {GuardIndex} from '#engine/runtime/guard-index.ts';
import type {Row} from '#engine/values/value.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {planSql} from '#test/support/planning.ts';

const guard: Guard = {column: 'x', operator: '>', constant: 1};

/** What each statement lets an index withhold: rows for which `x > 1` does not hold, or none. */
const statements: readonly (readonly [why: string, sql: string, guard: Guard | undefined])[] = [
  ['WHERE of single rows', 'SELECT x FROM demo WHERE x > 1', guard],
  ['hits are rows that pass WHERE', 'SELECT last_hit_count() AS n FROM demo WHERE x > 1 AND last_hit_count() < 5', guard],
  ['changed_cols sees results alone', "SELECT changed_cols('', true, y) FROM demo WHERE x > 1", guard],
  ['a window of time is filled after WHERE', 'SELECT count(*) FROM demo WHERE x > 1 GROUP BY TUMBLINGWINDOW(ss, 1)', guard],
  ['a state window sees what WHERE keeps', 'SELECT x FROM demo WHERE x > 1 GROUP BY STATEWINDOW(y)', guard],
  ['FILTER stands before the window', 'SELECT count(*) FROM demo GROUP BY COUNTWINDOW(2) FILTER(WHERE x > 1)', guard],
  ['an analytic function sees every row', 'SELECT lag(x) AS p FROM demo WHERE x > 1', undefined],
  ['also in WHERE', 'SELECT x FROM demo WHERE x > 1 AND had_changed(true, y)', undefined],
  ['also behind a FILTER', 'SELECT latest(y) AS l FROM demo GROUP BY COUNTWINDOW(2) FILTER(WHERE x > 1)', undefined],
  ['also under an alias that nothing shows', 'SELECT x, acc_count(y) AS n INVISIBLE FROM demo WHERE x > 1', undefined],
  ['a count window counts rows that WHERE drops', 'SELECT x FROM demo WHERE x > 1 GROUP BY COUNTWINDOW(2)', undefined],
  ['a sliding window is triggered by them', 'SELECT x FROM demo WHERE x > 1 GROUP BY SLIDINGWINDOW(ss, 1)', undefined],
  ['an aggregate in WHERE is over them', 'SELECT x FROM demo WHERE x > 1 AND x > avg(x) GROUP BY COUNTWINDOW(2)', undefined],
];

describe('rows that an index may withhold', () => {
  it.each(statements)('%s: %s', (_, sql, expected) => {
    expect(planSql(sql, {streams: {demo: '()'}}).guard).toEqual(expected);
  });

  it('are none in event time, where every row moves the watermark', () => {
    const plan = planSql('SELECT x FROM demo WHERE x > 1', {
      streams: {demo: 'CREATE STREAM demo () WITH (DATASOURCE="d", TIMESTAMP="ts")'},
      options: {isEventTime: true},
    });
    expect(plan.guard).toBeUndefined();
  });

  it.each(statements.filter(([, sql]) => !sql.includes('WINDOW(ss')))('change no answer when withheld: %s: %s', (_, sql) => {
    const rows: Row[] = [2, 0, 1, 3, 1, 4, 5, 0, 6, 7].map((x, i) => ({x, y: i % 3 === 0}));
    const all = new CompiledRule(sql).push(...rows);
    const some = new CompiledRule(sql);
    const index = new GuardIndex<Row>();
    const {guard: found} = some.plan;
    for (const row of rows) {
      let reaches = found === undefined;
      if (found !== undefined) {
        index.add(found, row);
        index.visit(row, entry => {
          reaches ||= entry === row;
        });
        index.remove(found, row);
      }
      if (reaches) some.push(row);
    }
    expect(some.take()).toEqual(all.take());
  });
});
