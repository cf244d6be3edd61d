import type {Plan, PlanNode, SourceNode} from './plan.ts';
import type {TreeLine} from './plan-tree.ts';
import {analyticsOf, nodesOf, windowFunctionsOf} from './plan-walk.ts';
import type {SlotTable} from './print-kuiper.ts';

/** One JSON object a line and node, numbered; children are indented by 1, 3, 5 … tabs, as eKuiper's clients expect. */
export function lines(nodes: readonly (readonly [operator: string, info: string, depth: number])[]): string {
  return nodes
    .map(
      ([operator, info, depth], i) => `${depth === 0 ? '' : '\t'.repeat(2 * depth - 1)}${JSON.stringify({op: `${operator}_${i}`, info})}`,
    )
    .join('\n');
}

/** Adds the line of the stage that makes several rows of one, a node of its own in eKuiper, above those of the tree. */
export function withExpansion(
  {root: {expands, limit}}: Plan,
  nodes: readonly (readonly [operator: string, info: string, depth: number])[],
): readonly (readonly [operator: string, info: string, depth: number])[] {
  if (expands === undefined) return nodes;
  const info = `SrfMap:{key:${expands.field}}, EnableLimit:${limit !== undefined}`;
  return [['ProjectSetPlan', info, 0], ...nodes.map(([operator, own, depth]) => [operator, own, depth + 1] as const)];
}

export function slotsOf(plan: Plan): SlotTable {
  const aggregates = nodesOf(plan).flatMap(node => (node.kind === 'aggregate' ? node.aggregates : []));
  const whereAggregates = nodesOf(plan).flatMap(node => (node.kind === 'filter' ? (node.aggregates ?? []) : []));
  return {aliases: plan.aliases, aggregates, whereAggregates, analytics: analyticsOf(plan), windowFunctions: windowFunctionsOf(plan)};
}

const operators = {
  source: 'DataSourcePlan',
  merge: '',
  join: 'JoinPlan',
  watermark: 'WatermarkPlan',
  analytic: 'AnalyticFuncsPlan',
  dedup: 'DedupTriggerPlan',
  windowFunc: 'WindowFuncPlan',
  filter: 'FilterPlan',
  window: 'WindowPlan',
  aggregate: 'AggregatePlan',
  having: 'HavingPlan',
  order: 'OrderPlan',
  project: 'ProjectPlan',
} as const satisfies Record<PlanNode['kind'], string>;

export const operatorOf = ({node, aligns}: TreeLine): string => (aligns ? 'JoinAlignPlan' : operators[node.kind]);

/** The columns decoded; none for all columns of a schemaless stream, whose names nobody knows. */
export function columnNames({columns, schema}: SourceNode): readonly string[] {
  return columns === 'all' ? schema.columns.map(column => column.name).sort() : columns;
}
