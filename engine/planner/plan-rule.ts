import type {SelectStatement} from '#engine/language/ast/statement.ts';
import {analyzeStatement} from './analyze/statement.ts';
import {buildPlan} from './logical/build-plan.ts';
import type {Plan, PlanOptions, SchemaLookup} from './plan.ts';
import {rewrites} from './rewrites/registry.ts';

/**
 * Plans a rule: gives names, calls and clauses their meaning, builds the logical tree and rewrites it.
 *
 * `text` is what `statement` was parsed from; errors quote it. Throws `StatementError` (several mistakes as one `StatementErrors`), and
 * `UnsupportedError` for a statement without mistakes that asks for something this engine cannot run yet.
 */
export function planRule(statement: SelectStatement, text: string, lookup: SchemaLookup, options: PlanOptions): Plan {
  const analyzed = analyzeStatement(statement, text, lookup, options);
  return rewrites.reduce((plan, rewrite) => rewrite.apply(plan), buildPlan(analyzed, options));
}
