import fc from 'fast-check';
import {expect, it} from 'vitest';
import {parseExpression} from '#engine/language/parse.ts';
import {narrow} from '#engine/values/int.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {interpret, scopeOfExamples} from '#test/support/interpreter.ts';

/**
 * Expressions over typed columns (`i j` bigint, `x y` float, `s` string, `b` boolean) and schemaless ones (`u v`), compiled and read off
 * the syntax tree: both give the same value, or both fail.
 */
const columns = '(i bigint, j bigint, x float, y float, s string, b boolean, …)';

const leaf = fc.constantFrom(
  'i',
  'j',
  'x',
  'y',
  's',
  'b',
  'u',
  'v',
  '0',
  '1',
  '2',
  '-3',
  '9007199254740993',
  '1.5',
  '0.0',
  "'a'",
  "'ab%'",
  'TRUE',
  'NULL',
);

const {expression} = fc.letrec<{expression: string}>(tie => {
  const part = tie('expression').map(text => `(${text})`);
  return {
    expression: fc.oneof(
      {maxDepth: 4, depthSize: 'small', withCrossShrink: true},
      leaf,
      fc.tuple(part, fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^'), part).map(parts => parts.join(' ')),
      fc.tuple(part, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), part).map(parts => parts.join(' ')),
      fc.tuple(part, fc.constantFrom('AND', 'OR'), part).map(parts => parts.join(' ')),
      part.map(text => `NOT ${text}`),
      part.map(text => `-${text}`),
      fc
        .tuple(part, fc.constantFrom('BETWEEN', 'NOT BETWEEN'), part, part)
        .map(([a, word, low, high]) => `${a} ${word} ${low} AND ${high}`),
      fc
        .tuple(part, fc.constantFrom('IN', 'NOT IN'), fc.array(fc.oneof(leaf, part), {minLength: 1, maxLength: 3}))
        .map(([a, word, items]) => `${a} ${word} (${items.join(', ')})`),
      fc.tuple(part, fc.constantFrom('LIKE', 'NOT LIKE'), fc.constantFrom("'a%'", "'_b'", 's')).map(parts => parts.join(' ')),
      fc.tuple(part, fc.constantFrom('IS NULL', 'IS NOT NULL')).map(parts => parts.join(' ')),
      fc.tuple(part, part, part).map(([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`),
      fc.tuple(part, part, part, part).map(([a, b, c, d]) => `CASE ${a} WHEN ${b} THEN ${c} ELSE ${d} END`),
      fc.tuple(fc.constantFrom('abs', 'floor', 'upper', 'length', 'isnull'), part).map(([name, text]) => `${name}(${text})`),
      fc.tuple(part, part).map(([a, b]) => `coalesce(${a}, ${b})`),
      part.map(text => `(u)->k[0]`.replace('0', text.length % 2 === 0 ? '0' : '-1')),
    ),
  };
});

const missing = fc.constant(undefined);
const ints = fc.oneof(missing, fc.constantFrom(0n, 1n, -1n, 5n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n), fc.bigInt({min: -10n, max: 10n}));
const floats = fc.oneof(missing, fc.constantFrom(0, -0.5, 1, 2 ** 53, 1e300), fc.integer({min: -10, max: 10}));
const untyped = fc.oneof(
  missing,
  fc.constant(null),
  floats,
  fc.constantFrom<Value>('a', 'ab', '', true, false, [], [1, 'x'], {}, {k: [1, 2]}, {k: 'z'}),
);
const rows = fc.record({
  i: ints,
  j: ints,
  x: floats,
  y: floats,
  s: fc.oneof(missing, fc.constantFrom('', 'a', 'ab', 'b')),
  b: fc.oneof(missing, fc.boolean()),
  u: untyped,
  v: untyped,
});

function present(row: object): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}

/** The row as a typed source gives it: ints as safe numbers where they fit. */
function typedRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? narrow(value) : value]));
}

/** Whole numbers of both forms alike, and −0 like 0, which no result shows. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return value === 0 ? 0 : value;
}

function outcome(compute: () => unknown): unknown {
  try {
    return {value: plain(compute())};
  } catch {
    return 'failure';
  }
}

it('compiled expressions give what the syntax tree says', () => {
  fc.assert(
    fc.property(expression, fc.array(rows, {minLength: 1, maxLength: 6}), (text, given) => {
      let rule: CompiledRule;
      try {
        rule = new CompiledRule(`SELECT ${text} AS r FROM demo`, {columns, options: {sendNilField: true}});
      } catch {
        // The planner refuses what can never work: a literal of the wrong type for a function, for instance.
        fc.pre(false);
        return;
      }
      const tree = parseExpression(text);
      for (const row of given.map(present)) {
        const [output] = rule.push(typedRow(row)).take();
        const compiled = typeof output === 'string' ? 'failure' : {value: plain((output as {r: unknown}).r)};
        expect([row, compiled]).toEqual([row, outcome(() => interpret(tree, {rows: [row], scope: scopeOfExamples}))]);
      }
    }),
    {numRuns: 1500},
  );
}, 120_000);

it('conditions keep the rows that the syntax tree says', () => {
  fc.assert(
    fc.property(expression, fc.array(rows, {minLength: 1, maxLength: 6}), (text, given) => {
      let rule: CompiledRule;
      try {
        rule = new CompiledRule(`SELECT 1 AS one FROM demo WHERE ${text}`, {columns});
      } catch {
        fc.pre(false);
        return;
      }
      const tree = parseExpression(text);
      for (const row of given.map(present)) {
        const [output] = rule.push(typedRow(row)).take();
        const wanted = outcome(() => interpret(tree, {rows: [row], scope: scopeOfExamples}));
        const value = wanted === 'failure' ? wanted : (wanted as {value: unknown}).value;
        const kept = value === true ? 'kept' : value === false || value === null ? 'dropped' : 'failure';
        expect([row, typeof output === 'string' ? 'failure' : output === undefined ? 'dropped' : 'kept']).toEqual([row, kept]);
      }
    }),
    {numRuns: 700},
  );
}, 120_000);
