import type {Scope} from '#engine/functions/function.ts';
import type {Plan} from '#engine/planner/plan.ts';
import {readClauses} from './clauses.ts';
import {compileAggregatedRows, compileRows} from './compile-rows.ts';
import {compileWindow} from './compile-window.ts';
import {nodeTable} from './node-table.ts';
import type {Pipeline, PipelineEnvironment} from './pipeline.ts';
import type {RuleFacts} from './rule-facts.ts';
import {RulePipeline} from './rule-pipeline.ts';
import {RuleScope} from './rule-scope.ts';

/**
 * Makes a plan run: expressions become JavaScript, nodes become operators. Windows of time begin with this call; `close` ends them.
 */
export function compilePlan(plan: Plan, environment: PipelineEnvironment): Pipeline {
  const clauses = readClauses(plan);
  const facts = ruleFacts(plan, clauses.aggregate?.aggregates ?? [], environment);
  const nodes = nodeTable(plan);
  const parts = {clauses, facts, nodes, environment};
  const stages = clauses.window
    ? compileWindow(clauses.window, parts)
    : clauses.aggregate
      ? compileAggregatedRows(parts)
      : compileRows(parts);
  return new RulePipeline(plan.sources[0]!.stream, stages, nodes.operators);
}

function ruleFacts(plan: Plan, aggregates: RuleFacts['aggregates'], environment: PipelineEnvironment): RuleFacts {
  let scope: Scope | undefined;
  return {
    plan,
    aliases: plan.aliases,
    aggregates,
    hiddenColumns: stream => environment.hiddenColumns?.(stream) ?? [],
    scope: () => (scope ??= new RuleScope(environment)),
  };
}
