import {columnNames, lines, operatorOf, slotsOf} from './explain-lines.ts';
import type {Plan, PlanNode, ProjectedField, WindowNode} from './plan.ts';
import {nodesOf} from './plan-walk.ts';
import {printAlias, printKuiper, type SlotTable} from './print-kuiper.ts';

/** A plan exactly as eKuiper explains it. Aggregates without grouping have no line there. */
export function explainKuiper(plan: Plan): string {
  const slots = slotsOf(plan);
  return lines(
    nodesOf(plan)
      .filter(node => node.kind !== 'aggregate' || node.groupBy.length > 0)
      .map(node => [operatorOf(node), infoOf(node, slots)]),
  );
}

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
  if (expression.kind === 'slot' && expression.of === 'alias') return printAlias(name, slots.aliases[expression.slot]!.expression, slots);
  if (name === ownName || isDefaultName(field, slots)) return printKuiper(expression, slots);
  return printAlias(name, expression, slots);
}

/** A call under the name of its function, or an expression under a generated name: written without AS. */
function isDefaultName({name, expression}: Extract<ProjectedField, {kind: 'expression'}>, slots: SlotTable): boolean {
  if (name.startsWith('kuiper_field_')) return true;
  if (expression.kind === 'call') return name === expression.definition.name;
  return expression.kind === 'slot' && expression.of === 'aggregate' && name === slots.aggregates[expression.slot]!.definition.name;
}
