import type {Scope} from '#engine/functions/function.ts';
import type {Plan} from '#engine/planner/plan.ts';
import {analyticsOf, internalColumns, windowFunctionsOf} from '#engine/planner/plan-walk.ts';
import {readClauses} from './clauses.ts';
import {withAnalytic} from './compile-analytic.ts';
import {compileJoined} from './compile-joined.ts';
import {compileAggregatedRows, compileRows} from './compile-rows.ts';
import {compileWatermark} from './compile-watermark.ts';
import {compileWindow} from './compile-window.ts';
import {nodeTable} from './node-table.ts';
import type {Pipeline, PipelineEnvironment} from './pipeline.ts';
import type {RuleFacts} from './rule-facts.ts';
import {RuleMemory} from './rule-memory.ts';
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
  if (clauses.join !== undefined) return compileJoined(parts);
  const windowed = clauses.window && compileWindow(clauses.window, parts);
  const stages = windowed?.stages ?? (clauses.aggregate ? compileAggregatedRows(parts) : compileRows(parts));
  const analyzed = withAnalytic(stages, parts);
  const [source] = plan.sources;
  const [head] = analyzed;
  const watermark = clauses.watermark && compileWatermark([{source: source!, head}], windowed?.window, parts);
  return new RulePipeline(
    [{stream: source!.stream, push: batch => (watermark === undefined ? head.push(batch) : watermark.push({input: 0, batch}))}],
    [...(watermark === undefined ? [] : [watermark]), ...analyzed, facts.memory],
    nodes.operators,
  );
}

function ruleFacts(plan: Plan, aggregates: RuleFacts['aggregates'], environment: PipelineEnvironment): RuleFacts {
  let scope: Scope | undefined;
  const memory = new RuleMemory();
  const makeScope = (): Scope => {
    const made = new RuleScope(environment);
    // Kept with the rule's state: the scope itself lasts as long as the pipeline.
    memory.cell(made.hits);
    memory.cell(made.aggregateHits);
    return made;
  };
  const analytics = analyticsOf(plan);
  return {
    plan,
    positions: plan.sources.length > 1 ? new Map(plan.sources.map(({id}, position) => [id, position])) : undefined,
    aliases: plan.aliases,
    aggregates,
    analytics,
    windowFunctions: windowFunctionsOf(plan),
    streamOfAnalytic: slot => analytics[slot]!.source,
    memory,
    hiddenColumns: stream => [...(environment.hiddenColumns?.(stream) ?? []), ...internalColumns(plan)],
    scope: () => (scope ??= makeScope()),
  };
}
