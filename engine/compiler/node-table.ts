import {operatorNames} from '#engine/planner/node-names.ts';
import type {Plan, PlanNode, SourceNode} from '#engine/planner/plan.ts';
import {branchNodes} from '#engine/planner/plan-tree.ts';
import {nodesOf} from '#engine/planner/plan-walk.ts';
import {NodeMetrics, type OperatorNode} from './pipeline.ts';

/** The nodes that status and topology show, and the counters of each plan node. */
export interface NodeTable {
  readonly operators: readonly OperatorNode[];
  /** Undefined for a plan node that is not shown. */
  counters(node: PlanNode): NodeMetrics | undefined;
  /** Of the rows of scan tables that a join holds. */
  aligner(): NodeMetrics | undefined;
  /** The operator that the rows of a source, by its `id`, reach first. */
  entry(id: string): number;
  /** Of the stage that makes several rows of one. */
  expansion(): NodeMetrics | undefined;
  /** Of the FILTER that a window node carries itself. */
  windowFilter(): NodeMetrics | undefined;
}

const noDownstream: readonly number[] = [];

export function nodeTable(plan: Plan): NodeTable {
  const names = operatorNames(plan);
  const filters = branchNodes(plan).filter(node => node.kind === 'filter');
  const alignerAt = names.indexOf('join_aligner');
  /** Where the rows of a source leave its own branch. */
  const meeting = (id: string): number => (alignerAt >= 0 && isTable(plan, id) ? alignerAt : filters.length);
  const downstreamOf = (i: number): readonly number[] =>
    i < filters.length ? [meeting(sourceBelow(filters[i]!).id)] : i + 1 < names.length ? [i + 1] : noDownstream;
  const operators = names.map(
    (name, i): OperatorNode => ({
      name,
      metrics: new NodeMetrics(),
      downstream: downstreamOf(i),
      countsWithheld: i === 0 && plan.guard !== undefined,
    }),
  );
  let next = 0;
  let windowFilter: NodeMetrics | undefined;
  const byNode = new Map<PlanNode, NodeMetrics>();
  for (const filter of filters) byNode.set(filter, operators[next++]!.metrics);
  for (const node of nodesOf(plan).toReversed()) {
    if (node.kind === 'source' || node.kind === 'merge' || (node.kind === 'aggregate' && node.groupBy.length === 0)) continue;
    if (node.kind === 'join' && node.tables.length > 0) next++;
    if (node.kind === 'window' && node.filter !== undefined) windowFilter = operators[next++]!.metrics;
    byNode.set(node, operators[next++]!.metrics);
  }
  const entry = (id: string): number => {
    const own = filters.findIndex(filter => sourceBelow(filter).id === id);
    return own >= 0 ? own : meeting(id);
  };
  return {
    operators,
    counters: node => byNode.get(node),
    aligner: () => operators[alignerAt]?.metrics,
    entry,
    windowFilter: () => windowFilter,
    expansion: () => (plan.root.expands === undefined ? undefined : operators.at(-1)!.metrics),
  };
}

function isTable(plan: Plan, id: string): boolean {
  return plan.sources.some(source => source.id === id && source.sourceKind === 'table');
}

/** The source of a branch. */
export function sourceBelow(node: PlanNode): SourceNode {
  if (node.kind === 'source') return node;
  if (node.kind === 'merge') throw new Error('a branch has one source');
  return sourceBelow(node.input);
}
