import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {type Document, parseDocument} from 'yaml';
import {parseSelect} from '#engine/language/parse.ts';
import {analyzeStatement} from '#engine/planner/analyze/statement.ts';
import {explainPlan} from '#engine/planner/explain.ts';
import {explainTyped} from '#engine/planner/explain-typed.ts';
import {buildPlan} from '#engine/planner/logical/build-plan.ts';
import type {Plan, PlanOptions} from '#engine/planner/plan.ts';
import {rewrites} from '#engine/planner/rewrites/registry.ts';
import {planOptions, schemaLookup} from '#test/support/planning.ts';

/**
 * Goldens of plans. A case has a statement and some of: `explain` (eKuiper's form), `typed` (ours), and for a `rewrite` named by the file
 * `before` and `after` it, in our form. `COMPLETE=1 npx vitest run test/plans` fills or replaces the answers in place; read the difference.
 */
interface PlanCase {
  readonly name: string;
  readonly streams?: Readonly<Record<string, string>>;
  readonly options?: Partial<PlanOptions>;
  readonly sql: string;
  readonly explain?: string;
  readonly typed?: string;
  readonly before?: string;
  readonly after?: string;
}

interface PlanSuite {
  readonly rewrite?: string;
  readonly streams?: Readonly<Record<string, string>>;
  readonly cases: readonly PlanCase[];
}

const completes = process.env['COMPLETE'] === '1';
const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter(name => name.endsWith('.yaml'));

/** The plan before any rewrite, and after each in turn. */
function stagesOf({sql, streams, options}: PlanCase, suite: PlanSuite): readonly Plan[] {
  const chosen = planOptions(options);
  const lookup = schemaLookup({streams: streams ?? suite.streams ?? {demo: '()'}});
  const stages = [buildPlan(analyzeStatement(parseSelect(sql), sql, lookup, chosen), chosen)];
  for (const rewrite of rewrites) stages.push(rewrite.apply(stages.at(-1)!));
  return stages;
}

function answersOf(one: PlanCase, suite: PlanSuite): Readonly<Record<string, string>> {
  const stages = stagesOf(one, suite);
  if (suite.rewrite === undefined) {
    const plan = stages.at(-1)!;
    return {explain: explainPlan(plan, 'kuiper'), typed: explainTyped(plan)};
  }
  const position = rewrites.findIndex(rewrite => rewrite.name === suite.rewrite);
  return {before: explainTyped(stages[position]!), after: explainTyped(stages[position + 1]!)};
}

describe.each(files)('%s', file => {
  const document: Document = parseDocument(readFileSync(new URL(file, folder), 'utf8'));
  const suite = document.toJS() as PlanSuite;

  it.each(suite.cases.map((one, position) => ({...one, position})))('$name', one => {
    const answers = answersOf(one, suite);
    if (completes) {
      for (const [key, answer] of Object.entries(answers)) document.setIn(['cases', one.position, key], answer);
      writeFileSync(new URL(file, folder), document.toString({lineWidth: 0}));
      return;
    }
    for (const [key, answer] of Object.entries(answers)) expect(one[key as 'typed'], key).toBe(answer);
  });
});

describe('the goldens', () => {
  it('have a file for every rewrite', () => {
    expect(files).toEqual(expect.arrayContaining(rewrites.map(rewrite => `${rewrite.name}.yaml`)));
  });

  it('belong to rewrites that say what they do', () => {
    for (const {name, summary} of rewrites) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
    }
  });
});
