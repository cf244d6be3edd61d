import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {saved} from '#test/support/saved.ts';

interface Reading {
  readonly id: string | null;
  readonly x: number | null;
  readonly ok: boolean;
  readonly begin: boolean;
  readonly reset: boolean;
}

const reading: fc.Arbitrary<Reading> = fc.record({
  id: fc.constantFrom('a', 'b', null),
  x: fc.constantFrom(null, 0, 1, 2, -3, 4.5),
  ok: fc.boolean(),
  begin: fc.boolean(),
  reset: fc.boolean(),
});

/** What a function gives for the last of `rows`, those of one partition from the first on; it was updated where `isUpdated`. */
type Model = (rows: readonly Reading[], isUpdated: (row: Reading) => boolean) => unknown;

const before = (rows: readonly Reading[]) => rows.slice(0, -1);
const last = (rows: readonly Reading[]) => rows.at(-1)!;

function lagOf(n: number, fallback: unknown, ignoresNull: boolean): Model {
  return (rows, isUpdated) => {
    const kept = before(rows).filter(row => isUpdated(row) && !(ignoresNull && row.x === null));
    return kept.length < n ? fallback : kept[kept.length - n]!.x;
  };
}

/** The values of `x` that counted as changes, in order. */
function changes(rows: readonly Reading[], isUpdated: (row: Reading) => boolean, ignoresNull: boolean): readonly Reading[] {
  const found: Reading[] = [];
  for (const row of rows.filter(isUpdated)) {
    if (!(ignoresNull && row.x === null) && (found.at(-1)?.x ?? null) !== row.x) found.push(row);
  }
  return found;
}

function accumulated(combine: (values: readonly number[]) => number): Model {
  return (rows, isUpdated) => combine(rows.filter(row => isUpdated(row) && row.x !== null).map(row => row.x!));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const functions: readonly (readonly [call: string, model: Model])[] = [
  ['lag(x)', lagOf(1, null, true)],
  ['lag(x, 3, -1)', lagOf(3, -1, true)],
  ['lag(x, 2, -1, false)', lagOf(2, -1, false)],
  ['latest(x, 9)', (rows, isUpdated) => rows.filter(row => isUpdated(row) && row.x !== null).at(-1)?.x ?? 9],
  ['changed_col(true, x)', (rows, isUpdated) => (changes(rows, isUpdated, true).at(-1) === last(rows) ? last(rows).x : null)],
  ['had_changed(true, x)', (rows, isUpdated) => changes(rows, isUpdated, true).at(-1) === last(rows)],
  ['had_changed(false, x)', (rows, isUpdated) => changes(rows, isUpdated, false).at(-1) === last(rows)],
  ['acc_sum(x)', accumulated(sum)],
  ['acc_count(x)', accumulated(values => values.length)],
  ['acc_sum(x, begin, reset)', stretch(sum)],
  ['acc_count(x, begin, reset)', stretch(values => values.length)],
];

/** Over the rows since the last one where `begin` held outside a stretch, to the one where `reset` does. */
function stretch(combine: (values: readonly number[]) => number): Model {
  return (rows, isUpdated) => {
    let open: Reading[] | undefined;
    let shown: readonly Reading[] = [];
    for (const row of rows) {
      if (open === undefined && row.begin) open = [];
      open?.push(row);
      shown = open ?? [];
      if (row.reset) open = undefined;
    }
    return combine(shown.filter(row => isUpdated(row) && row.x !== null).map(row => row.x!));
  };
}

const overs: readonly (readonly [text: string, key: (row: Reading) => unknown, isUpdated: (row: Reading) => boolean])[] = [
  ['', () => '', () => true],
  [' OVER (PARTITION BY id)', row => row.id, () => true],
  [' OVER (WHEN ok)', () => '', row => row.ok],
  [' OVER (PARTITION BY id WHEN ok)', row => row.id, row => row.ok],
];

/** An untyped int as a number: the model knows no difference. */
const asNumbers = (row: unknown) =>
  Object.fromEntries(Object.entries(row as object).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]));

/** Results with nulls left out, as a rule sends them. */
const sent = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

describe('analytic functions', () => {
  it.each(overs)('equal a model that looks at all rows so far:%s', (over, keyOf, isUpdated) => {
    const sql = `SELECT ${functions.map(([call], i) => `${call}${over} AS f${i}`).join(', ')} FROM demo`;
    fc.assert(
      fc.property(fc.array(fc.array(reading, {maxLength: 4}), {maxLength: 8}), fc.nat(), (batches, cut) => {
        const first = new CompiledRule(sql);
        const second = new CompiledRule(sql);
        const at = batches.length === 0 ? 0 : cut % batches.length;
        for (const batch of batches.slice(0, at)) first.push(...batch);
        second.pipeline.restore(saved(first.pipeline.snapshot()));
        for (const batch of batches.slice(at)) second.push(...batch);
        const rows = batches.flat();
        const expected = rows.map((row, i) => {
          const partition = rows.slice(0, i + 1).filter(other => keyOf(other) === keyOf(row));
          return sent(Object.fromEntries(functions.map(([, model], n) => [`f${n}`, model(partition, isUpdated)])));
        });
        expect([...first.take(), ...second.take()].map(asNumbers)).toEqual(expected);
      }),
    );
  });

  it('see rows that WHERE drops, before and within windows', () => {
    const rule = new CompiledRule('SELECT x, lag(x) AS p, acc_count(x) AS n FROM demo WHERE x > 2 GROUP BY COUNTWINDOW(3)');
    expect(rule.push({x: 1}, {x: 3}, {x: 5}, {x: 1}, {x: 2}, {x: 1}).take()).toEqual([
      [
        {x: 3, p: 1, n: 2},
        {x: 5, p: 3, n: 3},
      ],
    ]);
  });

  it('stand before WHERE, which stands before a window of time', () => {
    const rule = new CompiledRule('SELECT lag(x) AS p FROM demo WHERE x > 2 GROUP BY TUMBLINGWINDOW(ss, 1)');
    rule.push({x: 1}).clock.advance(1000);
    rule.push({x: 4}).clock.advance(1000);
    expect(rule.take()).toEqual([[], [{p: 1}]]);
  });

  it('feed aggregates, groups, HAVING and ORDER BY', () => {
    const sql =
      'SELECT lag(k) AS g, sum(x - lag(x, 1, x)) AS s FROM demo GROUP BY g, COUNTWINDOW(4) HAVING max(acc_count(x)) > 2 ORDER BY g DESC';
    expect(new CompiledRule(sql).push({k: 'a', x: 1}, {k: 'b', x: 5}, {k: 'a', x: 7}, {k: 'b', x: 8}).take()).toEqual([
      [
        {g: 'b', s: 2},
        {g: 'a', s: 5},
      ],
    ]);
  });

  it('keep apart the partitions of several keys whose texts join alike', () => {
    const rule = new CompiledRule('SELECT acc_count(a) OVER (PARTITION BY a, b) AS n FROM demo');
    expect(rule.push({a: 'x', b: 'yz'}, {a: 'xy', b: 'z'}, {a: 'x', b: 'yz'}).take()).toEqual([{n: 1}, {n: 1}, {n: 2}]);
  });

  it('cost a row that fails that row alone, and nothing of the state', () => {
    const rule = new CompiledRule('SELECT x, acc_sum(x) AS s FROM demo');
    expect(rule.push({x: 1}, {x: 'no'}, {x: 2}).take()).toEqual([
      {x: 1, s: 1},
      'call func acc_sum error: the value should be number',
      {x: 2, s: 3},
    ]);
    expect(rule.metrics('analytic')).toMatchObject({recordsIn: 3, recordsOut: 2, exceptions: 1});
  });

  it('never show their columns in a star', () => {
    const rule = new CompiledRule('SELECT *, lag(x) AS p FROM demo WHERE had_changed(true, x)');
    expect(rule.push({x: 1, $$a0: 'own'}, {x: 2}).take()).toEqual([{x: 1}, {x: 2, p: 1}]);
    const collected = new CompiledRule('SELECT collect(*) AS c, sum(lag(x)) AS s FROM demo GROUP BY COUNTWINDOW(2)');
    expect(collected.push({x: 1}, {x: 2}).take()).toEqual([[{c: [{x: 1}, {x: 2}], s: 1}]]);
  });

  it('refuse to remember names without end', () => {
    const names = (from: number) => Object.fromEntries(Array.from({length: 6000}, (_, i) => [`n${from + i}`, 1]));
    for (const field of ['had_changed(true, *)', "changed_cols('', true, *)"]) {
      const rule = new CompiledRule(`SELECT ${field} AS c FROM demo`);
      expect(rule.push(names(0), names(6000)).take()).toEqual([expect.anything(), expect.stringContaining('more than 10000 columns')]);
    }
  });

  it('keep typed ints exact', () => {
    const rule = new CompiledRule('SELECT lag(v) AS p, v - lag(v, 1, 0) AS d FROM demo', {columns: '(v bigint)'});
    expect(rule.push({v: 9007199254740993n}, {v: 9007199254740995n}, {v: 3}).take()).toEqual([
      {d: 9007199254740993n},
      {p: 9007199254740993n, d: 2},
      {p: 9007199254740995n, d: -9007199254740992n},
    ]);
  });
});

describe('last_hit_count and last_hit_time', () => {
  it('tell of rows that passed WHERE before, in WHERE and in SELECT', () => {
    const sql = 'SELECT x, last_hit_count() AS n, last_hit_time() AS at FROM demo WHERE x > 1 AND last_hit_count() < 2';
    const rule = new CompiledRule(sql);
    expect(rule.push({x: 2}, {x: 1}, {x: 3}, {x: 4}).take()).toEqual([
      {x: 2, n: 0, at: 0},
      {x: 3, n: 1, at: 1000},
    ]);
    const next = new CompiledRule(sql);
    next.pipeline.restore(saved(rule.pipeline.snapshot()));
    expect(next.push({x: 5}).take()).toEqual([]);
  });

  it('are up to date for analytic functions also within a batch', () => {
    const rule = new CompiledRule('SELECT x, lag(last_hit_count()) AS p FROM demo WHERE x > 1');
    expect(rule.push({x: 2}, {x: 1}, {x: 3}, {x: 4}).take()).toEqual([{x: 2}, {x: 3, p: 1}, {x: 4, p: 1}]);
  });

  it('count a row whose fields fail', () => {
    const rule = new CompiledRule('SELECT x + 1 AS y, last_hit_count() AS n FROM demo');
    expect(rule.push({x: 1}, {x: 'no'}, {x: 2}).take()).toEqual([{y: 2, n: 0}, expect.stringContaining('run Select error'), {y: 3, n: 2}]);
  });

  it('throttle the trigger of a sliding window', () => {
    const rule = new CompiledRule(
      'SELECT count(*) AS n FROM demo GROUP BY SLIDINGWINDOW(ss, 10) OVER (WHEN x > 1 AND last_hit_count() < 2)',
    );
    expect(rule.push({x: 2}, {x: 1}, {x: 3}, {x: 4}).take()).toEqual([[{n: 1}], [{n: 3}]]);
  });
});

describe('last_agg_hit_count and last_agg_hit_time', () => {
  it('tell of groups that passed HAVING before', () => {
    const sql =
      'SELECT last_agg_hit_count() AS n, sum(x) AS s FROM demo GROUP BY COUNTWINDOW(1) HAVING sum(x) > 1 AND last_agg_hit_count() < 2';
    const rule = new CompiledRule(sql);
    expect(rule.push({x: 2}, {x: 1}, {x: 3}, {x: 4}).take()).toEqual([[{n: 0, s: 2}], [{n: 1, s: 3}]]);
    const next = new CompiledRule(sql);
    next.pipeline.restore(saved(rule.pipeline.snapshot()));
    expect(next.push({x: 5}).take()).toEqual([]);
  });

  it('count every group where there is no HAVING, and make the query one of groups', () => {
    const rule = new CompiledRule('SELECT last_agg_hit_count() AS n, k FROM demo GROUP BY k, COUNTWINDOW(2)');
    expect(rule.push({k: 'a'}, {k: 'b'}, {k: 'a'}, {k: 'a'}).take()).toEqual([
      [
        {n: 0, k: 'a'},
        {n: 1, k: 'b'},
      ],
      [{n: 2, k: 'a'}],
    ]);
  });

  it('limit the windows whose rows are the result', () => {
    const rule = new CompiledRule('SELECT x FROM demo GROUP BY COUNTWINDOW(2) HAVING last_agg_hit_count() < 1');
    expect(rule.push({x: 1}, {x: 2}, {x: 3}, {x: 4}).take()).toEqual([[{x: 1}, {x: 2}]]);
  });
});
