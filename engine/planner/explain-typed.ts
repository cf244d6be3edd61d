import {columnNames, lines, operatorOf, slotsOf} from './explain-lines.ts';
import type {Plan, PlanNode, ProjectedField, WindowNode} from './plan.ts';
import {nodesOf} from './plan-walk.ts';
import type {SlotTable} from './print-kuiper.ts';
import {printTyped} from './print-typed.ts';

/**
 * A plan for people who ask what their rule costs: every expression with its static types, the columns that are decoded, the guard, how a
 * window keeps its rows, which operators run as one, and the warnings.
 */
export function explainTyped(plan: Plan): string {
  const slots = slotsOf(plan);
  const nodes = nodesOf(plan).map((node): [string, string] => [operatorOf(node), typedInfoOf(node, plan, slots)]);
  const aliases = plan.aliases.map(({name, expression}) => `${name} = ${printTyped(expression, slots)}`);
  const notes = [
    JSON.stringify({op: 'Stages', info: stagesOf(plan)}),
    ...(aliases.length > 0 ? [JSON.stringify({op: 'Aliases', info: `once a row: ${aliases.join(', ')}`})] : []),
    ...plan.warnings.map(warning => JSON.stringify({op: 'Warning', info: warning})),
  ];
  return [lines(nodes), ...notes].join('\n');
}

/** Operators in the order rows pass them; those in brackets run as one function or keep one state. */
function stagesOf(plan: Plan): string {
  const names = [...nodesOf(plan)]
    .reverse()
    .slice(1)
    .map(node => node.kind);
  const window = names.indexOf('window');
  if (window === -1) return bracketed(names);
  const node = nodesOf(plan).find(candidate => candidate.kind === 'window')!;
  const above = keepsRows(plan, node) ? window + 1 : names.indexOf('aggregate') + 1;
  const stages = [names.slice(0, window), names.slice(window, above)].filter(stage => stage.length > 0).map(bracketed);
  return [...stages, ...names.slice(above)].join(' → ');
}

const bracketed = (names: readonly string[]): string => (names.length === 1 ? names[0]! : `[${names.join(' → ')}]`);

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

/** Rows are kept where they are the result and where windows overlap; else each group keeps its accumulators and its first row. */
function keepsRows(plan: Plan, {window}: WindowNode): boolean {
  return !plan.root.aggregate || (window.kind === 'count' && window.interval !== window.length);
}

function typedField(field: ProjectedField, slots: SlotTable): string {
  if (field.kind === 'expression') {
    const {name, expression} = field;
    const text = printTyped(expression, slots);
    const isNamed = (expression.kind === 'column' || expression.kind === 'slot') && text.startsWith(`${name}:`);
    return isNamed ? text : `${text} AS ${name}`;
  }
  const except = field.except.length === 0 ? '' : ` EXCEPT(${field.except.join(', ')})`;
  const replace = field.replace.map(({name, expression}) => `${printTyped(expression, slots)} AS ${name}`);
  return `${field.stream === undefined ? '' : `${field.stream}.`}*${except}${replace.length === 0 ? '' : ` REPLACE(${replace.join(', ')})`}`;
}
