import {messageOf} from '#engine/base/errors.ts';
import {EachRow} from '#engine/operators/each-row.ts';
import {Filter} from '#engine/operators/filter.ts';
import {GroupTable} from '#engine/operators/group-table.ts';
import {Having} from '#engine/operators/having.ts';
import type {Batch, Operator} from '#engine/operators/operator.ts';
import {Project} from '#engine/operators/project.ts';
import {WindowProject} from '#engine/operators/window-project.ts';
import type {FilterNode} from '#engine/planner/plan.ts';
import type {Clauses} from './clauses.ts';
import {compileDedup} from './compile-dedup.ts';
import {projectedOutput, projectLimit} from './compile-expand.ts';
import {windowFuncStage} from './compile-numbering.ts';
import {compileFilterLoop} from './filter-loop.ts';
import type {NodeTable} from './node-table.ts';
import type {PipelineEnvironment} from './pipeline.ts';
import {compileRowLoop, conditionLabel} from './row-loop.ts';
import type {RuleFacts} from './rule-facts.ts';
import {usesAggregateHits} from './uses-hits.ts';
import {compileWindowProgram} from './window-program.ts';

export interface CompileParts {
  readonly clauses: Clauses;
  readonly facts: RuleFacts;
  readonly nodes: NodeTable;
  readonly environment: PipelineEnvironment;
}

export type Stages = readonly [Operator<Batch>, ...Operator<never>[]];

/** A rule of WHERE and SELECT alone. */
export function compileRows({clauses, facts, nodes, environment}: CompileParts): Stages {
  const {project, dedup, windowFunc, filters} = clauses;
  // Behind rows that are held back WHERE cannot be part of the same loop.
  const filter = dedup === undefined ? filters[0] : undefined;
  const {run, labels} = compileRowLoop(filter, project, facts);
  const counters = nodes.counters(project)!;
  const output = projectedOutput(project, nodes, environment);
  const stage = new Project({
    run,
    labels,
    filter: filter && nodes.counters(filter),
    numbering: windowFunc && nodes.counters(windowFunc),
    counters,
    output,
  });
  if (dedup === undefined) return [stage];
  const fail = (error: Error) => environment.output.error(error);
  return withFilters(filters, compileDedup(dedup, stage, {clauses, facts, nodes, environment}), {facts, nodes, fail}, [stage]);
}

/** Aggregates without a window: each row is a group of its own, and a message of its own. */
export function compileAggregatedRows({clauses, facts, nodes, environment}: CompileParts): Stages {
  const {project: node, having: havingNode, aggregate: aggregateNode, windowFunc: windowFuncNode, filters} = clauses;
  const counters = nodes.counters(node)!;
  const {program, labels, usesScope} = compileWindowProgram(clauses, facts, swallowInto(counters, environment));
  const fail = (error: Error) => environment.output.error(error);
  const hits = usesAggregateHits(facts) ? facts.scope().aggregateHits : undefined;
  const output = projectedOutput(node, nodes, environment);
  const project = new WindowProject({
    program,
    labels,
    counters,
    limit: projectLimit(node),
    distinct: node.distinct,
    hits: hits && {live: hits, counts: havingNode === undefined},
    output: {emit: rows => output.rows(rows), fail},
  });
  const numbering =
    windowFuncNode &&
    windowFuncStage(windowFuncNode, program, nodes.counters(windowFuncNode)!, {emit: firing => project.push(firing), fail});
  const selected = numbering ?? project;
  const having =
    havingNode &&
    new Having({program, labels, hits, counters: nodes.counters(havingNode)!, output: {emit: firing => selected.push(firing), fail}});
  const next = having ?? selected;
  const groups = new GroupTable({
    program,
    labels,
    scope: usesScope ? facts.scope() : undefined,
    isWindow: false,
    firesEmpty: false,
    counters: nodes.counters(aggregateNode!),
    failures: nodes.counters(aggregateNode!) ?? counters,
    filter: undefined,
    output: {emit: firing => next.push(firing), fail},
  });
  return withFilters(filters, new EachRow(groups), {facts, nodes, fail}, [
    ...(having ? [having] : []),
    ...(numbering ? [numbering] : []),
    project,
  ]);
}

/** Stands a filter before `head` for each of `filters`, and the other stages after it. */
export function withFilters(
  filters: readonly FilterNode[],
  head: Operator<Batch>,
  {facts, nodes, fail}: {readonly facts: RuleFacts; readonly nodes: NodeTable; readonly fail: (error: Error) => void},
  rest: readonly Operator<never>[],
): Stages {
  let stages: Stages = [head, ...rest];
  for (const node of filters.toReversed()) {
    const [next] = stages;
    const filter = new Filter({
      run: compileFilterLoop(node.condition, facts),
      label: conditionLabel,
      counters: nodes.counters(node)!,
      output: {emit: batch => next.push(batch), fail},
    });
    stages = [filter, ...stages];
  }
  return stages;
}

/** Counts what eKuiper swallows: the failure of a scalar function in an aggregate query becomes null there and costs nothing else. */
export function swallowInto(counters: {fail(message: string, at: number): void}, {clock}: PipelineEnvironment): (error: unknown) => void {
  return error => counters.fail(messageOf(error), clock.now());
}
