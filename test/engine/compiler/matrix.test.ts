import {describe, expect, it} from 'vitest';
import {CompiledRule} from '#test/support/compiled-rule.ts';

/** Values by the name of their kind; ints as schemaless rules cannot have them are typed. */
const samples = {
  null: [null],
  int: [7n, -3n],
  float: [2.5, -4],
  string: ['b', 'a'],
  boolean: [true, false],
  array: [[1]],
  object: [{k: 1}],
} as const;

type Kind = keyof typeof samples;
type Outcome = 'null' | 'false' | 'value' | 'error';

const kinds = Object.keys(samples) as Kind[];
const groups = {
  arithmetic: ['+', '-', '*', '/', '%'],
  equality: ['=', '!=', '<>'],
  order: ['<', '<=', '>', '>='],
  bits: ['&', '|', '^'],
} as const;

/** What operands of two kinds that are not null give. */
function expected(group: keyof typeof groups, left: Kind, right: Kind): Outcome {
  const both = (...allowed: Kind[]) => allowed.includes(left) && allowed.includes(right);
  if (left === 'null' || right === 'null') return group === 'arithmetic' ? 'null' : 'false';
  switch (group) {
    case 'arithmetic':
      return both('int', 'float') ? 'value' : 'error';
    case 'bits':
      return both('int') || both('boolean') ? 'value' : 'error';
    case 'order':
      return both('int', 'float') || both('string') ? 'value' : 'error';
    case 'equality':
      return both('int', 'float') || both('string') || both('boolean') ? 'value' : 'error';
  }
}

const ddl: Record<Kind, string> = {
  null: 'float',
  int: 'bigint',
  float: 'float',
  string: 'string',
  boolean: 'boolean',
  array: 'array(float)',
  object: 'struct(k float)',
};

function outcomeOf(output: unknown): Outcome {
  if (typeof output === 'string') return 'error';
  const {r} = output as {r: unknown};
  return r === null ? 'null' : r === false ? 'false' : 'value';
}

/** Values as a row holds them: typed ints as numbers. */
const typed = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

describe.each(Object.entries(groups) as [keyof typeof groups, readonly string[]][])('%s operators', (group, operators) => {
  describe.each(operators)('%s', operator => {
    it.each(
      kinds.flatMap(left => kinds.map(right => [left, right] as const)),
    )('takes %s and %s as the table of the language says', (left, right) => {
      const sql = `SELECT l ${operator} r AS r FROM demo`;
      const options = {sendNilField: true};
      const schemaless = new CompiledRule(sql, {options});
      const declared = new CompiledRule(sql, {columns: `(l ${ddl[left]}, r ${ddl[right]})`, options});
      const half = new CompiledRule(sql, {columns: `(l ${ddl[left]}, …)`, options});
      for (const l of samples[left]) {
        for (const r of samples[right]) {
          schemaless.push({l, r});
          declared.push({l: typed(l), r: typed(r)});
          half.push({l: typed(l), r});
        }
      }
      const want = expected(group, left, right);
      const outcomes = [schemaless, declared, half].map(rule => rule.take());
      // A value may be false, and division by −3 or 7 never fails.
      for (const list of outcomes) {
        for (const output of list) expect([want, want === 'value' ? 'false' : want]).toContain(outcomeOf(output));
      }
      const plain = outcomes.map(list => JSON.stringify(list, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
      const errorsCut = plain.map(text => text.replaceAll(/run Select error[^"]*err:/g, ''));
      expect(new Set(errorsCut).size).toBe(1);
    });
  });
});

describe('the results of operators', () => {
  it.each([
    ['17 / 5', 3],
    ['-17 / 5', -3],
    ['17 % -5', 2],
    ['-17 % 5', -2],
    ['17.0 / 5', 3.4],
    ['7.5 % 2', 1.5],
    ['9223372036854775807 + 1', -9223372036854775808n],
    ['-9223372036854775807 - 2', 9223372036854775807n],
    ['4611686018427387904 * 2', -9223372036854775808n],
    ['9007199254740991 + 1', 9007199254740992n],
    ['5 & 3', 1],
    ['5 | 3', 7],
    ['5 ^ 3', 6],
    ['1 = 1.0', true],
    ["'Z' < 'a'", true],
    ["'\u{1F600}' > '\uFFFF'", true],
    ['NOT (1 = 1)', false],
    ['5 BETWEEN 5 AND 5', true],
    ['5 NOT BETWEEN 1 AND 4', true],
    ['1 IN (2, 1.0)', true],
    ["'a' IN ('b', 'c')", false],
    ["'a' LIKE '_'", true],
    ['CASE WHEN 1 > 2 THEN 1 END', null],
    ["CASE 2 WHEN 1 THEN 'x' WHEN 2 THEN 'y' END", 'y'],
  ])('%s is %s, folded or not', (expression, wanted) => {
    const rule = new CompiledRule(`SELECT ${expression} AS r FROM demo`, {options: {sendNilField: true}});
    const [output] = rule.push({}).take() as [{r: unknown}];
    const value = output.r;
    expect(typeof value === 'bigint' && typeof wanted === 'number' ? Number(value) : value).toBe(wanted);
  });

  it.each([
    ['a / b', {a: 1, b: 0}, 'divided by zero'],
    ['a % b', {a: 1, b: 0}, 'divided by zero'],
    ['a + 1', {a: 'x'}, 'invalid operation string(x) + int64(1)'],
    ['a > 10', {a: '12'}, 'invalid operation string(12) > int64(10)'],
    ['a > b', {a: true, b: false}, 'invalid operation bool(true) > bool(false)'],
    ['a = b', {a: {k: 1}, b: {k: 1}}, '= is an invalid operation for map[string]interface {}'],
    ['a > 1', {a: [1]}, '> is an invalid operation for []interface {}'],
    ['a & 1', {a: 1}, 'invalid operation float64(1) & int64(1)'],
    ['a AND b', {a: true, b: 1}, 'invalid operation bool(true) AND float64(1)'],
    ['a[3]', {a: [1, 2]}, 'out of index: 3 of 2'],
    ['a->k', {a: [1]}, 'the result [1] is not a type of map[string]interface{}'],
    ["a LIKE '1%'", {}, 'LIKE operator left operand expects string, but found <nil>'],
    ['a IN (1, 2)', {a: 'x'}, 'evaluate in expression error: invalid operation string(x) = int64(1)'],
  ])('%s of %o fails with its reason', (expression, row, reason) => {
    const rule = new CompiledRule(`SELECT ${expression} AS r FROM demo`);
    const [error] = rule.push(row).take();
    expect(error).toMatch(/^run Select error: alias: r expr: .* meet error, err:/);
    expect(String(error).split('err:').at(-1)).toBe(reason);
  });
});

describe('truth with null', () => {
  const values = [true, false, undefined] as const;
  const table = {
    AND: (l: unknown, r: unknown) => l === true && r === true,
    OR: (l: unknown, r: unknown) => l === true || (l === false && r === true),
  };
  it.each(['(l boolean, r boolean)', '()', '(l boolean, …)'])('is the language’s with columns %s', columns => {
    for (const [operator, truth] of Object.entries(table)) {
      const rule = new CompiledRule(`SELECT l ${operator} r AS r FROM demo`, {columns});
      for (const l of values) for (const r of values) expect([l, r, rule.push({l, r}).take()]).toEqual([l, r, [{r: truth(l, r)}]]);
    }
  });

  it('does not evaluate the right side where the left one decides', () => {
    const rule = new CompiledRule('SELECT p AND v > 1 AS a, q OR v > 1 AS o FROM demo');
    expect(rule.push({p: false, q: true, v: 'text'}).take()).toEqual([{a: false, o: true}]);
  });
});
