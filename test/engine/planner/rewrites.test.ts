import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {compilePlan} from '#engine/compiler/compile-plan.ts';
import {parseSelect} from '#engine/language/parse.ts';
import {analyzeStatement} from '#engine/planner/analyze/statement.ts';
import {buildPlan} from '#engine/planner/logical/build-plan.ts';
import type {Plan} from '#engine/planner/plan.ts';
import {rewrites} from '#engine/planner/rewrites/registry.ts';
import {GuardIndex} from '#engine/runtime/guard-index.ts';
import type {Row} from '#engine/values/value.ts';
import {planOptions, schemaLookup} from '#test/support/planning.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const lookup = schemaLookup({streams: {demo: '()'}});

/** Every plan of a statement: as built, then after each rewrite in turn. */
function plansOf(sql: string): readonly Plan[] {
  const plans = [buildPlan(analyzeStatement(parseSelect(sql), sql, lookup, planOptions()), planOptions())];
  for (const rewrite of rewrites) plans.push(rewrite.apply(plans.at(-1)!));
  return plans;
}

/** What comes out for the rows: each result, each firing, each failure (without its text, which quotes the expression as it stands). */
function outcomeOf(plan: Plan, rows: readonly Row[]): readonly string[] {
  const outcome: string[] = [];
  const clock = new VirtualClock(123);
  const text = (value: unknown): string => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `int ${part}` : part));
  const pipeline = compilePlan(plan, {
    clock,
    ruleId: 'r',
    ruleStartMs: 0,
    timeZone: 'UTC',
    output: {
      rows: found => outcome.push(...found.map(text)),
      collection: found => outcome.push(`window ${text(found)}`),
      error: () => outcome.push('failure'),
    },
  });
  for (const row of rows) {
    pipeline.inputs[0]!.push({rows: [{...row}], metadata: [undefined], timestamps: [clock.now()]});
    clock.advance(300);
  }
  pipeline.close();
  return outcome;
}

const constant = fc.constantFrom('1', '0', '2.5', '-3', "'x'", "'y'", 'TRUE', 'FALSE', 'NULL', '9007199254740993');
const column = fc.constantFrom('a', 'b', 'c', 'k');

/** Texts of expressions over the columns a, b, c and the alias k. */
const {expression} = fc.letrec<{expression: string}>(tie => ({
  expression: fc.oneof(
    {depthSize: 'small', withCrossShrink: true},
    column,
    constant,
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '*', '/', '%', '=', '!=', '<', '>=', 'AND', 'OR', '&'), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie('expression').map(operand => `(NOT ${operand})`),
    tie('expression').map(operand => `(${operand} IS NULL)`),
    tie('expression').map(operand => `abs(1 * ${operand})`),
    fc.tuple(tie('expression'), tie('expression')).map(([when, then]) => `(CASE ${when} WHEN 1 THEN ${then} ELSE 2 END)`),
  ),
}));

const comparison = fc.tuple(column, fc.constantFrom('=', '<', '<=', '>', '>='), constant).map(parts => parts.join(' '));
const condition = fc.oneof(
  expression,
  comparison,
  fc.tuple(comparison, expression).map(parts => parts.join(' AND ')),
);
const value = fc.constantFrom(null, 1n, 0n, 2.5, -3, 'x', 'y', true, false, [1n], {p: 1n});
const row = fc.record({a: value, b: value, c: value}, {requiredKeys: []}) as fc.Arbitrary<Row>;
const rows = fc.array(row, {minLength: 1, maxLength: 6});

describe('no rewrite changes what a rule answers', () => {
  it.each([
    ['a rule without a window', (where: string, field: string) => `SELECT ${field} AS k, k AS l, c FROM demo WHERE ${where}`],
    [
      'a count window',
      (where: string, field: string) => `SELECT a, ${field} AS k FROM demo WHERE ${where} GROUP BY COUNTWINDOW(2) FILTER(WHERE ${field})`,
    ],
    [
      'a tumbling window',
      (where: string, field: string) =>
        `SELECT count(*) AS n, collect(${field}) AS k FROM demo WHERE ${where.replaceAll('k', 'a')} GROUP BY TUMBLINGWINDOW(ms, 500) FILTER(WHERE b >= 0)`,
    ],
  ])('%s', (_, statement) => {
    const fields = expression.map(text => text.replaceAll(/\bk\b/g, 'b'));
    fc.assert(
      fc.property(condition, fields, rows, (where, field, input) => {
        const [built, ...rewritten] = plansOf(statement(where, field));
        const expected = outcomeOf(built!, input);
        for (const plan of rewritten) expect(outcomeOf(plan, input)).toEqual(expected);
      }),
      {numRuns: 150},
    );
  });
});

describe('the guard', () => {
  it('never withholds a row from which something comes', () => {
    fc.assert(
      fc.property(condition, row, (where, one) => {
        const plan = plansOf(`SELECT a, b + 1 AS k FROM demo WHERE ${where}`).at(-1)!;
        fc.pre(plan.guard !== undefined);
        const index = new GuardIndex<string>();
        index.add(plan.guard!, 'rule');
        let reached = false;
        index.visit(one, () => {
          reached = true;
        });
        if (!reached) expect(outcomeOf(plan, [one])).toEqual([]);
      }),
      {numRuns: 400},
    );
  });
});
