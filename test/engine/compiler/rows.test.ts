import {describe, expect, it} from 'vitest';
import {CompiledRule, type CompiledRuleOptions} from '#test/support/compiled-rule.ts';

interface Case extends CompiledRuleOptions {
  readonly sql: string;
  readonly rows: readonly unknown[];
  readonly output: readonly unknown[];
}

function run({sql, rows, output, ...options}: Case): void {
  expect(new CompiledRule(sql, options).push(...rows).take()).toEqual(output);
}

describe('a star', () => {
  it('hands the row itself on where nothing is changed', () => {
    const row = {a: 1, b: null};
    const [output] = new CompiledRule('SELECT * FROM demo').push(row).take();
    expect(output).toBe(row);
  });

  it.each<[string, Case]>([
    ['leaves EXCEPT out', {sql: 'SELECT * EXCEPT(a, none) FROM demo', rows: [{a: 1, b: 2}], output: [{b: 2}]}],
    [
      'leaves out what REPLACE or a field makes null',
      {sql: 'SELECT * REPLACE(b AS a), b AS c FROM demo', rows: [{a: 1, b: null, c: 2}], output: [{b: null}]},
    ],
    ['takes REPLACE', {sql: 'SELECT * REPLACE(a + 1 AS a, a * 10 AS c) FROM demo', rows: [{a: 1, b: 2}], output: [{a: 2, b: 2, c: 10}]}],
    [
      'lets REPLACE win over EXCEPT',
      {sql: 'SELECT * EXCEPT(a) REPLACE(a + 1 AS a) FROM demo', rows: [{a: 1, b: 2}], output: [{a: 2, b: 2}]},
    ],
    ['has fields beside it', {sql: 'SELECT *, a * 2 AS d FROM demo', rows: [{a: 4}], output: [{a: 4, d: 8}]}],
    ['loses a column that a null field hides', {sql: 'SELECT *, b + 1 AS a FROM demo', rows: [{a: 4}], output: [{}]}],
    [
      'leaves hidden columns out, which stay readable by name',
      {sql: 'SELECT *, twin->t AS t FROM demo', hiddenColumns: ['twin'], rows: [{twin: {t: 1}, a: 2}], output: [{a: 2, t: 1}]},
    ],
    ['does not show invisible fields', {sql: 'SELECT *, a * 2 AS d INVISIBLE FROM demo', rows: [{a: 4}], output: [{a: 4}]}],
  ])('%s', (_, given) => run(given));

  it('leaves the row of the source as it was', () => {
    const row = Object.freeze({a: 1, b: 2});
    new CompiledRule('SELECT * EXCEPT(b) REPLACE(5 AS a), 6 AS c FROM demo').push(row);
    expect(row).toEqual({a: 1, b: 2});
  });
});

describe('fields', () => {
  it.each<[string, Case]>([
    ['that are null are left out', {sql: 'SELECT a + b AS s, a AS x FROM demo', rows: [{a: 1}, {}], output: [{x: 1}, {}]}],
    [
      'that are null stay with sendNilField',
      {sql: 'SELECT a + b AS s, c FROM demo', options: {sendNilField: true}, rows: [{a: 1}], output: [{c: null, s: null}]},
    ],
    ['of a null column under its own name stay', {sql: 'SELECT a, b FROM demo', rows: [{a: null}, {b: 1}], output: [{a: null}, {b: 1}]}],
    ['with an alias use the alias later', {sql: 'SELECT a + 1 AS a, a * 2 AS b FROM demo', rows: [{a: 1}], output: [{a: 2, b: 4}]}],
    ['of LIMIT 0 never come', {sql: 'SELECT a FROM demo LIMIT 0', rows: [{a: 1}], output: []}],
    [
      'carry the metadata that is asked for',
      {sql: 'SELECT a FROM demo', options: {sendMetaToSink: true}, rows: [{a: 1}], output: [{a: 1}]},
    ],
  ])('%s', (_, given) => run(given));

  it('come in the order of their names', () => {
    const [output] = new CompiledRule('SELECT c, `é`, b, A, `Z1` FROM demo').push({a: 1, A: 2, b: 3, c: 4, é: 5, Z1: 6}).take();
    expect(Object.keys(output as object)).toEqual(['A', 'Z1', 'b', 'c', 'é']);
  });

  it('show metadata as __meta with sendMetaToSink', () => {
    const rule = new CompiledRule('SELECT a, meta(topic) AS t FROM demo', {options: {sendMetaToSink: true}});
    rule.pushWith({topic: 'x/y'}, {a: 1});
    expect(rule.take()).toEqual([{__meta: {topic: 'x/y'}, a: 1, t: 'x/y'}]);
  });

  it('evaluate an alias once for each row, WHERE included', () => {
    const rule = new CompiledRule('SELECT newuuid() AS id, id AS same, a FROM demo WHERE length(id) = 36 AND a > 1');
    for (const output of rule.push({a: 1}, {a: 2}, {a: 3}).take() as {id: string; same: string}[]) expect(output.id).toBe(output.same);
    expect(rule.metrics('project').recordsOut).toBe(2);
  });

  it('fail where an alias is used, not where AND or CASE passes it by', () => {
    const rule = new CompiledRule('SELECT a / b AS q, q + 1 AS r FROM demo WHERE ok = TRUE AND q > 1');
    rule.push({ok: false, a: 1, b: 0}, {ok: true, a: 1, b: 0}, {ok: true, a: 4, b: 2});
    expect(rule.take()).toEqual(['run Where error: divided by zero', {q: 2, r: 3}]);
  });

  it('of int columns keep all 64 bits', () => {
    const rule = new CompiledRule('SELECT n + 1 AS m, n FROM demo WHERE n > 9007199254740993', {columns: '(n bigint)'});
    expect(rule.push({n: 9007199254740993n}, {n: 9007199254740994n}, {n: 1}).take()).toEqual([
      {m: 9007199254740995n, n: 9007199254740994n},
    ]);
  });

  it('give untyped functions ints as ints', () => {
    const rule = new CompiledRule("SELECT coalesce(u, n) / 2 AS h, cast(n, 'string') AS t FROM demo", {columns: '(n bigint, …)'});
    expect(rule.push({n: 7}).take()).toEqual([{h: 3n, t: '7'}]);
  });
});

describe('a failing row', () => {
  it('costs no other row, keeps its place and is counted on its node', () => {
    const rule = new CompiledRule('SELECT a / b AS q FROM demo WHERE c > 0');
    rule.push({a: 1, b: 1, c: 1}, {a: 1, b: 0, c: 1}, {a: 2, b: 1, c: 'x'}, {a: 1, b: 1, c: 0}, {a: 3, b: 1, c: 1});
    expect(rule.take()).toEqual([
      {q: 1},
      'run Select error: alias: q expr: binaryExpr:{ demo.a / demo.b } meet error, err:divided by zero',
      'run Where error: invalid operation string(x) > int64(0)',
      {q: 3},
    ]);
    expect(rule.metrics('filter')).toMatchObject({recordsIn: 5, recordsOut: 3, exceptions: 1, messagesProcessed: 5});
    expect(rule.metrics('project')).toMatchObject({recordsIn: 3, recordsOut: 2, exceptions: 1});
    expect(rule.metrics('project').lastException).toContain('divided by zero');
  });

  it('fails for a condition that is neither true nor false', () => {
    expect(new CompiledRule('SELECT a FROM demo WHERE a').push({a: 1}, {a: true}, {a: null}, {a: 'true'}).take()).toEqual([
      'run Where error: invalid condition that returns non-bool value float64(1)',
      {a: true},
      'run Where error: invalid condition that returns non-bool value string(true)',
    ]);
  });

  it('names the function that failed', () => {
    const [error] = new CompiledRule("SELECT cast(a, 'bigint') AS n FROM demo").push({a: 'x'}).take();
    expect(error).toMatch(/meet error, err:call func cast error: /);
  });
});

describe('names that every object inherits', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];
  it.each(names)('%s is null where the row has no such column', name => {
    const rule = new CompiledRule(`SELECT \`${name}\` AS r, \`${name}\`, o->\`${name}\` AS m FROM demo WHERE \`${name}\` IS NULL`, {
      options: {sendNilField: true},
    });
    const [output] = rule.push({o: {}}).take() as [object];
    expect(Object.entries(output)).toEqual(
      [...[[name, null] as const, ['m', null] as const, ['r', null] as const]].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  it.each(names)('%s is read where it is a column, and written as one', name => {
    const row = JSON.parse(`{"${name}": 5, "o": {"${name}": 6}}`);
    const rule = new CompiledRule(`SELECT \`${name}\` AS r, \`${name}\`, o->\`${name}\` AS m FROM demo WHERE \`${name}\` = 5`);
    const [output] = rule.push(row).take() as [object];
    expect(Object.fromEntries(Object.entries(output))).toEqual(
      Object.fromEntries([
        [name, 5],
        ['m', 6],
        ['r', 5],
      ]),
    );
    expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
  });

  it('survive stars, aliases and EXCEPT', () => {
    const row = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "a": 3}');
    const rule = new CompiledRule('SELECT * EXCEPT(constructor), a + 1 AS `toString` FROM demo');
    const [output] = rule.push(row).take() as [object];
    expect(Object.keys(output).sort()).toEqual(['__proto__', 'a', 'toString']);
    expect((output as {x?: unknown}).x).toBeUndefined();
  });
});

describe('aggregates without a window', () => {
  it('make a group, and a message, of each row', () => {
    const rule = new CompiledRule('SELECT count(*) AS c, sum(t) AS s, t FROM demo WHERE t != 0');
    expect(rule.push({t: 5}, {t: 0}, {t: 7}).take()).toEqual([
      {c: 1, s: 5, t: 5},
      {c: 1, s: 7, t: 7},
    ]);
    expect(rule.push({t: 'x'}).take()).toHaveLength(1);
  });
});

it('LIKE takes only % and _ as special, and hostile texts take linear time', () => {
  const like = (pattern: string, text: string) =>
    (new CompiledRule(`SELECT s LIKE '${pattern}' AS r FROM demo`).push({s: text}).take()[0] as {r: boolean}).r;
  const cases: readonly [string, string, boolean][] = [
    ['a%', 'abc', true],
    ['%c', 'abc', true],
    ['%b%', 'abc', true],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['a.c', 'abc', false],
    ['a%a', 'a', false],
    ['%ab%ab%', 'abab', true],
    ['%ab%ab%', 'aba', false],
    ['_', '\u{1F600}', true],
    ['%_\u{1F600}', 'x\u{1F600}', true],
    ['', '', true],
    ['%', '', true],
    ['50\\\\%', '50%', true],
    ['50\\\\%', '505', false],
    ['(a+)+$', 'aaaa', false],
  ];
  for (const [pattern, text, wanted] of cases) expect([pattern, text, like(pattern, text)]).toEqual([pattern, text, wanted]);
  const started = performance.now();
  expect(like('%a%a%a%a%a%a%a%a%b', 'a'.repeat(100_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});
