import type {BoundExpression} from './bound-expression.ts';
import {columnNames, lines, operatorOf, slotsOf, withExpansion} from './explain-lines.ts';
import type {JoinNode, JoinStep, Plan, PlanNode, ProjectedField, WindowNode, WindowSpec} from './plan.ts';
import {treeOf} from './plan-tree.ts';
import {printAlias, printAnalytic, printKuiper, type SlotTable} from './print-kuiper.ts';

/** A plan exactly as eKuiper explains it. Aggregates without grouping have no line there. */
export function explainKuiper(plan: Plan): string {
  const slots = slotsOf(plan);
  const nodes = treeOf(plan, node => node.kind !== 'aggregate' || node.groupBy.length > 0).map((line): [string, string, number] => [
    operatorOf(line),
    line.aligns ? `Emitters:[ ${emittersOf((line.node as JoinNode).tables)} ]` : infoOf(line.node, slots),
    line.depth,
  ]);
  return lines(withExpansion(plan, nodes));
}

function infoOf(node: PlanNode, slots: SlotTable): string {
  switch (node.kind) {
    case 'source': {
      const columns = columnNames(node);
      return `StreamName: ${node.stream}${columns.length > 0 ? `, StreamFields:[ ${columns.join(', ')} ]` : ''}`;
    }
    case 'merge':
      return '';
    case 'join':
      return `Joins:[ ${node.steps.map(step => joinInfo(step, slots)).join(', ')} ]`;
    case 'watermark':
      return `Emitters:[ ${emittersOf([node.input])} ], SendWatermark:true`;
    case 'analytic':
      return `Funcs:[ ${node.analytics.map(one => printAnalytic(one, slots)).join(', ')} ]`;
    case 'dedup':
      return `start: ${node.start.name}, end: ${node.end.name}, now: ${node.now.name}, expire: ${node.expireMs}`;
    case 'windowFunc':
      return `windowFuncFields:[ ${node.functions.map(one => `{name:${one.definition.name}, expr:Call:{ name:${one.definition.name}, args:[] }}`).join(', ')} ]`;
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

function joinInfo({type, on}: JoinStep, slots: SlotTable): string {
  return `{ joinType:${type.toUpperCase()}_JOIN, ${on === undefined ? '' : printKuiper(on, slots)} }`;
}

/** The streams and tables below. */
function emittersOf(nodes: readonly PlanNode[]): string {
  const names = (node: PlanNode): readonly string[] =>
    node.kind === 'source' ? [node.stream] : node.kind === 'merge' ? node.inputs.flatMap(names) : names(node.input);
  return nodes.flatMap(names).join(', ');
}

function windowInfo({window, filter}: WindowNode, slots: SlotTable): string {
  const members = [
    ...lengthsOf(window).map(([name, value]) => `${name}:${value}`),
    `windowType:${window.kind.toUpperCase()}_WINDOW`,
    ...conditionsOf(window, filter).map(([name, condition]) => `${name}:{ ${printKuiper(condition, slots)} }`),
    'limit: 0',
  ];
  return `{ ${members.join(', ')} }`;
}

function lengthsOf(window: WindowSpec): readonly (readonly [name: string, value: number])[] {
  switch (window.kind) {
    case 'tumbling':
      return [['length', window.length]];
    case 'hopping':
      return [
        ['length', window.length],
        ['interval', window.hop],
      ];
    case 'sliding':
      return window.delay === 0
        ? [['length', window.length]]
        : [
            ['length', window.length],
            ['delay', window.delay],
          ];
    case 'session':
      return [
        ['length', window.length],
        ['interval', window.timeout],
      ];
    case 'count':
      return window.interval === window.length
        ? [['length', window.length]]
        : [
            ['length', window.length],
            ['interval', window.interval],
          ];
    case 'state':
      return [];
  }
}

function conditionsOf(
  window: WindowSpec,
  filter: BoundExpression | undefined,
): readonly (readonly [name: string, condition: BoundExpression])[] {
  const conditions: [string, BoundExpression | undefined][] = [['filter', filter]];
  if (window.kind === 'sliding') conditions.push(['triggerCondition', window.when]);
  if (window.kind === 'state') conditions.push(['beginCondition', window.begin], ['emitCondition', window.emit]);
  return conditions.flatMap(([name, condition]) => (condition === undefined ? [] : [[name, condition] as const]));
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
  if (expression.kind === 'call' || expression.kind === 'columns-call') return name === expression.definition.name;
  if (expression.kind === 'slot' && expression.of === 'analytic') return name === slots.analytics?.[expression.slot]?.definition.name;
  if (expression.kind === 'slot' && expression.of === 'window-function')
    return name === slots.windowFunctions?.[expression.slot]?.definition.name;
  return expression.kind === 'slot' && expression.of === 'aggregate' && name === slots.aggregates[expression.slot]!.definition.name;
}
