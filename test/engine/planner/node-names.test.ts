import {describe, expect, it} from 'vitest';
import {nodeNames, operatorNames, type SourceShape} from '#engine/planner/node-names.ts';
import {planSql} from '#test/support/planning.ts';

const streams = {demo: '()'};
const operators = (sql: string): string => operatorNames(planSql(sql, {streams})).join(' ');
const bytes: SourceShape = {stream: 'demo', shared: false, steps: ['decoder']};

describe('operator names', () => {
  it.each([
    ['SELECT * FROM demo', 'project'],
    ['SELECT a FROM demo WHERE a > 1', 'filter project'],
    ['SELECT count(*) AS c FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', 'window project'],
    ['SELECT a, count(*) AS c FROM demo GROUP BY a, TUMBLINGWINDOW(ss, 10)', 'window aggregate project'],
    ['SELECT a FROM demo WHERE a > 1 GROUP BY TUMBLINGWINDOW(ss, 10)', 'filter window project'],
    ['SELECT a FROM demo WHERE a > 1 GROUP BY COUNTWINDOW(10)', 'window filter project'],
    ['SELECT a FROM demo GROUP BY COUNTWINDOW(10) FILTER(WHERE a > 1)', 'windowFilter window project'],
    ['SELECT * FROM demo GROUP BY COUNTWINDOW(3) HAVING avg(a) > 1', 'window having project'],
    [
      'SELECT a, count(*) AS c FROM demo WHERE b > 1 GROUP BY a, COUNTWINDOW(10) HAVING count(*) > 1 ORDER BY a',
      'window filter aggregate having order project',
    ],
    ['SELECT lag(a) AS p FROM demo WHERE a > 1', 'analytic filter project'],
    [
      'SELECT lag(a) AS p FROM demo WHERE a > 1 GROUP BY TUMBLINGWINDOW(ss, 10) FILTER(WHERE b > 1)',
      'analytic windowFilter window project',
    ],
    ['SELECT unnest(a) AS e FROM demo WHERE b > 1', 'filter project projectset'],
    ['SELECT row_number() AS n FROM demo', 'windowFunc project'],
    [
      'SELECT a, row_number() AS n FROM demo GROUP BY a, COUNTWINDOW(2) HAVING count(*) > 1 ORDER BY a',
      'window aggregate having windowFunc order project',
    ],
    ['SELECT dedup_trigger(a, b, c, 1000) FROM demo WHERE d > 1', 'filter dedup_trigger project'],
  ])('%s', (sql, expected) => {
    expect(operators(sql)).toBe(expected);
  });
});

describe('node names', () => {
  it('number sources, their steps and the operators in one count', () => {
    expect(nodeNames(planSql('SELECT count(*) AS c FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', {streams}), [bytes])).toEqual({
      sources: [{source: 'source_demo', steps: ['op_2_decoder']}],
      operators: ['op_3_window', 'op_4_project'],
    });
  });

  it('leave out the decoder of a source that gives rows', () => {
    expect(nodeNames(planSql('SELECT * FROM demo', {streams}), [{...bytes, steps: []}]).operators).toEqual(['op_2_project']);
  });

  it('put the name of a shared stream into those of its steps', () => {
    expect(nodeNames(planSql('SELECT * FROM demo', {streams}), [{...bytes, shared: true}])).toEqual({
      sources: [{source: 'source_demo', steps: ['op_demo_2_decoder']}],
      operators: ['op_3_project'],
    });
  });

  it('count each source before its own steps', () => {
    const shapes = [bytes, {...bytes, stream: 'other'}];
    expect(nodeNames(planSql('SELECT * FROM demo', {streams}), shapes)).toEqual({
      sources: [
        {source: 'source_demo', steps: ['op_2_decoder']},
        {source: 'source_other', steps: ['op_4_decoder']},
      ],
      operators: ['op_5_project'],
    });
  });
});
