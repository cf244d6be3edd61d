import type {Scope} from '#engine/functions/function.ts';
import {Project} from '#engine/operators/project.ts';
import {operatorNames} from '#engine/planner/node-names.ts';
import type {AggregateNode, FilterNode, Plan} from '#engine/planner/plan.ts';
import {nodesOf} from '#engine/planner/plan-walk.ts';
import {NodeMetrics, type OperatorNode, type Pipeline, type PipelineEnvironment} from './pipeline.ts';
import {compileRowLoop} from './row-loop.ts';
import type {RuleFacts} from './rule-facts.ts';
import {RulePipeline} from './rule-pipeline.ts';
import {RuleScope} from './rule-scope.ts';

/** Makes a plan run: expressions become JavaScript, nodes become operators. Nothing flows and no timer runs before this returns. */
export function compilePlan(plan: Plan, environment: PipelineEnvironment): Pipeline {
  const nodes = nodesOf(plan);
  const aggregate = nodes.find((node): node is AggregateNode => node.kind === 'aggregate');
  const facts = ruleFacts(plan, aggregate, environment);
  const operators = operatorNodes(plan);
  const filter = nodes.find((node): node is FilterNode => node.kind === 'filter');
  const {run, labels} = compileRowLoop(filter, plan.root, facts);
  const project = new Project({
    run,
    labels,
    filter: filter && operators[0]!.metrics,
    counters: operators.at(-1)!.metrics,
    output: environment.output,
  });
  return new RulePipeline(plan.sources[0]!.stream, [project], operators);
}

function ruleFacts(plan: Plan, aggregate: AggregateNode | undefined, environment: PipelineEnvironment): RuleFacts {
  let scope: Scope | undefined;
  return {
    plan,
    aliases: plan.aliases,
    aggregates: aggregate?.aggregates ?? [],
    hiddenColumns: stream => environment.hiddenColumns?.(stream) ?? [],
    scope: () => (scope ??= new RuleScope(environment)),
  };
}

/** The chain of nodes that status and topology show. */
function operatorNodes(plan: Plan): readonly OperatorNode[] {
  const names = operatorNames(plan);
  return names.map((name, i) => ({
    name,
    metrics: new NodeMetrics(),
    downstream: i + 1 < names.length ? [i + 1] : [],
    countsWithheld: i === 0 && plan.guard !== undefined,
  }));
}
