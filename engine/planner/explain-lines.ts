import type {Plan, PlanNode, SourceNode} from './plan.ts';
import {nodesOf} from './plan-walk.ts';
import type {SlotTable} from './print-kuiper.ts';

/** One JSON object a line and node; children are indented by 1, 3, 5 … tabs, as eKuiper's clients expect. */
export function lines(nodes: readonly (readonly [operator: string, info: string])[]): string {
  return nodes
    .map(
      ([operator, info], depth) => `${depth === 0 ? '' : '\t'.repeat(2 * depth - 1)}${JSON.stringify({op: `${operator}_${depth}`, info})}`,
    )
    .join('\n');
}

export function slotsOf(plan: Plan): SlotTable {
  const aggregates = nodesOf(plan).flatMap(node => (node.kind === 'aggregate' ? node.aggregates : []));
  return {aliases: plan.aliases, aggregates};
}

const operators = {
  source: 'DataSourcePlan',
  filter: 'FilterPlan',
  window: 'WindowPlan',
  aggregate: 'AggregatePlan',
  having: 'HavingPlan',
  order: 'OrderPlan',
  project: 'ProjectPlan',
} as const satisfies Record<PlanNode['kind'], string>;

export const operatorOf = ({kind}: PlanNode): string => operators[kind];

/** The columns decoded; none for all columns of a schemaless stream, whose names nobody knows. */
export function columnNames({columns, schema}: SourceNode): readonly string[] {
  return columns === 'all' ? schema.columns.map(column => column.name).sort() : columns;
}
