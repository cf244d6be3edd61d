import {Analytic} from '#engine/operators/analytic.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {AnalyticNode} from '#engine/planner/plan.ts';
import {expressionsOf} from '#engine/planner/plan-walk.ts';
import {compileAnalyticLoop} from './analytic-code.ts';
import type {CompileParts, Stages} from './compile-rows.ts';
import {asksForHits} from './uses-hits.ts';

/** Stands the analytic functions of a rule before its other stages. */
export function withAnalytic(stages: Stages, parts: CompileParts): Stages {
  const {analytic: node} = parts.clauses;
  if (node === undefined) return stages;
  const [next] = stages;
  return [analyticStage(node, next, parts), ...stages];
}

/** The stage of some analytic functions of a rule, before `next`. */
export function analyticStage(
  node: AnalyticNode,
  next: {push(batch: Batch): void},
  {clauses, facts, nodes, environment}: CompileParts,
): Analytic {
  const {run, partitions} = compileAnalyticLoop(node, facts);
  return new Analytic({
    run,
    partitions,
    singly: expressionsOf(node).some(asksForHits) || facts.aliases.some(({expression}) => asksForHits(expression)),
    counters: nodes.counters(clauses.analytic!)!,
    output: {emit: batch => next.push(batch), fail: error => environment.output.error(error)},
  });
}
