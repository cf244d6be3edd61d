import type {
  BinaryOperator,
  CaseExpression,
  Expression,
  FloatLiteral,
  FunctionCall,
  IntegerLiteral,
  OrderItem,
  OverClause,
  Wildcard,
} from './expression.ts';
import type {Span} from './span.ts';
import type {
  ColumnDefinition,
  ColumnType,
  CreateStatement,
  JoinClause,
  SelectField,
  SelectStatement,
  SourceKind,
  SourceOption,
  SourceReference,
  Statement,
  WindowClause,
} from './statement.ts';

/** Factories of the tree: one for each node, the span last. The grammar's actions are calls of them. */

const largestInteger = 2n ** 63n - 1n;
const smallestInteger = -(2n ** 63n);

/** A literal of its digits, with a minus before them or not: a float when there is a point or an exponent. */
export function number(text: string, span: Span): IntegerLiteral | FloatLiteral {
  if (/[.eE]/.test(text)) return {kind: 'float', value: Number(text), text, span};
  // Adding zero makes 0 of −0, which no integer is.
  const value = Number(text) + 0;
  if (Number.isSafeInteger(value)) return integer(value, span);
  if (!Number.isFinite(value) || Math.abs(value) > 1e19) return integer(value < 0 ? smallestInteger : largestInteger, span);
  const exact = BigInt(text);
  return integer(exact > largestInteger ? largestInteger : exact < smallestInteger ? smallestInteger : exact, span);
}

export function integer(value: number | bigint, span: Span): IntegerLiteral {
  return {kind: 'integer', value, span};
}

export function string(value: string, span: Span): Expression {
  return {kind: 'string', value, span};
}

export function boolean(value: boolean, span: Span): Expression {
  return {kind: 'boolean', value, span};
}

export function nullLiteral(span: Span): Expression {
  return {kind: 'null', span};
}

export function timeUnit(word: string, span: Span): Expression {
  return {kind: 'time-unit', unit: word.toLowerCase() as 'dd' | 'hh' | 'mi' | 'ss' | 'ms', span};
}

export function column(name: string, span: Span): Expression {
  return {kind: 'column', name, span};
}

export function member(target: Expression, name: string, operator: '.' | '->', span: Span): Expression {
  return {kind: 'member', target, name, operator, span};
}

export function element(target: Expression, index: Expression, span: Span): Expression {
  return {kind: 'element', target, index, span};
}

export function slice(target: Expression, from: Expression | undefined, to: Expression | undefined, span: Span): Expression {
  return {kind: 'slice', target, from, to, span};
}

export function wildcard(
  stream: string | undefined,
  {except = [], replace = []}: Partial<Pick<Wildcard, 'except' | 'replace'>>,
  span: Span,
): Wildcard {
  return {kind: 'wildcard', stream, except, replace, span};
}

export function unary(operator: '-' | 'NOT', operand: Expression, span: Span): Expression {
  return {kind: 'unary', operator, operand, span};
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression, span: Span): Expression {
  return {kind: 'binary', operator, left, right, span};
}

export function between(operand: Expression, low: Expression, high: Expression, negated: boolean, span: Span): Expression {
  return {kind: 'between', operand, low, high, negated, span};
}

export function inList(operand: Expression, items: readonly Expression[], negated: boolean, span: Span): Expression {
  return {kind: 'in', operand, items, set: undefined, negated, span};
}

export function inSet(operand: Expression, set: Expression, negated: boolean, span: Span): Expression {
  return {kind: 'in', operand, items: undefined, set, negated, span};
}

export function like(operand: Expression, pattern: Expression, negated: boolean, span: Span): Expression {
  return {kind: 'like', operand, pattern, negated, span};
}

export function isNull(operand: Expression, negated: boolean, span: Span): Expression {
  return {kind: 'is-null', operand, negated, span};
}

export function caseOf(
  operand: Expression | undefined,
  branches: CaseExpression['branches'],
  otherwise: Expression | undefined,
  span: Span,
): Expression {
  return {kind: 'case', operand, branches, otherwise, span};
}

export function branch(when: Expression, then: Expression): CaseExpression['branches'][number] {
  return {when, then};
}

export function call(parts: Omit<FunctionCall, 'kind' | 'span'>, span: Span): FunctionCall {
  return {kind: 'call', ...parts, span};
}

export function over(parts: Omit<OverClause, 'span'>, span: Span): OverClause {
  return {...parts, span};
}

export function orderItem(expression: Expression, descending: boolean): OrderItem {
  return {expression, descending};
}

export function selectField(expression: Expression, alias: string | undefined, invisible: boolean, span: Span): SelectField {
  return {expression, alias, invisible, span};
}

export function source(name: string, alias: string | undefined, span: Span): SourceReference {
  return {name, alias, span};
}

export function join(type: JoinClause['type'], joined: SourceReference, on: Expression | undefined, span: Span): JoinClause {
  return {type, source: joined, on, span};
}

export function windowClause(parts: Omit<WindowClause, 'span'>, span: Span): WindowClause {
  return {...parts, span};
}

export function select(parts: Omit<SelectStatement, 'kind' | 'span'>, span: Span): SelectStatement {
  return {kind: 'select', ...parts, span};
}

export function create(
  sourceKind: SourceKind,
  name: string,
  columns: readonly ColumnDefinition[],
  options: readonly SourceOption[],
  span: Span,
): CreateStatement {
  return {kind: 'create', sourceKind, name, columns, options, span};
}

export function columnDefinition(name: string, type: ColumnType, defaultValue: Expression | undefined, span: Span): ColumnDefinition {
  return {name, type, defaultValue, span};
}

export function option(key: string, value: string, span: Span): SourceOption {
  return {key, value, span};
}

export function show(sourceKind: SourceKind, span: Span): Statement {
  return {kind: 'show', sourceKind, span};
}

export function describe(sourceKind: SourceKind, name: string, span: Span): Statement {
  return {kind: 'describe', sourceKind, name, span};
}

export function explain(sourceKind: SourceKind, name: string, span: Span): Statement {
  return {kind: 'explain', sourceKind, name, span};
}

export function drop(sourceKind: SourceKind, name: string, span: Span): Statement {
  return {kind: 'drop', sourceKind, name, span};
}
