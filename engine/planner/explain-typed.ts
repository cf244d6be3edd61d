import {columnNames, lines, operatorOf, slotsOf, withExpansion} from './explain-lines.ts';
import {conjunctsOf, equalityOf} from './join-condition.ts';
import type {JoinStep, Plan, PlanNode, ProjectedField, WindowNode} from './plan.ts';
import {treeOf} from './plan-tree.ts';
import {nodesOf} from './plan-walk.ts';
import type {SlotTable} from './print-kuiper.ts';
import {printAnalytic, printTyped} from './print-typed.ts';
import {windowHolding} from './window-holding.ts';

/**
 * A plan for people who ask what their rule costs: every expression with its static types, the columns that are decoded, the guard, how a
 * window keeps its rows, which operators run as one, and the warnings.
 */
export function explainTyped(plan: Plan): string {
  const slots = slotsOf(plan);
  const nodes = treeOf(plan).map((line): [string, string, number] => [
    operatorOf(line),
    line.aligns ? 'the rows of scan tables beside those of streams' : typedInfoOf(line.node, plan, slots),
    line.depth,
  ]);
  const aliases = plan.aliases.map(({name, expression}) => `${name} = ${printTyped(expression, slots)}`);
  const notes = [
    JSON.stringify({op: 'Stages', info: stagesOf(plan)}),
    ...(aliases.length > 0 ? [JSON.stringify({op: 'Aliases', info: `once a row: ${aliases.join(', ')}`})] : []),
    ...plan.warnings.map(warning => JSON.stringify({op: 'Warning', info: warning})),
  ];
  return [lines(withExpansion(plan, nodes)), ...notes].join('\n');
}

/** Operators in the order rows pass them; those in brackets run as one function or keep one state. */
function stagesOf(plan: Plan): string {
  const names = [...nodesOf(plan)]
    .reverse()
    .slice(1)
    .map(node => node.kind);
  const window = names.indexOf('window');
  if (window === -1) return grouped(names);
  const node = nodesOf(plan).find(candidate => candidate.kind === 'window')!;
  const above = windowHolding(plan, node) === 'rows' ? window + 1 : names.indexOf('aggregate') + 1;
  const below = window === 0 ? [] : [grouped(names.slice(0, window))];
  const stages = [...below, bracketed(names.slice(window, above))];
  return [...stages, ...names.slice(above)].join(' → ');
}

/** Operators that never run within the loop of others. */
const separate: ReadonlySet<string> = new Set(['watermark', 'analytic', 'dedup']);

/** Operators of single rows: what lies between two separate ones is one function. */
function grouped(names: readonly string[]): string {
  const stages: string[][] = [];
  for (const [i, name] of names.entries()) {
    if (i === 0 || separate.has(name) || separate.has(names[i - 1]!)) stages.push([name]);
    else stages.at(-1)!.push(name);
  }
  return stages.map(bracketed).join(' → ');
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
    case 'merge':
      return '';
    case 'join':
      return node.steps.map(step => typedJoin(step, plan, slots)).join(', ');
    case 'watermark':
      return `event time, rows up to ${node.lateToleranceMs} ms late`;
    case 'analytic':
      return node.analytics.map(one => printAnalytic(one, slots)).join(', ');
    case 'dedup':
      return `${printTyped(node.start, slots)} to ${printTyped(node.end, slots)} at ${printTyped(node.now, slots)}, forgotten after ${node.expireMs} ms`;
    case 'windowFunc':
      return node.functions
        .map((one, slot) => printTyped({kind: 'slot', of: 'window-function', slot, type: one.type, span: one.span}, slots))
        .join(', ');
    case 'filter':
    case 'having':
      return printTyped(node.condition, slots);
    case 'window':
      return `${typedWindow(node, slots)}, keeps ${windowHolding(plan, node)}`;
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

function typedJoin({type, source, kind, on}: JoinStep, plan: Plan, slots: SlotTable): string {
  const how =
    kind === 'lookup' ? 'lookup' : conjunctsOf(on).some(one => equalityOf(one, source, plan.aliases) !== undefined) ? 'hash' : 'loop';
  return `${type} ${source} by ${how}${on === undefined ? '' : `: ${printTyped(on, slots)}`}`;
}

const nowhere = {start: 0, end: 0, line: 1, column: 1};

function typedWindow({window}: WindowNode, slots: SlotTable): string {
  switch (window.kind) {
    case 'tumbling':
      return `every ${window.length} ${window.unit}`;
    case 'hopping':
      return `the last ${window.length} ${window.unit} every ${window.hop}`;
    case 'sliding': {
      const when = window.when === undefined ? '' : ` when ${printTyped(window.when, slots)}`;
      return `the last ${window.length} ${window.unit} at each row${when}${window.delay === 0 ? '' : `, ${window.delay} ${window.unit} later`}`;
    }
    case 'session':
      return `until ${window.timeout} ${window.unit} without a row, cut every ${window.length}`;
    case 'count':
      return `${window.length} rows${window.interval === window.length ? '' : ` every ${window.interval}`}`;
    case 'state': {
      const end = window.emit === undefined ? 'the next such row' : printTyped(window.emit, slots);
      const keys = window.partitionBy.map(item => printTyped(item, slots)).join(', ');
      return `from ${printTyped(window.begin, slots)} to ${end}${keys === '' ? '' : ` by ${keys}`}`;
    }
  }
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
