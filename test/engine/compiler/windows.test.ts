import {describe, expect, it} from 'vitest';
import {CompiledRule, type CompiledRuleOptions} from '#test/support/compiled-rule.ts';
import {saved} from '#test/support/saved.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/** 12:00:03.000 UTC. */
const start = Date.UTC(2024, 0, 1, 12, 0, 3);
const at = (second: number) => Date.UTC(2024, 0, 1, 12, 0, second);

function startRule(sql: string, options: CompiledRuleOptions = {}): CompiledRule {
  return new CompiledRule(sql, {clock: new VirtualClock(start), ...options});
}

describe('a tumbling window', () => {
  it.each(['()', '(v bigint)'])('WHERE tests the column that an aggregate of the same alias reads, over %s', schema => {
    const rule = new CompiledRule('SELECT max(v) AS v, count(*) AS n FROM demo WHERE v > 2 GROUP BY COUNTWINDOW(3)', {columns: schema});
    expect(rule.push({v: 1}, {v: 5}, {v: 4}).take()).toEqual([[{v: 5, n: 2}]]);
  });

  it('fires at aligned ends with what came before, and tells its bounds', () => {
    const rule = startRule('SELECT collect(v) AS vs, window_start() AS ws, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)');
    rule.push({v: 1});
    rule.clock.advanceTo(at(9));
    rule.push({v: 2});
    expect(rule.take()).toEqual([]);
    rule.clock.advanceTo(at(10));
    expect(rule.take()).toEqual([[{vs: [1, 2], ws: start, we: at(10)}]]);
    rule.push({v: 3});
    rule.clock.advanceTo(at(20));
    expect(rule.take()).toEqual([[{vs: [3], ws: at(10), we: at(20)}]]);
  });

  it('gives a row from beyond the end to the next span, although the timer is late', () => {
    const rule = startRule('SELECT collect(v) AS vs FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)');
    rule.push({v: 1});
    rule.clock.jump(8000);
    rule.push({v: 2});
    expect(rule.take()).toEqual([[{vs: [1]}]]);
    rule.clock.advanceTo(at(20));
    expect(rule.take()).toEqual([[{vs: [2]}]]);
  });

  it.each([
    ['rows', 'SELECT v FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', [[]]],
    ['one group', 'SELECT count(*) AS n, sum(v) AS s, v, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', [[{we: at(10)}]]],
    ['groups', 'SELECT v, count(*) AS n FROM demo GROUP BY v, TUMBLINGWINDOW(ss, 10)', []],
    ['a star and an aggregate', 'SELECT *, count(*) AS n FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', [[{}]]],
    ['HAVING', 'SELECT count(*) AS n FROM demo GROUP BY TUMBLINGWINDOW(ss, 10) HAVING count(*) > 0', []],
  ])('without rows fires what the language says for %s', (_, sql, output) => {
    const rule = startRule(sql);
    rule.clock.advanceTo(at(10));
    expect(rule.take()).toEqual(output);
  });

  it('fires empty when WHERE or FILTER dropped everything', () => {
    const rule = startRule(
      'SELECT count(*) AS n, window_end() AS we FROM demo WHERE v > 5 GROUP BY TUMBLINGWINDOW(ss, 10) FILTER(WHERE w > 5)',
    );
    rule.push({v: 1, w: 9}, {v: 9, w: 1});
    rule.clock.advanceTo(at(10));
    expect(rule.take()).toEqual([[{we: at(10)}]]);
    rule.push({v: 9, w: 9});
    rule.clock.advanceTo(at(20));
    expect(rule.take()).toEqual([[{n: 1, we: at(20)}]]);
  });

  it('loses a row that fails WHERE, alone', () => {
    const rule = startRule('SELECT collect(v) AS vs FROM demo WHERE v > 0 GROUP BY TUMBLINGWINDOW(ss, 10)');
    rule.push({v: 1}, {v: 'x'}, {v: 2});
    rule.clock.advanceTo(at(10));
    expect(rule.take()).toEqual(['run Where error: invalid operation string(x) > int64(0)', [{vs: [1, 2]}]]);
  });

  it('passes over spans missed while the process stood still', () => {
    const rule = startRule('SELECT collect(v) AS vs, window_start() AS ws, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)');
    rule.push({v: 1});
    rule.clock.jump(32_000);
    rule.push({v: 2});
    rule.clock.advanceTo(at(40));
    expect(rule.take()).toEqual([[{vs: [1], ws: start, we: at(10)}], [{vs: [2], ws: at(30), we: at(40)}]]);
  });

  it('aligns anew, keeping its rows, when the clock is set back', () => {
    const rule = startRule('SELECT collect(v) AS vs, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)');
    rule.clock.advanceTo(at(11));
    rule.take();
    rule.push({v: 1});
    rule.clock.jump(-3_600_000);
    rule.push({v: 2});
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([[{vs: [1, 2], we: at(20) - 3_600_000}]]);
  });

  it('ends with its pipeline', () => {
    const rule = startRule('SELECT count(*) AS n FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)');
    expect(rule.clock.waiting).toBe(1);
    rule.pipeline.close();
    expect(rule.clock.waiting).toBe(0);
  });
});

describe('a count window', () => {
  const numbers = (...values: number[]) => values.map(v => ({v}));
  it.each([
    [
      'COUNTWINDOW(3)',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      'COUNTWINDOW(3, 1)',
      [
        [1, 2, 3],
        [2, 3, 4],
        [3, 4, 5],
        [4, 5, 6],
        [5, 6, 7],
        [6, 7, 8],
      ],
    ],
    [
      'COUNTWINDOW(5, 2)',
      [
        [2, 3, 4, 5, 6],
        [4, 5, 6, 7, 8],
      ],
    ],
    ['COUNTWINDOW(5, 3)', [[2, 3, 4, 5, 6]]],
    ['COUNTWINDOW(1)', [[1], [2], [3], [4], [5], [6], [7], [8]]],
  ])('%s holds the last rows, whatever the batches', (window, wanted) => {
    for (const sizes of [[8], [1, 1, 1, 1, 1, 1, 1, 1], [3, 5], [2, 2, 4]]) {
      const grouped = startRule(`SELECT collect(v) AS vs FROM demo GROUP BY ${window}`);
      const plain = startRule(`SELECT v FROM demo GROUP BY ${window}`);
      let next = 1;
      for (const size of sizes) {
        const rows = numbers(...Array.from({length: size}, () => next++));
        grouped.push(...rows);
        plain.push(...rows);
      }
      expect(grouped.take()).toEqual(wanted.map(vs => [{vs}]));
      expect(plain.take()).toEqual(wanted.map(vs => numbers(...vs)));
    }
  });

  it('is thinned by WHERE after counting, and emits nothing when no row is left', () => {
    for (const [fields, full] of [
      ['v', [{v: 9}]],
      ['count(*) AS n', [{n: 1}]],
    ] as const) {
      const rule = startRule(`SELECT ${fields} FROM demo WHERE v > 5 GROUP BY COUNTWINDOW(2)`);
      rule.push(...numbers(1, 9, 1, 2));
      expect(rule.take()).toEqual([full]);
      expect(rule.metrics('filter')).toMatchObject({recordsIn: 2, recordsOut: 1});
    }
  });

  it('is lost to a row that fails WHERE, an argument, a key or a field', () => {
    for (const sql of [
      'SELECT v FROM demo WHERE v > 0 GROUP BY COUNTWINDOW(2)',
      'SELECT count(*) AS n FROM demo WHERE v > 0 GROUP BY COUNTWINDOW(2)',
      'SELECT sum(v + 1) AS n FROM demo GROUP BY COUNTWINDOW(2)',
      'SELECT collect(v + 1) AS n FROM demo GROUP BY COUNTWINDOW(2)',
      'SELECT count(*) AS n FROM demo GROUP BY v + 1, COUNTWINDOW(2)',
      'SELECT v + 1 AS n FROM demo GROUP BY COUNTWINDOW(2)',
      'SELECT count(*) AS n FROM demo GROUP BY COUNTWINDOW(2) HAVING sum(v + 1) > 0',
      'SELECT v FROM demo GROUP BY COUNTWINDOW(2) ORDER BY v',
    ]) {
      const rule = startRule(sql);
      const [first, second, ...others] = rule.push(...[{v: 1}, {v: 'x'}, {v: 3}, {v: 4}]).take();
      expect([sql, typeof first, Array.isArray(second), others]).toEqual([sql, 'string', true, []]);
    }
  });
});

describe('groups', () => {
  it('come in the order of their first rows, with the columns of those', () => {
    const rule = startRule('SELECT line, id, v * 2 AS d, count(*) AS n FROM demo GROUP BY line, COUNTWINDOW(4)');
    rule.push({line: 'b', id: 1, v: 5}, {line: 'a', id: 2, v: 6}, {line: 'b', id: 3, v: 7}, {line: null, id: 4, v: 8});
    expect(rule.take()).toEqual([
      [
        {line: 'b', id: 1, d: 10, n: 2},
        {line: 'a', id: 2, d: 12, n: 1},
        {line: null, id: 4, d: 16, n: 1},
      ],
    ]);
  });

  it.each([
    ['()', [{k: 1}, {k: '1'}, {k: 1.5}, {k: true}, {k: 'true'}, {}], [2, 1, 2, 1]],
    ['(k bigint)', [{k: 1}, {k: 2}, {k: 1}, {}, {}, {k: 9007199254740993n}], [2, 1, 2, 1]],
    ['(k float)', [{k: 1}, {k: 1}, {k: 1e21}, {}, {k: 1e21}, {k: 2}], [2, 2, 1, 1]],
    ['(k string)', [{k: 'a'}, {k: ''}, {k: 'a'}, {}, {k: '__proto__'}, {k: 'constructor'}], [2, 1, 1, 1, 1]],
  ])('with keys of columns %s collide as their texts do', (columns, rows, counts) => {
    const rule = startRule('SELECT count(*) AS n FROM demo GROUP BY k, COUNTWINDOW(6)', {columns});
    expect(rule.push(...rows).take()).toEqual([counts.map(n => ({n}))]);
  });

  it('by two keys are told apart by both', () => {
    const rule = startRule('SELECT a, b, count(*) AS n FROM demo GROUP BY a, b, COUNTWINDOW(4)');
    rule.push({a: 1, b: 'x'}, {a: 1, b: 'y'}, {a: 1, b: 'x'}, {a: 2, b: 'x'});
    expect(rule.take()).toEqual([
      [
        {a: 1, b: 'x', n: 2},
        {a: 1, b: 'y', n: 1},
        {a: 2, b: 'x', n: 1},
      ],
    ]);
  });

  it('by an alias keep the value that grouped them', () => {
    const rule = startRule("SELECT concat(line, '!') AS l, upper(l) AS u, count(*) AS n FROM demo GROUP BY l, COUNTWINDOW(3)");
    expect(rule.push({line: 'a'}, {line: 'b'}, {line: 'a'}).take()).toEqual([
      [
        {l: 'a!', u: 'A!', n: 2},
        {l: 'b!', u: 'B!', n: 1},
      ],
    ]);
  });

  it('aggregate typed columns in typed form, exactly', () => {
    const rule = startRule('SELECT sum(n) AS s, avg(n) AS a, min(n) AS lo, max(x) AS hi, avg(x) AS ax FROM demo GROUP BY COUNTWINDOW(3)', {
      columns: '(n bigint, x float)',
    });
    expect(rule.push({n: 9007199254740993n, x: 1}, {n: 2, x: 2.5}, {}).take()).toEqual([
      [{s: 9007199254740995n, a: 4503599627370497, lo: 2, hi: 2.5, ax: 1.75}],
    ]);
  });

  it('take FILTER and DISTINCT per aggregate', () => {
    const rule = startRule(
      'SELECT count(DISTINCT k) AS d, sum(v) FILTER(WHERE ok) AS s, count(*) FILTER(WHERE v > 1) AS c FROM demo GROUP BY COUNTWINDOW(4)',
    );
    expect(rule.push({k: 1, v: 1, ok: true}, {k: '1', v: 2}, {k: 1, v: 3, ok: true}, {v: 4, ok: false}).take()).toEqual([
      [{d: 2, s: 4, c: 3}],
    ]);
  });

  it('give collect(*) ints as ints and hide what a star hides', () => {
    const rule = startRule('SELECT collect(*)[0]->n / 2 AS h, collect(*) AS all FROM demo GROUP BY COUNTWINDOW(1)', {
      columns: '(n bigint, …)',
      hiddenColumns: ['twin'],
    });
    expect(rule.push({n: 7, twin: {}, u: 1.5}).take()).toEqual([[{h: 3n, all: [{n: 7n, u: 1.5}]}]]);
  });

  it('make null of a scalar function that fails, and count it', () => {
    const rule = startRule("SELECT cast(last_value(v, false), 'bigint') AS n, count(*) AS c FROM demo GROUP BY COUNTWINDOW(1)");
    expect(rule.push({v: 'x'}, {v: 5}).take()).toEqual([[{c: 1}], [{c: 1, n: 5n}]]);
    expect(rule.metrics('project')).toMatchObject({exceptions: 1, recordsOut: 2});
  });
});

describe('clauses after the window', () => {
  const rows = [{line: 'b', v: 9}, {line: 'a', v: 1}, {line: 'c', v: 5}, {line: 'a', v: 1}, {line: 'd'}, {line: 'c', v: 2}];
  it.each<[string, unknown]>([
    [
      'SELECT line, sum(v) AS s FROM demo GROUP BY line, COUNTWINDOW(6) HAVING s >= 5',
      [
        {line: 'b', s: 9},
        {line: 'c', s: 7},
      ],
    ],
    [
      'SELECT line, count(*) AS n FROM demo GROUP BY line, COUNTWINDOW(6) ORDER BY n DESC, line',
      [
        {line: 'a', n: 2},
        {line: 'c', n: 2},
        {line: 'b', n: 1},
        {line: 'd', n: 1},
      ],
    ],
    [
      'SELECT line, sum(v) AS s FROM demo GROUP BY line, COUNTWINDOW(6) ORDER BY s',
      [{line: 'a', s: 2}, {line: 'c', s: 7}, {line: 'b', s: 9}, {line: 'd'}],
    ],
    [
      'SELECT line, sum(v) AS s FROM demo GROUP BY line, COUNTWINDOW(6) ORDER BY s DESC LIMIT 2',
      [
        {line: 'b', s: 9},
        {line: 'c', s: 7},
      ],
    ],
    ['SELECT v FROM demo GROUP BY COUNTWINDOW(6) ORDER BY v LIMIT 3', [{v: 1}, {v: 1}, {v: 2}]],
    ['SELECT DISTINCT v FROM demo GROUP BY COUNTWINDOW(6) ORDER BY v LIMIT 3', [{v: 1}, {v: 2}, {v: 5}]],
    ['SELECT DISTINCT line FROM demo GROUP BY COUNTWINDOW(6)', [{line: 'b'}, {line: 'a'}, {line: 'c'}, {line: 'd'}]],
    ['SELECT line FROM demo GROUP BY COUNTWINDOW(6) HAVING avg(v) > 3 ORDER BY line DESC LIMIT 1', [{line: 'd'}]],
    ['SELECT v * -1 AS neg FROM demo GROUP BY COUNTWINDOW(6) ORDER BY neg LIMIT 1', [{neg: -9}]],
  ])('%s', (sql, collection) => {
    expect(
      startRule(sql)
        .push(...rows)
        .take(),
    ).toEqual([collection]);
  });

  it.each([
    'SELECT line FROM demo GROUP BY COUNTWINDOW(6) HAVING avg(v) > 5',
    'SELECT line, count(*) AS n FROM demo GROUP BY line, COUNTWINDOW(6) HAVING n > 9',
    'SELECT line FROM demo GROUP BY COUNTWINDOW(6) LIMIT 0',
  ])('%s emits nothing', sql => {
    expect(
      startRule(sql)
        .push(...rows)
        .take(),
    ).toEqual([]);
  });

  it('fail with the words of their clause', () => {
    const reasons = (sql: string, ...given: object[]) =>
      startRule(sql)
        .push(...given)
        .take();
    expect(reasons('SELECT count(*) AS n FROM demo GROUP BY COUNTWINDOW(1) HAVING last_value(v, false)', {v: null})).toEqual([
      'run Having error: invalid condition that returns non-bool value <nil>(<nil>)',
    ]);
    expect(reasons('SELECT v FROM demo GROUP BY COUNTWINDOW(2) ORDER BY v', {v: 1}, {v: 'x'})).toEqual([
      expect.stringMatching(/^run Order By error: incompatible types for comparison: (float and string|string and float)$/),
    ]);
    expect(reasons('SELECT count(*) AS n FROM demo GROUP BY v + 1, COUNTWINDOW(1)', {v: 'x'})).toEqual([
      'run Group By error: invalid operation string(x) + int64(1)',
    ]);
    expect(reasons('SELECT sum(v) AS s FROM demo GROUP BY COUNTWINDOW(1)', {v: 'x'})[0]).toMatch(
      /^run Select error: .*sum.* meet error, err:/,
    );
  });

  it('see the metadata of the first row of a group and the time of each row', () => {
    const rule = startRule('SELECT meta(topic) AS t, count(*) AS n, event_time() AS e FROM demo GROUP BY COUNTWINDOW(2)');
    rule.pushWith({topic: 'x'}, {});
    rule.clock.advance(500);
    rule.pushWith({topic: 'y'}, {});
    expect(rule.take()).toEqual([[{t: 'x', n: 2, e: start + 500}]]);
    const rows = startRule('SELECT meta(topic) AS t, event_time() AS e FROM demo GROUP BY COUNTWINDOW(2) ORDER BY t DESC');
    rows.pushWith({topic: 'x'}, {});
    rows.clock.advance(500);
    rows.pushWith({topic: 'y'}, {});
    expect(rows.take()).toEqual([
      [
        {t: 'y', e: start + 500},
        {t: 'x', e: start},
      ],
    ]);
  });
});

describe('the operators of a rule', () => {
  it('are those of its plan, each with its counts', () => {
    const rule = startRule(
      'SELECT line, count(*) AS n FROM demo WHERE v > 0 GROUP BY line, TUMBLINGWINDOW(ss, 10) HAVING n > 0 ORDER BY n',
    );
    rule.push({line: 'a', v: 1}, {line: 'b', v: 0});
    rule.clock.advanceTo(at(10));
    const counts = rule.pipeline.operators.map(({name, metrics, downstream}) => [name, metrics.recordsIn, metrics.recordsOut, downstream]);
    expect(counts).toEqual([
      ['filter', 2, 1, [1]],
      ['window', 1, 1, [2]],
      ['aggregate', 1, 1, [3]],
      ['having', 1, 1, [4]],
      ['order', 1, 1, [5]],
      ['project', 1, 1, []],
    ]);
  });
});

describe('a snapshot', () => {
  const sqls = [
    'SELECT line, count(*) AS n, sum(v) AS s, avg(v) AS a, collect(v) AS vs, count(DISTINCT v) AS d FROM demo GROUP BY line, TUMBLINGWINDOW(ss, 10)',
    'SELECT line, v FROM demo GROUP BY TUMBLINGWINDOW(ss, 10) ORDER BY v',
    'SELECT collect(v) AS vs, max(v) AS m, meta(topic) AS t FROM demo GROUP BY COUNTWINDOW(4)',
    'SELECT collect(*) AS vs FROM demo GROUP BY COUNTWINDOW(4, 3)',
    'SELECT line FROM demo WHERE v > 2 GROUP BY COUNTWINDOW(5, 2)',
    'SELECT sum(v + 0) AS s FROM demo GROUP BY COUNTWINDOW(3)',
    'SELECT v FROM demo WHERE v > 2',
  ];
  const rows = [1, 2, 3, 'x', 4, 5, 6, 7, 3, 8].map((v, i) => ({line: i % 2 === 0 ? 'a' : 'b', v}));

  it.each(sqls)('taken anywhere changes nothing: %s', sql => {
    const play = (cut: number | undefined): unknown[] => {
      const clock = new VirtualClock(start);
      let rule = new CompiledRule(sql, {clock});
      const output: unknown[] = [];
      for (const [i, row] of rows.entries()) {
        if (i === cut) {
          // What is saved is plain data, and the rule that it is taken from may go on.
          const state = saved(rule.pipeline.snapshot());
          output.push(...rule.take());
          rule.push(...rows);
          rule.pipeline.close();
          rule = new CompiledRule(sql, {clock});
          rule.pipeline.restore(state);
        }
        rule.pushWith({topic: `t${i}`}, row);
        clock.advance(1700);
      }
      clock.advance(20_000);
      output.push(...rule.take());
      return output;
    };
    const whole = play(undefined);
    expect(whole.length).toBeGreaterThan(0);
    for (let cut = 0; cut < rows.length; cut++) expect(play(cut)).toEqual(whole);
  });

  it('is not changed by what comes after it', () => {
    const rule = startRule('SELECT line, collect(v) AS vs FROM demo GROUP BY line, COUNTWINDOW(9)');
    rule.push(...rows.slice(0, 4));
    const state = rule.pipeline.snapshot();
    const before = saved(state);
    rule.push(...rows);
    expect(state).toEqual(before);
  });

  it('whose window is over fires it', () => {
    const clock = new VirtualClock(start);
    const before = new CompiledRule('SELECT collect(v) AS vs, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', {clock});
    before.push({v: 1});
    const state = before.pipeline.snapshot();
    before.pipeline.close();
    clock.advanceTo(at(47));
    const after = new CompiledRule('SELECT collect(v) AS vs, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', {clock});
    after.pipeline.restore(state);
    clock.advanceTo(at(50));
    expect(after.take()).toEqual([[{vs: [1], we: at(10)}], [{vs: null, we: at(50)}]]);
  });
});
