import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Row} from '#engine/values/value.ts';
import {JoinedRule, type JoinedRuleOptions} from '#test/support/joined-rule.ts';
import {saved} from '#test/support/saved.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const streams = {l: '()', r: '()', t: '()'};
const typed = {l: '(id bigint, v float, name string)', r: '(id bigint, w float, name string)'};

/** What a rule gives for some rows of `l` and then some of `r`, in one window. */
function joined(sql: string, left: readonly unknown[], right: readonly unknown[], setting: Partial<JoinedRuleOptions> = {}): unknown[] {
  const rule = new JoinedRule(`${sql} GROUP BY TUMBLINGWINDOW(ss, 10)`, {streams, ...setting});
  rule.push('l', ...left).push('r', ...right);
  rule.clock.advance(10_000);
  return rule.take();
}

const left = [
  {id: 1, v: 10, name: 'a'},
  {id: 2, v: 20, name: 'b'},
];
const right = [
  {id: 2, w: 5, name: 'x'},
  {id: 3, w: 6, name: 'y'},
  {id: 2, w: 7, name: 'z'},
];

describe('a join in a window', () => {
  it.each([
    [
      'INNER JOIN r ON l.id = r.id',
      [
        [2, 5],
        [2, 7],
      ],
    ],
    [
      'LEFT JOIN r ON l.id = r.id',
      [
        [1, undefined],
        [2, 5],
        [2, 7],
      ],
    ],
    [
      'RIGHT JOIN r ON l.id = r.id',
      [
        [2, 5],
        [undefined, 6],
        [2, 7],
      ],
    ],
    [
      'FULL JOIN r ON l.id = r.id',
      [
        [1, undefined],
        [2, 5],
        [2, 7],
        [undefined, 6],
      ],
    ],
    [
      'CROSS JOIN r',
      [
        [1, 5],
        [1, 6],
        [1, 7],
        [2, 5],
        [2, 6],
        [2, 7],
      ],
    ],
    [
      'INNER JOIN r',
      [
        [1, 5],
        [1, 6],
        [1, 7],
        [2, 5],
        [2, 6],
        [2, 7],
      ],
    ],
    ['INNER JOIN r ON r.id = l.id AND r.w > 5', [[2, 7]]],
    [
      'LEFT JOIN r ON l.id = r.id AND r.w > 6',
      [
        [1, undefined],
        [2, 7],
      ],
    ],
    ['INNER JOIN r ON l.v = r.w * 4', [[2, 5]]],
    ['INNER JOIN r ON l.id < r.id AND l.v > 10', [[2, 6]]],
  ] as const)('matches rows: %s', (join, expected) => {
    const sql = `SELECT l.id AS id, r.w AS w FROM l ${join}`;
    const rows = expected.map(([id, w]) => ({...(id !== undefined && {id}), ...(w !== undefined && {w})}));
    expect(joined(sql, left, right)).toEqual([rows]);
    expect(joined(sql, left, right, {streams: typed})).toEqual([rows]);
  });

  it('gives nothing where nothing remains, not even an empty collection', () => {
    expect(joined('SELECT * FROM l INNER JOIN r ON l.id = r.id', left, [])).toEqual([]);
    expect(joined('SELECT count(*) AS n FROM l INNER JOIN r ON l.id = r.id', left, [{id: 9}])).toEqual([]);
    expect(joined('SELECT l.id FROM l LEFT JOIN r ON l.id = r.id WHERE l.v + r.w > 1000', left, right)).toEqual([]);
  });

  it('joins several sources in their order', () => {
    const rule = new JoinedRule(
      'SELECT l.id AS id, r.w AS w, t.u AS u FROM l INNER JOIN r ON l.id = r.id LEFT JOIN t ON r.w = t.w AND l.name = t.name GROUP BY COUNTWINDOW(5)',
      {streams},
    );
    rule
      .push('t', {w: 7, name: 'b', u: 'found'})
      .push('l', left[1])
      .push('r', ...right);
    expect(rule.take()).toEqual([
      [
        {id: 2, w: 5},
        {id: 2, w: 7, u: 'found'},
      ],
    ]);
  });

  it('joins a stream with itself under two aliases', () => {
    const rule = new JoinedRule('SELECT a.id AS x, b.id AS y FROM l AS a INNER JOIN l AS b ON a.v < b.v GROUP BY TUMBLINGWINDOW(ss, 10)', {
      streams,
    });
    rule.push('l', ...left);
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([[{x: 1, y: 2}]]);
  });

  it('fails under its own name, and the next window goes on', () => {
    const rule = new JoinedRule('SELECT l.id AS id FROM l LEFT JOIN r ON l.v GROUP BY TUMBLINGWINDOW(ss, 10)', {streams});
    rule.push('l', {id: 1, v: 5}).push('r', {});
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual(['run Join error: invalid join condition that returns non-bool value float64(5)']);
    rule.push('l', {id: 1, v: true}, {id: 2}).push('r', {});
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([[{id: 1}, {id: 2}]]);
    const {metrics} = rule.pipeline.operators.find(({name}) => name === 'join')!;
    expect(metrics).toMatchObject({recordsIn: 2, recordsOut: 1, exceptions: 1});
  });

  it('compares values of two types as nested loops do: an error', () => {
    expect(joined('SELECT l.id FROM l INNER JOIN r ON l.id = r.name', left, right)).toEqual([
      expect.stringMatching(/^run Join error: invalid operation/),
    ]);
  });

  it('groups, filters and orders joined rows', () => {
    const sql =
      'SELECT r.name AS name, sum(l.v) AS s, count(*) AS n FROM l INNER JOIN r ON l.id < r.id + 2 GROUP BY r.name, TUMBLINGWINDOW(ss, 10) HAVING count(*) > 1 ORDER BY name DESC LIMIT 2';
    const rule = new JoinedRule(sql, {streams});
    rule.push('l', ...left).push('r', ...right);
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([
      [
        {name: 'z', s: 30, n: 2},
        {name: 'y', s: 30, n: 2},
      ],
    ]);
  });

  it('keeps state over a restart', () => {
    const sql =
      'SELECT l.id AS id, w, hi FROM l INNER JOIN r ON l.id = r.id LEFT JOIN limits ON limits.id = l.id GROUP BY TUMBLINGWINDOW(ss, 10)';
    const setting = {streams, tables: {limits: '()'}, with: {limits: {RETAIN_SIZE: '5'}}};
    const before = new JoinedRule(sql, setting);
    before.push('limits', {id: 2, hi: 99}).push('l', ...left);
    const state = saved(before.pipeline.snapshot());
    before.pipeline.close();
    const after = new JoinedRule(sql, {...setting, clock: new VirtualClock(1000)});
    after.pipeline.restore(state);
    after.push('r', ...right);
    after.clock.advance(10_000);
    expect(after.take()).toEqual([
      [
        {id: 2, w: 5, hi: 99},
        {id: 2, w: 7, hi: 99},
      ],
    ]);
  });

  it('equals nested loops over random rows', () => {
    const value = fc.constantFrom(1, 2, 3, null, 'x', undefined);
    const rowArbitrary = fc.record({id: value, n: fc.nat(9)});
    const types = ['INNER', 'LEFT', 'RIGHT', 'FULL'] as const;
    fc.assert(
      fc.property(
        fc.array(rowArbitrary, {maxLength: 6}),
        fc.array(rowArbitrary, {maxLength: 6}),
        fc.constantFrom(...types),
        (ls, rs, type) => {
          const hash = joined(`SELECT l.n AS x, r.n AS y FROM l ${type} JOIN r ON l.id = r.id AND l.n <= r.n`, ls, rs);
          // OR leaves nothing to hash by.
          const loops = joined(`SELECT l.n AS x, r.n AS y FROM l ${type} JOIN r ON (l.id = r.id OR FALSE = TRUE) AND l.n <= r.n`, ls, rs);
          expect(hash).toEqual(loops);
        },
      ),
      {numRuns: 150},
    );
  });
});

describe('names in a join', () => {
  const both = 'FROM l INNER JOIN r ON l.id = r.id';
  const one = [[{id: 1, v: 1, l: 'l'}], [{id: 1, v: 2, r: 'r'}]] as const;

  it.each([
    [`SELECT * ${both}`, {id: 1, v: 1, l: 'l', r: 'r'}],
    [`SELECT r.* ${both}`, {id: 1, v: 2, r: 'r'}],
    [`SELECT r.*, l.* ${both}`, {id: 1, v: 1, l: 'l', r: 'r'}],
    [`SELECT * EXCEPT(v) ${both}`, {id: 1, l: 'l', r: 'r'}],
    [`SELECT l.* EXCEPT(v), r.* ${both}`, {id: 1, v: 2, l: 'l', r: 'r'}],
    [`SELECT * REPLACE(l.v + r.v AS v) ${both}`, {id: 1, v: 3, l: 'l', r: 'r'}],
    [`SELECT collect(*) AS c ${both}`, {c: [{id: 1, v: 2, l: 'l', r: 'r'}]}],
    [`SELECT collect(l.*) AS c ${both}`, {c: [{id: 1, v: 1, l: 'l'}]}],
    [`SELECT v, r.v AS w ${both}`, {v: 1, w: 2}],
    [`SELECT l, r ${both}`, {l: 'l', r: 'r'}],
    ['SELECT a.v AS x, b.v AS y FROM l AS a INNER JOIN r AS b ON a.id = b.id', {x: 1, y: 2}],
    ['SELECT a.v AS x, r.v AS y FROM l AS a INNER JOIN r ON l.id = r.id', {x: 1, y: 2}],
  ])('%s', (sql, expected) => {
    expect(joined(sql, ...one)).toEqual([[expected]]);
  });

  it('of equal names the source named first stays, whatever the join', () => {
    for (const type of ['INNER', 'LEFT', 'RIGHT', 'FULL']) {
      expect(joined(`SELECT * FROM l ${type} JOIN r ON l.id = r.id`, ...one), type).toEqual([[{id: 1, v: 1, l: 'l', r: 'r'}]]);
    }
  });

  it('an unqualified name is that of the first source whose row has it', () => {
    expect(joined('SELECT v FROM l RIGHT JOIN r ON l.id = r.id', [{id: 1, v: 1}], [{id: 2, v: 2}])).toEqual([[{v: 2}]]);
    expect(joined('SELECT v FROM l FULL JOIN r ON l.id = r.id', [{id: 1}], [{id: 1, v: 2}])).toEqual([[{v: 2}]]);
    expect(joined('SELECT v FROM l INNER JOIN r ON l.id = r.id', [{id: 1, v: null}], [{id: 1, v: 2}])).toEqual([[{v: null}]]);
  });

  it('names that every object inherits are columns like others', () => {
    const sql = 'SELECT l.constructor AS a, `__proto__` AS b, toString AS c FROM l LEFT JOIN r ON l.id = r.id';
    expect(joined(sql, [JSON.parse('{"id": 1, "constructor": 5, "__proto__": 6}')], [])).toEqual([[{a: 5, b: 6}]]);
    const [[star]] = joined('SELECT * FROM l LEFT JOIN r ON l.id = r.id', [JSON.parse('{"id": 1, "__proto__": 6}')], []) as [[Row]];
    expect(JSON.stringify(star)).toBe('{"id":1,"__proto__":6}');
  });

  it('metadata is that of the source named, else of the first that has it', () => {
    const sql =
      'SELECT meta(r.topic) AS a, meta(l.topic) AS b, meta(topic) AS c, meta(qos) AS d FROM l LEFT JOIN r ON l.id = r.id GROUP BY COUNTWINDOW(3)';
    const rule = new JoinedRule(sql, {streams});
    rule.pushWith('l', {topic: 'tl'}, {id: 1}, {id: 2}).pushWith('r', {topic: 'tr', qos: 1}, {id: 1});
    expect(rule.take()).toEqual([
      [
        {a: 'tr', b: 'tl', c: 'tl', d: 1n},
        {b: 'tl', c: 'tl'},
      ],
    ]);
  });

  it('metadata can be joined on: as a key, beside one, and of a table', () => {
    const select = 'SELECT l.id AS l, r.id AS r FROM l INNER JOIN r ON';
    for (const on of [
      'meta(l.device) = meta(r.device)',
      'l.g = r.g AND meta(l.device) = meta(r.device)',
      'meta(l.device) <= meta(r.device)',
    ]) {
      const rule = new JoinedRule(`${select} ${on} GROUP BY COUNTWINDOW(4)`, {streams});
      rule.pushWith('l', {device: 'a'}, {id: 1, g: 1}).pushWith('l', {device: 'c'}, {id: 2, g: 1});
      rule.pushWith('r', {device: 'b'}, {id: 3, g: 1}).pushWith('r', {device: 'a'}, {id: 4, g: 1});
      expect(rule.take(), on).toEqual([
        on.includes('<=')
          ? [
              {l: 1, r: 3},
              {l: 1, r: 4},
            ]
          : [{l: 1, r: 4}],
      ]);
    }
    const table = new JoinedRule(`${select} meta(l.device) = r.device`, {
      streams: {l: '()'},
      tables: {r: '()'},
      with: {r: {TYPE: 'mqtt', RETAIN_SIZE: '9'}},
    });
    table.push('r', {id: 5, device: 'a'}, {id: 6, device: 'b'}).pushWith('l', {device: 'b'}, {id: 1});
    expect(table.take()).toEqual([[{l: 1, r: 6}]]);
  });

  it('aliases work in ON, WHERE and GROUP BY', () => {
    expect(
      joined('SELECT l.v * 2 AS d, r.w AS w FROM l INNER JOIN r ON d = r.w WHERE d > 10', [{v: 3}, {v: 6}], [{w: 6}, {w: 12}]),
    ).toEqual([[{d: 12, w: 12}]]);
  });
});

describe('WHERE over a join', () => {
  it('drops rows of one stream before the window, also below an outer join', () => {
    const sql = 'SELECT l.id AS id, r.w AS w FROM l LEFT JOIN r ON l.id = r.id WHERE r.w > 5';
    // r.w > 5 drops a row of r, not the joined row: as eKuiper, not as SQL.
    expect(joined(sql, left, right)).toEqual([[{id: 1}, {id: 2, w: 7}]]);
  });

  it('stands above the join behind a count window', () => {
    const rule = new JoinedRule('SELECT l.id AS id, r.w AS w FROM l LEFT JOIN r ON l.id = r.id WHERE r.w > 5 GROUP BY COUNTWINDOW(5)', {
      streams,
    });
    rule.push('l', ...left).push('r', ...right);
    expect(rule.take()).toEqual([[{id: 2, w: 7}]]);
  });

  it('stands above several joins, the first INNER', () => {
    const rule = new JoinedRule(
      'SELECT l.id AS id, t.u AS u FROM l INNER JOIN r ON l.id = r.id LEFT JOIN t ON r.w = t.w WHERE l.v + t.u > 0 GROUP BY TUMBLINGWINDOW(ss, 10)',
      {streams},
    );
    rule
      .push('l', ...left)
      .push('r', ...right)
      .push('t', {w: 7, u: 1});
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([[{id: 2, u: 1}]]);
  });

  it('does not extend a session with rows it drops', () => {
    const rule = new JoinedRule('SELECT l.id AS id FROM l CROSS JOIN r WHERE l.v > 0 GROUP BY SESSIONWINDOW(ss, 100, 2)', {streams});
    rule.push('l', {id: 1, v: 1}).push('r', {});
    rule.clock.advance(1500);
    rule.push('l', {id: 2, v: 0});
    rule.clock.advance(1000);
    expect(rule.take()).toEqual([[{id: 1}]]);
  });

  it('with an analytic function sees every row of its stream', () => {
    const sql = 'SELECT l.id AS id, lag(l.v) AS before, r.w AS w FROM l INNER JOIN r ON l.id = r.id WHERE l.v > 10';
    expect(joined(sql, left, right)).toEqual([
      [
        {id: 2, before: 10, w: 5},
        {id: 2, before: 10, w: 7},
      ],
    ]);
  });
});

describe('a scan table', () => {
  const tables = {limits: '()'};
  const setting = (options: Record<string, string>) => ({streams, tables, with: {limits: {TYPE: 'mqtt', ...options}}});

  it('joins each row with its newest rows, and triggers nothing itself', () => {
    const rule = new JoinedRule('SELECT l.id AS id, hi FROM l LEFT JOIN limits ON l.id = limits.id', setting({RETAIN_SIZE: '2'}));
    rule.push('limits', {id: 1, hi: 1}, {id: 1, hi: 2}, {id: 1, hi: 3});
    expect(rule.take()).toEqual([]);
    rule.push('l', {id: 1}, {id: 2});
    expect(rule.take()).toEqual([
      [
        {id: 1, hi: 2},
        {id: 1, hi: 3},
      ],
      [{id: 2}],
    ]);
    rule.push('limits', {id: 2, hi: 4}).push('l', {id: 2}, {id: 1});
    expect(rule.take()).toEqual([[{id: 2, hi: 4}], [{id: 1, hi: 3}]]);
  });

  it.each([
    [{}, 1],
    [{RETAIN_SIZE: '3'}, 3],
    [{TYPE: 'file'}, 5],
  ] as const)('keeps rows as RETAIN_SIZE says: %o', (options, kept) => {
    const rule = new JoinedRule('SELECT count(*) AS n, l.id AS id FROM l CROSS JOIN limits', setting(options));
    for (let hi = 0; hi < 5; hi++) rule.push('limits', {hi});
    rule.push('l', {id: 7});
    expect(rule.take()).toEqual([[{n: kept, id: 7}]]);
  });

  it('may stand in FROM', () => {
    const rule = new JoinedRule('SELECT hi, l.id AS id FROM limits RIGHT JOIN l ON l.id = limits.id', setting({RETAIN_SIZE: '9'}));
    rule.push('limits', {id: 1, hi: 1}).push('l', {id: 1}, {id: 5});
    expect(rule.take()).toEqual([[{hi: 1, id: 1}], [{id: 5}]]);
  });

  it('keeps its newest rows, those that WHERE drops too', () => {
    const rule = new JoinedRule('SELECT l.id AS id, hi FROM l INNER JOIN limits ON l.id = limits.id WHERE limits.used = TRUE', setting({}));
    rule.push('limits', {id: 1, hi: 1, used: true}, {id: 1, hi: 2, used: false}).push('l', {id: 1});
    expect(rule.take()).toEqual([]);
    rule.push('limits', {id: 1, hi: 3, used: true}).push('l', {id: 1});
    expect(rule.take()).toEqual([[{id: 1, hi: 3}]]);
  });

  it('joins the rows of a window when it fires', () => {
    const rule = new JoinedRule(
      'SELECT l.id AS id, hi FROM l INNER JOIN limits ON l.id = limits.id GROUP BY TUMBLINGWINDOW(ss, 10)',
      setting({RETAIN_SIZE: '9'}),
    );
    rule.push('l', {id: 1}, {id: 2}).push('limits', {id: 1, hi: 3});
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([[{id: 1, hi: 3}]]);
  });

  it('has no window of its own in functions, orders and limits the rows of each message', () => {
    const rule = new JoinedRule(
      'SELECT hi, window_start() AS ws FROM l CROSS JOIN limits ORDER BY hi DESC LIMIT 2',
      setting({RETAIN_SIZE: '9'}),
    );
    rule.push('limits', {hi: 1}, {hi: 3}, {hi: 2}).push('l', {id: 1});
    expect(rule.take()).toEqual([[{hi: 3}, {hi: 2}]]);
  });
});

describe('a lookup table among other joins', () => {
  it('is asked in the order of the statement', () => {
    const rule = new JoinedRule(
      'SELECT l.id AS id, names.name AS name, w FROM l LEFT JOIN r ON l.id = r.id INNER JOIN names ON names.key = r.w GROUP BY TUMBLINGWINDOW(ss, 10)',
      {
        streams,
        tables: {names: '()'},
        with: {names: {TYPE: 'memory', KIND: 'lookup', KEY: 'key'}},
        lookups: {
          names:
            () =>
            ([w]) => [{key: w!, name: `n${w}`}],
        },
      },
    );
    rule.push('l', ...left).push('r', ...right);
    rule.clock.advance(10_000);
    expect(rule.take()).toEqual([
      [
        {id: 2, name: 'n5', w: 5},
        {id: 2, name: 'n7', w: 7},
      ],
    ]);
  });
});

describe('a lookup table', () => {
  const tables = {limits: '()'};
  const setting = {streams, tables, with: {limits: {TYPE: 'memory', KIND: 'lookup', KEY: 'id'}}};
  const rows = [
    {id: 1, hi: 1},
    {id: 2, hi: 2},
    {id: 2, hi: 3},
  ];
  const found = (keys: readonly string[]) => (values: readonly unknown[]) =>
    rows.filter(row => keys.every((key, i) => row[key as 'id'] === Number(values[i])));

  it.each([
    [
      'INNER JOIN limits ON l.id = limits.id',
      [
        [{id: 1, hi: 1}],
        [
          {id: 2, hi: 2},
          {id: 2, hi: 3},
        ],
      ],
    ],
    [
      'LEFT JOIN limits ON limits.id = l.id',
      [
        [{id: 1, hi: 1}],
        [
          {id: 2, hi: 2},
          {id: 2, hi: 3},
        ],
        [{id: 3}],
        [{}],
      ],
    ],
    ['LEFT JOIN limits ON limits.id = l.id AND limits.hi > 2', [[{id: 1}], [{id: 2, hi: 3}], [{id: 3}], [{}]]],
    [
      'RIGHT JOIN limits ON l.id = limits.id',
      [
        [{id: 1, hi: 1}],
        [
          {id: 2, hi: 2},
          {id: 2, hi: 3},
        ],
      ],
    ],
    ['INNER JOIN limits ON l.id + 1 = limits.id AND limits.hi = 3', [[{id: 1, hi: 3}]]],
  ])('is asked for each row: %s', (join, expected) => {
    const rule = new JoinedRule(`SELECT l.id AS id, limits.hi AS hi FROM l ${join}`, {...setting, lookups: {limits: found}});
    rule.push('l', {id: 1}, {id: 2}, {id: 3}, {id: null});
    expect(rule.take()).toEqual(expected);
  });

  it('keeps the order of rows while another system answers', async () => {
    const answers: ((rows: Row[]) => void)[] = [];
    const slow = () => () => new Promise<Row[]>(resolve => answers.push(resolve));
    const rule = new JoinedRule('SELECT l.id AS id, hi FROM l INNER JOIN limits ON l.id = limits.id', {
      ...setting,
      lookups: {limits: slow},
    });
    rule.push('l', {id: 1}, {id: 2});
    expect(answers).toHaveLength(1);
    answers[0]!([{id: 1, hi: 1}]);
    await new Promise(resolve => setImmediate(resolve));
    expect(rule.take()).toEqual([[{id: 1, hi: 1}]]);
    answers[1]!([{id: 2, hi: 2}]);
    await new Promise(resolve => setImmediate(resolve));
    expect(rule.take()).toEqual([[{id: 2, hi: 2}]]);
  });

  it('that fails costs the row that asked', async () => {
    let calls = 0;
    const failing = () => async () => {
      if (++calls === 1) throw new Error('connection refused');
      return [{id: 1, hi: 1}] as Row[];
    };
    const rule = new JoinedRule('SELECT l.id AS id, hi FROM l INNER JOIN limits ON l.id = limits.id', {
      ...setting,
      lookups: {limits: failing},
    });
    rule.push('l', {id: 1}, {id: 1});
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve));
    expect(rule.take()).toEqual(['run Join error: connection refused', [{id: 1, hi: 1}]]);
  });

  it('asks for all rows of a window at once', async () => {
    const asked: unknown[] = [];
    const slow = () => async (values: readonly unknown[]) => {
      asked.push(values);
      return [{hi: 1}] as Row[];
    };
    const rule = new JoinedRule('SELECT l.id AS id, hi FROM l INNER JOIN limits ON l.id = limits.id GROUP BY COUNTWINDOW(2)', {
      ...setting,
      lookups: {limits: slow},
    });
    rule.push('l', {id: 'a'}, {id: 'b'});
    expect(asked).toEqual([['a'], ['b']]);
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve));
    expect(rule.take()).toEqual([
      [
        {id: 'a', hi: 1},
        {id: 'b', hi: 1},
      ],
    ]);
  });
});

describe('joins in event time', () => {
  it('follow the slowest stream, and tables hold nothing back', () => {
    const sql =
      'SELECT l.id AS id, r.w AS w, hi FROM l INNER JOIN r ON l.id = r.id LEFT JOIN limits ON limits.id = l.id GROUP BY TUMBLINGWINDOW(ss, 10)';
    const rule = new JoinedRule(sql, {
      streams,
      tables: {limits: '()'},
      with: {'*': {TIMESTAMP: 'ts'}, limits: {TIMESTAMP: 'ts', RETAIN_SIZE: '5', TYPE: 'mqtt'}},
      options: {isEventTime: true, lateToleranceMs: 0},
    });
    rule.push('limits', {id: 1, hi: 9, ts: 1});
    rule.push('l', {id: 1, ts: 3000}, {id: 2, ts: 1000}, {id: 3, ts: 30_000});
    expect(rule.take()).toEqual([]);
    rule.push('r', {id: 2, w: 2, ts: 2000}, {id: 1, w: 1, ts: 2500}, {id: 3, w: 3, ts: 30_000});
    expect(rule.take()).toEqual([
      [
        {id: 2, w: 2},
        {id: 1, w: 1, hi: 9},
      ],
    ]);
  });
});
