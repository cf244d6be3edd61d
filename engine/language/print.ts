import type {BinaryOperator, Expression, FunctionCall, OrderItem, OverClause, Wildcard} from './ast/expression.ts';
import type {
  ColumnDefinition,
  ColumnType,
  CreateStatement,
  SelectField,
  SelectStatement,
  SourceReference,
  Statement,
} from './ast/statement.ts';
import {isTopicName} from './grammar/words.ts';
import {printName, printString} from './print-literal.ts';

/**
 * The canonical text of a statement, on one line: keywords in upper case, back-quotes and parentheses only where they are needed or where
 * the original engine wants them. Parsing it gives the same tree, spans apart.
 */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'select':
      return printSelect(statement);
    case 'create':
      return printCreate(statement);
    case 'show':
      return `SHOW ${statement.sourceKind.toUpperCase()}S`;
    default:
      return `${statement.kind.toUpperCase()} ${statement.sourceKind.toUpperCase()} ${printName(statement.name)}`;
  }
}

function printSelect({distinct, fields, from, joins, where, groupBy, window, having, orderBy, limit}: SelectStatement): string {
  const parts = [distinct ? 'SELECT DISTINCT' : 'SELECT', fields.map(printField).join(', '), 'FROM', printSource(from)];
  for (const {type, source, on} of joins) {
    parts.push(type.toUpperCase(), 'JOIN', printSource(source));
    if (on !== undefined) parts.push('ON', printExpression(on));
  }
  if (where !== undefined) parts.push('WHERE', printExpression(where));
  const grouping = groupBy.map(printExpression);
  if (window !== undefined) {
    const {windowKind, arguments: values, filter, over} = window;
    grouping.push(`${windowKind.toUpperCase()}WINDOW(${printList(values)})${printFilter(filter)}${printOver(over, 'window')}`);
  }
  if (grouping.length > 0) parts.push('GROUP BY', grouping.join(', '));
  if (having !== undefined) parts.push('HAVING', printExpression(having));
  if (orderBy.length > 0) parts.push('ORDER BY', printOrder(orderBy));
  if (limit !== undefined) parts.push('LIMIT', String(limit));
  return parts.join(' ');
}

function printField({expression, alias, invisible}: SelectField): string {
  return `${printExpression(expression)}${printAlias(alias)}${invisible ? ' INVISIBLE' : ''}`;
}

function printSource({name, alias}: SourceReference): string {
  return `${isTopicName(name) ? name : printName(name)}${printAlias(alias)}`;
}

function printAlias(alias: string | undefined): string {
  return alias === undefined ? '' : ` AS ${printName(alias)}`;
}

function printCreate({sourceKind, name, columns, options}: CreateStatement): string {
  const settings = options.map(({key, value}) => `${key}=${printString(value, '"')}`);
  return `CREATE ${sourceKind.toUpperCase()} ${printName(name)} (${columns.map(printColumn).join(', ')}) WITH (${settings.join(', ')})`;
}

function printColumn({name, type, defaultValue}: ColumnDefinition): string {
  const fallback = defaultValue === undefined ? '' : ` DEFAULT ${printExpression(defaultValue)}`;
  return `${printName(name)} ${printType(type)}${fallback}`;
}

function printType(type: ColumnType): string {
  if (type.kind === 'array') return `ARRAY(${printType(type.element)})`;
  if (type.kind !== 'struct') return type.kind.toUpperCase();
  return `STRUCT(${type.fields.map(field => `${printName(field.name)} ${printType(field.type)}`).join(', ')})`;
}

/** How tightly the outermost operator of a text binds; an operand below what its place needs gets parentheses. */
const binding = {or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, path: 7, primary: 8} as const;

const operatorBinding: Readonly<Record<BinaryOperator, number>> = {
  OR: binding.or,
  AND: binding.and,
  '=': binding.comparison,
  '!=': binding.comparison,
  '<': binding.comparison,
  '<=': binding.comparison,
  '>': binding.comparison,
  '>=': binding.comparison,
  '+': binding.sum,
  '-': binding.sum,
  '|': binding.sum,
  '^': binding.sum,
  '*': binding.product,
  '/': binding.product,
  '%': binding.product,
  '&': binding.product,
};

function bindingOf(node: Expression): number {
  switch (node.kind) {
    case 'binary':
      return operatorBinding[node.operator];
    case 'between':
    case 'in':
    case 'like':
    case 'is-null':
      return binding.comparison;
    case 'unary':
      return node.operator === 'NOT' ? binding.not : binding.path;
    case 'member':
    case 'element':
    case 'slice':
      return binding.path;
    default:
      return binding.primary;
  }
}

/** The canonical text of an expression. */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'integer':
      return String(node.value);
    case 'float':
      return node.text;
    case 'string':
      return printString(node.value, "'");
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'time-unit':
      return node.unit;
    case 'column':
      return printName(node.name);
    case 'member':
      return `${printTarget(node.target)}${node.operator}${printName(node.name)}`;
    case 'element':
      return `${printTarget(node.target)}[${printExpression(node.index)}]`;
    case 'slice':
      return `${printTarget(node.target)}[${node.from === undefined ? '' : printExpression(node.from)}:${node.to === undefined ? '' : printExpression(node.to)}]`;
    case 'wildcard':
      return printWildcard(node);
    case 'unary':
      return node.operator === 'NOT' ? `NOT ${printAt(node.operand, binding.not)}` : `-${printTarget(node.operand)}`;
    case 'binary':
      return printBinary(node.operator, node.left, node.right);
    case 'between':
      return `${printLeft(node.operand)} ${negate(node.negated)}BETWEEN ${printBound(node.low)} AND ${printBound(node.high)}`;
    case 'in':
      return `${printLeft(node.operand)} ${negate(node.negated)}IN ${node.items === undefined ? printExpression(node.set!) : `(${printList(node.items)})`}`;
    case 'like':
      return `${printLeft(node.operand)} ${negate(node.negated)}LIKE ${printAt(node.pattern, binding.sum)}`;
    case 'is-null':
      return `${printLeft(node.operand)} IS ${negate(node.negated)}NULL`;
    case 'case':
      return printCase(node.operand, node.branches, node.otherwise);
    case 'call':
      return printCall(node);
  }
}

function negate(negated: boolean): string {
  return negated ? 'NOT ' : '';
}

/** `node`, in parentheses when it binds less than its place needs. */
function printAt(node: Expression, needed: number): string {
  const text = printExpression(node);
  return bindingOf(node) < needed ? `(${text})` : text;
}

/** What a comparison applies to. A comparison of a comparison would parse without parentheses and mislead people. */
function printLeft(node: Expression): string {
  return printAt(node, binding.sum);
}

/** The original takes nothing but primaries as bounds of BETWEEN. */
function printBound(node: Expression): string {
  const isQualified = node.kind === 'member' && node.operator === '.' && node.target.kind === 'column';
  return printAt(node, isQualified ? binding.path : binding.primary);
}

/**
 * All binary operators associate to the left. A path to the right of a product stands in parentheses, so that eKuiper, where the path would
 * take the product along, reads the same.
 */
function printBinary(operator: BinaryOperator, left: Expression, right: Expression): string {
  const level = operatorBinding[operator];
  const needsPrimary = level === binding.product && isPath(right);
  const leftText = level === binding.comparison ? printLeft(left) : printAt(left, level);
  return `${leftText} ${operator} ${printAt(right, needsPrimary ? binding.primary : level + 1)}`;
}

function isPath({kind}: Expression): boolean {
  return kind === 'member' || kind === 'element' || kind === 'slice';
}

/** What a path or a minus applies to: a path or a primary. A number would take the minus as its own. */
function printTarget(node: Expression): string {
  const text = printExpression(node);
  const isPlain = isPath(node) || (bindingOf(node) === binding.primary && node.kind !== 'integer' && node.kind !== 'float');
  return isPlain ? text : `(${text})`;
}

function printCase(
  operand: Expression | undefined,
  branches: readonly {readonly when: Expression; readonly then: Expression}[],
  otherwise: Expression | undefined,
): string {
  const parts = ['CASE'];
  if (operand !== undefined) parts.push(printExpression(operand));
  for (const {when, then} of branches) parts.push('WHEN', printExpression(when), 'THEN', printExpression(then));
  if (otherwise !== undefined) parts.push('ELSE', printExpression(otherwise));
  return [...parts, 'END'].join(' ');
}

function printWildcard({stream, except, replace}: Wildcard): string {
  let text = stream === undefined ? '*' : `${printName(stream)}.*`;
  if (except.length > 0) text += ` EXCEPT(${except.map(printName).join(', ')})`;
  if (replace.length > 0)
    text += ` REPLACE(${replace.map(({expression, alias}) => `${printExpression(expression)} AS ${printName(alias)}`).join(', ')})`;
  return text;
}

function printCall({name, arguments: values, distinct, filter, over}: FunctionCall): string {
  return `${printName(name)}(${distinct ? 'DISTINCT ' : ''}${printList(values)})${printFilter(filter)}${printOver(over, 'function')}`;
}

function printFilter(filter: Expression | undefined): string {
  return filter === undefined ? '' : ` FILTER (WHERE ${printExpression(filter)})`;
}

/** The original wants WHEN first in a window, last in a function. */
function printOver(over: OverClause | undefined, owner: 'window' | 'function'): string {
  if (over === undefined) return '';
  const when = over.when === undefined ? [] : [`WHEN ${printExpression(over.when)}`];
  const parts = owner === 'window' ? when : [];
  if (over.partitionBy.length > 0) parts.push(`PARTITION BY ${printList(over.partitionBy)}`);
  if (over.orderBy.length > 0) parts.push(`ORDER BY ${printOrder(over.orderBy)}`);
  if (owner === 'function') parts.push(...when);
  return ` OVER (${parts.join(' ')})`;
}

function printOrder(items: readonly OrderItem[]): string {
  return items.map(({expression, descending}) => `${printExpression(expression)}${descending ? ' DESC' : ''}`).join(', ');
}

function printList(nodes: readonly Expression[]): string {
  return nodes.map(printExpression).join(', ');
}
