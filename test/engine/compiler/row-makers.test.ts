import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {saved} from '#test/support/saved.ts';

describe('unnest and extract', () => {
  it('let members override columns, and other elements stand under the name of the field', () => {
    const rule = new CompiledRule('SELECT *, unnest(list) AS e FROM demo');
    expect(rule.push({k: 1, list: [{k: 2, z: null}, 3, [4], null]}).take()).toEqual([
      {k: 2, z: null, list: [{k: 2, z: null}, 3, [4], null]},
      {k: 1, e: 3, list: [{k: 2, z: null}, 3, [4], null]},
      {k: 1, e: [4], list: [{k: 2, z: null}, 3, [4], null]},
      {k: 1, e: null, list: [{k: 2, z: null}, 3, [4], null]},
    ]);
  });

  it('count the rows they make for LIMIT, per message and per firing', () => {
    const rows = new CompiledRule('SELECT unnest(list) AS e FROM demo LIMIT 2');
    expect(rows.push({list: [1, 2, 3]}, {list: [4]}).take()).toEqual([{e: 1}, {e: 2}, {e: 4}]);
    const window = new CompiledRule('SELECT unnest(list) AS e FROM demo GROUP BY COUNTWINDOW(2) LIMIT 3');
    expect(window.push({list: [1, 2]}, {list: [3, 4]}).take()).toEqual([[{e: 1}, {e: 2}, {e: 3}]]);
    const none = new CompiledRule('SELECT unnest(list) AS e FROM demo GROUP BY COUNTWINDOW(1) LIMIT 0');
    expect(none.push({list: [1]}).take()).toEqual([]);
  });

  it('cost a row its message and a window its firing when there is nothing to unnest', () => {
    const rows = new CompiledRule('SELECT unnest(list) AS e FROM demo');
    expect(rows.push({list: []}, {list: [1]}, {}).take()).toEqual([
      "can't find the result from the unnest function",
      {e: 1},
      "can't find the result from the unnest function",
    ]);
    const window = new CompiledRule('SELECT unnest(list) AS e FROM demo GROUP BY COUNTWINDOW(2)');
    expect(window.push({list: [1]}, {list: []}).take()).toEqual(["can't find the result from the unnest function"]);
    expect(window.metrics('projectset')).toMatchObject({recordsIn: 1, recordsOut: 0, exceptions: 1});
  });

  it('make members of any name own members', () => {
    const rule = new CompiledRule('SELECT extract(o) FROM demo').push({o: JSON.parse('{"__proto__": 1, "constructor": 2}')});
    const [result] = rule.take() as [object];
    expect(Object.keys(result).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('are projections behind aggregates too', () => {
    const rule = new CompiledRule('SELECT unnest(collect(x)) AS e, count(*) AS n FROM demo GROUP BY COUNTWINDOW(2)');
    expect(rule.push({x: 1}, {x: 2}).take()).toEqual([
      [
        {e: 1, n: 2},
        {e: 2, n: 2},
      ],
    ]);
  });
});

describe('changed_cols', () => {
  it('compares with what its own field gave last, after WHERE', () => {
    const rule = new CompiledRule("SELECT k, changed_cols('c_', true, x, upper(y)) FROM demo WHERE k > 0");
    const rows = [{k: 1, x: 1, y: 'a'}, {k: 0, x: 2, y: 'a'}, {k: 2, x: 1, y: 'b'}, {k: 3}];
    expect(rule.push(...rows).take()).toEqual([{k: 1, c_x: 1, c_upper: 'A'}, {k: 2, c_upper: 'B'}, {k: 3}]);
  });

  it('never changes a row that it spreads columns over', () => {
    const row = {x: 1};
    const rule = new CompiledRule("SELECT *, changed_cols('c_', true, x) FROM demo");
    expect(rule.push(row, row).take()).toEqual([{x: 1, c_x: 1}, {x: 1}]);
    expect(row).toEqual({x: 1});
  });

  it('is restored from a snapshot', () => {
    const sql = "SELECT changed_cols('', true, *) FROM demo";
    const first = new CompiledRule(sql).push({a: 1, b: [1]});
    const second = new CompiledRule(sql);
    second.pipeline.restore(saved(first.pipeline.snapshot()));
    expect(second.push({a: 1, b: [2]}).take()).toEqual([{b: [2]}]);
  });
});

describe('row_number', () => {
  it('numbers rows, and groups after HAVING', () => {
    const rows = new CompiledRule('SELECT x, row_number() AS n FROM demo GROUP BY COUNTWINDOW(3) ORDER BY x');
    expect(rows.push({x: 3}, {x: 1}, {x: 2}).take()).toEqual([
      [
        {x: 1, n: 2},
        {x: 2, n: 3},
        {x: 3, n: 1},
      ],
    ]);
    const groups = new CompiledRule('SELECT k, row_number() AS n FROM demo GROUP BY k, COUNTWINDOW(4) HAVING count(*) > 1');
    expect(groups.push({k: 'a'}, {k: 'b'}, {k: 'b'}, {k: 'b'}).take()).toEqual([[{k: 'b', n: 1}]]);
  });

  it('equals a model by partition and order', () => {
    const row = fc.record({id: fc.constantFrom('a', 'b', null), t: fc.constantFrom(null, 1, 2, 3)});
    const sql =
      'SELECT row_number() OVER (PARTITION BY id ORDER BY t DESC) AS n, row_number() OVER (ORDER BY id) AS m FROM demo GROUP BY COUNTWINDOW(5)';
    fc.assert(
      fc.property(fc.array(row, {minLength: 5, maxLength: 5}), rows => {
        const later = (i: number, j: number): boolean => {
          const [a, b] = [rows[i]!.t ?? Number.NEGATIVE_INFINITY, rows[j]!.t ?? Number.NEGATIVE_INFINITY];
          return a === b ? j < i : a < b;
        };
        const laterById = (i: number, j: number): boolean => {
          const [a, b] = [rows[i]!.id ?? 'z', rows[j]!.id ?? 'z'];
          return a === b ? j < i : b < a;
        };
        const expected = rows.map(({id}, i) => ({
          n: 1 + rows.filter((other, j) => other.id === id && later(i, j)).length,
          m: 1 + rows.filter((_, j) => laterById(i, j)).length,
        }));
        expect(new CompiledRule(sql).push(...rows).take()).toEqual([expected]);
      }),
    );
  });
});

describe('dedup_trigger', () => {
  const sql = 'SELECT k, dedup_trigger(s, e, n, 10000) AS d FROM demo';
  const slot = (start: number, end: number) => ({start_key: `${start}`, end_key: `${end}`});

  it('tells the parts of slots that were not told before', () => {
    const rule = new CompiledRule(sql);
    rule.push(
      {k: 1, s: 100, e: 200, n: 200},
      {k: 2, s: 300, e: 400, n: 400},
      {k: 3, s: 50, e: 450, n: 450},
      {k: 4, s: 120, e: 180, n: 460},
    );
    expect(rule.take()).toEqual([
      {k: 1, d: [slot(100, 200)]},
      {k: 2, d: [slot(300, 400)]},
      {k: 3, d: [slot(50, 100), slot(200, 300), slot(400, 450)]},
      {k: 4},
    ]);
  });

  it('holds a row until its end, by the clock where no row comes', () => {
    const rule = new CompiledRule(sql).push({k: 1, s: 0, e: 500, n: 100});
    rule.clock.advance(399);
    expect(rule.take()).toEqual([]);
    rule.clock.advance(1);
    expect(rule.take()).toEqual([{k: 1, d: [slot(0, 500)]}]);
  });

  it('lets the time of a later row end earlier slots, in the order of their ends', () => {
    const rule = new CompiledRule(sql).push({k: 1, s: 0, e: 900, n: 100}, {k: 2, s: 0, e: 500, n: 100});
    expect(rule.take()).toEqual([]);
    rule.push({k: 3, s: 900, e: 2000, n: 1000});
    expect(rule.take()).toEqual([
      {k: 2, d: [slot(0, 500)]},
      {k: 1, d: [slot(500, 900)]},
    ]);
  });

  it('goes on from a snapshot', () => {
    const first = new CompiledRule(sql).push({k: 1, s: 0, e: 100, n: 100}, {k: 2, s: 50, e: 500, n: 200});
    expect(first.take()).toEqual([{k: 1, d: [slot(0, 100)]}]);
    const second = new CompiledRule(sql);
    second.pipeline.restore(saved(first.pipeline.snapshot()));
    second.clock.advance(300);
    expect(second.take()).toEqual([{k: 2, d: [slot(100, 500)]}]);
  });

  it('refuses rows without a slot', () => {
    const rule = new CompiledRule(sql).push({k: 1, s: 5, e: 5, n: 1}, {k: 2, e: 5, n: 1}, {k: 3, s: 'x', e: 5, n: 1});
    expect(rule.take()).toEqual([
      'dedup_trigger start time 5 is not before end time 5',
      'dedup_trigger s is missing',
      'dedup_trigger s is no number of ms: x',
    ]);
  });

  it('covers a line of milliseconds exactly once, whatever the slots', () => {
    const span = fc.tuple(fc.nat(30), fc.integer({min: 1, max: 10}));
    fc.assert(
      fc.property(fc.array(span, {maxLength: 12}), spans => {
        const rule = new CompiledRule(sql);
        for (const [start, length] of spans) rule.push({k: 0, s: start, e: start + length, n: 100});
        const told = (rule.take() as {d?: {start_key: string; end_key: string}[]}[]).flatMap(({d = []}) =>
          d.flatMap(({start_key, end_key}) => range(Number(start_key), Number(end_key))),
        );
        const covered = new Set(spans.flatMap(([start, length]) => range(start, start + length)));
        expect(told.toSorted((a, b) => a - b)).toEqual([...covered].sort((a, b) => a - b));
      }),
    );
  });
});

const range = (from: number, to: number) => Array.from({length: to - from}, (_, i) => from + i);
