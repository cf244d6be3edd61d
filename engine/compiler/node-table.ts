import {operatorNames} from '#engine/planner/node-names.ts';
import type {Plan, PlanNode} from '#engine/planner/plan.ts';
import {nodesOf} from '#engine/planner/plan-walk.ts';
import {NodeMetrics, type OperatorNode} from './pipeline.ts';

/** The nodes that status and topology show, and the counters of each plan node. */
export interface NodeTable {
  readonly operators: readonly OperatorNode[];
  /** Undefined for a plan node that is not shown. */
  counters(node: PlanNode): NodeMetrics | undefined;
  /** Of the FILTER that a window node carries itself. */
  windowFilter(): NodeMetrics | undefined;
}

const noDownstream: readonly number[] = [];

export function nodeTable(plan: Plan): NodeTable {
  const names = operatorNames(plan);
  const operators = names.map(
    (name, i): OperatorNode => ({
      name,
      metrics: new NodeMetrics(),
      downstream: i + 1 < names.length ? [i + 1] : noDownstream,
      countsWithheld: i === 0 && plan.guard !== undefined,
    }),
  );
  let next = 0;
  let windowFilter: NodeMetrics | undefined;
  const byNode = new Map<PlanNode, NodeMetrics>();
  for (const node of nodesOf(plan).toReversed()) {
    if (node.kind === 'source' || (node.kind === 'aggregate' && node.groupBy.length === 0)) continue;
    if (node.kind === 'window' && node.filter !== undefined) windowFilter = operators[next++]!.metrics;
    byNode.set(node, operators[next++]!.metrics);
  }
  return {operators, counters: node => byNode.get(node), windowFilter: () => windowFilter};
}
