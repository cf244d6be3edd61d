import type {Plan, PlanNode, ProjectedField, SourceNode, WindowNode} from './plan.ts';
import {nodesOf} from './plan-walk.ts';
import {printAlias, printKuiper, type SlotTable} from './print-kuiper.ts';
import {printTyped} from './print-typed.ts';

/**
 * The plan as text, one JSON object a line, children indented by 1, 3, 5 … tabs: exactly eKuiper's explanation, which tools parse.
 * Aggregates without grouping have no line, as in eKuiper.
 */
export function explainPlan(plan: Plan): string {
  const slots = slotsOf(plan);
  return lines(
    nodesOf(plan)
      .filter(node => node.kind !== 'aggregate' || node.groupBy.length > 0)
      .map(node => [operatorOf(node), infoOf(node, slots)]),
  );
}

/**
 * The plan for people who ask what their rule costs: every expression with its static types, the columns that are decoded, the guard, how a
 * window keeps its rows, and the warnings. Same line form as `explainPlan`.
 */
export function explainTyped(plan: Plan): string {
  const slots = slotsOf(plan);
  const nodes = nodesOf(plan).map((node): [string, string] => [operatorOf(node), typedInfoOf(node, plan, slots)]);
  const aliases = plan.aliases.map(({name, expression}) => `${name} = ${printTyped(expression, slots)}`);
  const notes = [
    ...(aliases.length > 0 ? [JSON.stringify({op: 'Aliases', info: `once a row: ${aliases.join(', ')}`})] : []),
    ...plan.warnings.map(warning => JSON.stringify({op: 'Warning', info: warning})),
  ];
  return [lines(nodes), ...notes].join('\n');
}

function lines(nodes: readonly (readonly [operator: string, info: string])[]): string {
  return nodes
    .map(
      ([operator, info], depth) => `${depth === 0 ? '' : '\t'.repeat(2 * depth - 1)}${JSON.stringify({op: `${operator}_${depth}`, info})}`,
    )
    .join('\n');
}

function slotsOf(plan: Plan): SlotTable {
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

const operatorOf = ({kind}: PlanNode): string => operators[kind];

function infoOf(node: PlanNode, slots: SlotTable): string {
  switch (node.kind) {
    case 'source': {
      const columns = columnNames(node);
      return `StreamName: ${node.stream}${columns.length > 0 ? `, StreamFields:[ ${columns.join(', ')} ]` : ''}`;
    }
    case 'filter':
    case 'having':
      return `Condition:{ ${printKuiper(node.condition, slots)} }, `;
    case 'window':
      return windowInfo(node, slots);
    case 'aggregate':
      return `Dimension:{ ${node.groupBy.map(item => printKuiper(item, slots)).join(', ')} }`;
    case 'order':
      return `SortFields:[ ${node.items.map(item => sortField(item, slots)).join(', ')} ]`;
    case 'project': {
      const limit = node.limit === undefined ? '' : `, Limit:${node.limit}`;
      return `Fields:[ ${node.fields.map(field => fieldInfo(field, slots)).join(', ')} ]${limit}`;
    }
  }
}

/** The columns decoded; none for all columns of a schemaless stream, whose names nobody knows. */
function columnNames({columns, schema}: SourceNode): readonly string[] {
  return columns === 'all' ? schema.columns.map(column => column.name).sort() : columns;
}

function windowInfo({window, filter}: WindowNode, slots: SlotTable): string {
  const interval = window.kind === 'count' && window.interval !== window.length ? `, interval:${window.interval}` : '';
  const condition = filter === undefined ? '' : `, filter:{ ${printKuiper(filter, slots)} }`;
  return `{ length:${window.length}${interval}, windowType:${window.kind.toUpperCase()}_WINDOW${condition}, limit: 0 }`;
}

function sortField(
  {expression, descending}: {expression: Parameters<typeof printKuiper>[0]; descending: boolean},
  slots: SlotTable,
): string {
  const name =
    expression.kind === 'column'
      ? expression.name
      : expression.kind === 'slot' && expression.of === 'alias'
        ? slots.aliases[expression.slot]!.name
        : '';
  return `sortField:{ name:${name}, ascending:${!descending}, fieldExpr:{ ${printKuiper(expression, slots)} } }`;
}

function fieldInfo(field: ProjectedField, slots: SlotTable): string {
  if (field.kind === 'star') return field.stream === undefined ? '*' : `${field.stream}.*`;
  const {name, expression} = field;
  const ownName = expression.kind === 'column' ? expression.name : undefined;
  const isAliasSlot = expression.kind === 'slot' && expression.of === 'alias';
  if (name === ownName || isAliasSlot || isDefaultName(field, slots)) return printKuiper(expression, slots);
  return printAlias(name, expression, slots);
}

/** A call under the name of its function, or an expression under a generated name: written without AS. */
function isDefaultName({name, expression}: Extract<ProjectedField, {kind: 'expression'}>, slots: SlotTable): boolean {
  if (name.startsWith('kuiper_field_')) return true;
  if (expression.kind === 'call') return name === expression.definition.name;
  return expression.kind === 'slot' && expression.of === 'aggregate' && name === slots.aggregates[expression.slot]!.definition.name;
}

function typedInfoOf(node: PlanNode, plan: Plan, slots: SlotTable): string {
  switch (node.kind) {
    case 'source': {
      const types = new Map(node.schema.columns.map(column => [column.name, column.type]));
      const columns = columnNames(node).map(name =>
        printTyped({kind: 'column', stream: node.stream, name, type: types.get(name) ?? {kind: 'any'}, span: nowhere}, slots),
      );
      const read = node.columns === 'all' && node.schema.open ? ['all columns', ...columns] : columns;
      const guard =
        plan.guard === undefined ? '' : `, index ${plan.guard.column} ${plan.guard.operator} ${JSON.stringify(plan.guard.constant)}`;
      return `${node.stream}: reads ${read.length === 0 ? 'no column' : read.join(', ')}${node.usesMetadata ? ' and metadata' : ''}${guard}`;
    }
    case 'filter':
    case 'having':
      return printTyped(node.condition, slots);
    case 'window':
      return `${typedWindow(node)}, keeps ${keepsRows(plan, node) ? 'rows' : 'accumulators'}`;
    case 'aggregate': {
      const groups = node.groupBy.length === 0 ? 'one group' : `by ${node.groupBy.map(item => printTyped(item, slots)).join(', ')}`;
      const values = node.aggregates.map((aggregate, slot) =>
        printTyped({kind: 'slot', of: 'aggregate', slot, type: aggregate.type, span: aggregate.span}, slots),
      );
      return `${groups}${values.length > 0 ? `: ${values.join(', ')}` : ''}`;
    }
    case 'order':
      return node.items.map(({expression, descending}) => `${printTyped(expression, slots)}${descending ? ' DESC' : ''}`).join(', ');
    case 'project': {
      const fields = node.fields.filter(field => field.kind === 'star' || !field.invisible).map(field => typedField(field, slots));
      return `${node.distinct ? 'DISTINCT ' : ''}${fields.join(', ')}${node.limit === undefined ? '' : ` LIMIT ${node.limit}`}`;
    }
  }
}

const nowhere = {start: 0, end: 0, line: 1, column: 1};

function typedWindow({window}: WindowNode): string {
  if (window.kind === 'tumbling') return `every ${window.length} ${window.unit}`;
  return `${window.length} rows${window.interval === window.length ? '' : ` every ${window.interval}`}`;
}

/** Rows are kept where they are the result, where a condition stands between window and groups, and where windows overlap. */
function keepsRows(plan: Plan, window: WindowNode): boolean {
  const nodes = nodesOf(plan);
  const above = nodes[nodes.indexOf(window) - 1];
  if (!plan.root.aggregate || above?.kind !== 'aggregate') return true;
  return window.window.kind === 'count' && window.window.interval !== window.window.length;
}

function typedField(field: ProjectedField, slots: SlotTable): string {
  if (field.kind === 'expression') {
    const text = printTyped(field.expression, slots);
    return text.startsWith(`${field.name}:`) ? text : `${text} AS ${field.name}`;
  }
  const except = field.except.length === 0 ? '' : ` EXCEPT(${field.except.join(', ')})`;
  const replace = field.replace.map(({name, expression}) => `${printTyped(expression, slots)} AS ${name}`);
  return `${field.stream === undefined ? '' : `${field.stream}.`}*${except}${replace.length === 0 ? '' : ` REPLACE(${replace.join(', ')})`}`;
}
