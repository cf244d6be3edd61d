import {ddlTypeName} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundAggregate, BoundAnalytic, BoundExpression, BoundWindowFunction} from './bound-expression.ts';
import type {SlotTable} from './print-kuiper.ts';

/** An expression as SQL with the static type of every column, constant and call: `temperature:float > 20:int`. */
export function printTyped(node: BoundExpression, slots: SlotTable): string {
  const print = (child: BoundExpression): string => printTyped(child, slots);
  const operand = (child: BoundExpression): string => (isCompound(child) ? `(${print(child)})` : print(child));
  const not = (negated: boolean): string => (negated ? 'NOT ' : '');
  switch (node.kind) {
    case 'literal':
      return node.value === null ? 'NULL' : `${literal(node.value)}:${typeName(node)}`;
    case 'column':
      return `${node.name}:${typeName(node)}`;
    case 'metadata':
      return [...(node.stream === undefined ? [] : [node.stream]), ...(node.path.length === 0 ? ['*'] : node.path)].join('->');
    case 'star':
      return [
        '*',
        ...(node.except.length > 0 ? [`EXCEPT(${node.except.join(', ')})`] : []),
        ...(node.replace === undefined
          ? []
          : [`REPLACE(${node.replace.map(({name, expression}) => `${print(expression)} AS ${name}`).join(', ')})`]),
      ].join(' ');
    case 'slot':
      if (node.of === 'alias') return `${slots.aliases[node.slot]!.name}:${typeName(node)}`;
      if (node.of === 'analytic') return printAnalytic(slots.analytics![node.slot]!, slots);
      if (node.of === 'window-function') return printWindowFunction(slots.windowFunctions![node.slot]!, slots);
      if (node.of === 'window') return printAggregate(slots.whereAggregates![node.slot]!, slots);
      return node.of === 'aggregate' ? printAggregate(slots.aggregates[node.slot]!, slots) : `analytic ${node.slot}`;
    case 'member':
      return `${operand(node.target)}->${node.name}`;
    case 'element':
      return `${operand(node.target)}[${print(node.index)}]`;
    case 'slice':
      return `${operand(node.target)}[${node.from === undefined ? '' : print(node.from)}:${node.to === undefined ? '' : print(node.to)}]`;
    case 'unary':
      return `${node.operator === 'NOT' ? 'NOT ' : '-'}${operand(node.operand)}`;
    case 'binary':
      return `${operand(node.left)} ${node.operator} ${operand(node.right)}`;
    case 'between':
      return `${operand(node.operand)} ${not(node.negated)}BETWEEN ${operand(node.low)} AND ${operand(node.high)}`;
    case 'in':
      return `${operand(node.operand)} ${not(node.negated)}IN ${node.items === undefined ? operand(node.set!) : `(${node.items.map(print).join(', ')})`}`;
    case 'like':
      return `${operand(node.operand)} ${not(node.negated)}LIKE ${operand(node.pattern)}`;
    case 'is-null':
      return `${operand(node.operand)} IS ${not(node.negated)}NULL`;
    case 'case': {
      const branches = node.branches.map(({when, then}) => ` WHEN ${print(when)} THEN ${print(then)}`).join('');
      const otherwise = node.otherwise === undefined ? '' : ` ELSE ${print(node.otherwise)}`;
      return `CASE${node.operand === undefined ? '' : ` ${print(node.operand)}`}${branches}${otherwise} END`;
    }
    case 'call':
      return `${node.definition.name}(${node.arguments.map(print).join(', ')}):${typeName(node)}`;
    case 'columns-call':
      return `${node.definition.name}(${[...node.arguments, ...node.watched.map(item => item.expression)].map(print).join(', ')})`;
  }
}

function printAggregate({definition, argument, options, distinct, filter, type}: BoundAggregate, slots: SlotTable): string {
  const values = [argument === undefined ? '*' : printTyped(argument, slots), ...options.map(literal)];
  const condition = filter === undefined ? '' : ` FILTER(WHERE ${printTyped(filter, slots)})`;
  return `${definition.name}(${distinct ? 'DISTINCT ' : ''}${values.join(', ')}):${ddlName(type)}${condition}`;
}

/** An analytic call with its OVER. */
export function printAnalytic({definition, arguments: values, partitionBy, when, type}: BoundAnalytic, slots: SlotTable): string {
  const print = (child: BoundExpression): string => printTyped(child, slots);
  const over = [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(print).join(', ')}`] : []),
    ...(when === undefined ? [] : [`WHEN ${print(when)}`]),
  ];
  return `${definition.name}(${values.map(print).join(', ')}):${ddlName(type)}${over.length === 0 ? '' : ` OVER(${over.join(' ')})`}`;
}

function printWindowFunction({definition, partitionBy, orderBy, type}: BoundWindowFunction, slots: SlotTable): string {
  const print = (child: BoundExpression): string => printTyped(child, slots);
  const over = [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(print).join(', ')}`] : []),
    ...(orderBy.length > 0
      ? [`ORDER BY ${orderBy.map(({expression, descending}) => `${print(expression)}${descending ? ' DESC' : ''}`).join(', ')}`]
      : []),
  ];
  return `${definition.name}():${ddlName(type)}${over.length === 0 ? '' : ` OVER(${over.join(' ')})`}`;
}

const typeName = ({type}: BoundExpression): string => ddlName(type);
const ddlName = (type: BoundExpression['type']): string => (type.kind === 'int' ? 'int' : ddlTypeName(type));

function literal(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

const isCompound = ({kind}: BoundExpression): boolean =>
  kind === 'binary' || kind === 'between' || kind === 'in' || kind === 'like' || kind === 'is-null' || kind === 'unary' || kind === 'case';
