import {nearest} from '#engine/base/nearest.ts';
import type {Expression, FunctionCall, OrderItem, OverClause, Wildcard} from '../ast/expression.ts';
import * as factories from '../ast/factories.ts';
import type {Span} from '../ast/span.ts';
import type {ColumnType, SelectStatement, SourceOption, WindowClause} from '../ast/statement.ts';
import {basicTypes, foreignTypes, optionKeys} from './definition-words.ts';
import {SyntaxFault} from './syntax-fault.ts';

/** What the grammar's actions call besides the factories: pieces that are no nodes, and names that must be one of a few. */

type Subscript = {readonly index: Expression} | {readonly from: Expression | undefined; readonly to: Expression | undefined};

type OverTerm =
  | {readonly clause: 'PARTITION BY'; readonly partitionBy: readonly Expression[]; readonly span: Span}
  | {readonly clause: 'ORDER BY'; readonly orderBy: readonly OrderItem[]; readonly span: Span}
  | {readonly clause: 'WHEN'; readonly when: Expression; readonly span: Span};

interface SelectParts extends Omit<SelectStatement, 'kind' | 'span' | 'groupBy' | 'window'> {
  readonly grouping: readonly Expression[];
}

const windowNames: ReadonlyMap<string, WindowClause['windowKind']> = new Map(
  (['tumbling', 'hopping', 'sliding', 'session', 'count', 'state'] as const).map(kind => [`${kind}window`, kind]),
);

/** The kind of window that a call asks for; undefined for a function. */
export function windowKindOf({name}: FunctionCall): WindowClause['windowKind'] | undefined {
  return windowNames.get(name.toLowerCase());
}

function append<T>(list: T[], item: T): T[] {
  list.push(item);
  return list;
}

/** Takes the first window out of the grouping items. */
function select({grouping, ...parts}: SelectParts, span: Span): SelectStatement {
  let window: WindowClause | undefined;
  const groupBy: Expression[] = [];
  for (const item of grouping) {
    const windowKind = item.kind === 'call' ? windowKindOf(item) : undefined;
    if (item.kind !== 'call' || windowKind === undefined) {
      groupBy.push(item);
      continue;
    }
    if (window !== undefined)
      throw new SyntaxFault('a statement has one window', item.span, 'Remove the second one, or use a second rule.');
    if (item.distinct) throw new SyntaxFault('DISTINCT cannot stand in a window', item.span);
    window = factories.windowClause({windowKind, arguments: item.arguments, filter: item.filter, over: item.over}, item.span);
  }
  return factories.select({...parts, groupBy, window}, span);
}

function modifiers(except: Wildcard['except'], replace: Wildcard['replace']): Pick<Wildcard, 'except' | 'replace'> {
  return {except, replace};
}

function replacement(expression: Expression, alias: string): Wildcard['replace'][number] {
  return {expression, alias};
}

function index(value: Expression): Subscript {
  return {index: value};
}

function range(from: Expression | undefined, to: Expression | undefined): Subscript {
  return {from, to};
}

function subscripted(target: Expression, subscript: Subscript, span: Span): Expression {
  return 'index' in subscript
    ? factories.element(target, subscript.index, span)
    : factories.slice(target, subscript.from, subscript.to, span);
}

function partitionBy(expressions: readonly Expression[], span: Span): OverTerm {
  return {clause: 'PARTITION BY', partitionBy: expressions, span};
}

function orderBy(items: readonly OrderItem[], span: Span): OverTerm {
  return {clause: 'ORDER BY', orderBy: items, span};
}

function when(expression: Expression, span: Span): OverTerm {
  return {clause: 'WHEN', when: expression, span};
}

function over(terms: readonly OverTerm[], span: Span): OverClause {
  const seen = new Map<string, OverTerm>();
  for (const term of terms) {
    if (seen.has(term.clause)) throw new SyntaxFault(`${term.clause} stands twice in OVER`, term.span);
    if (term.clause === 'PARTITION BY' && seen.has('ORDER BY')) throw new SyntaxFault('PARTITION BY stands before ORDER BY', term.span);
    seen.set(term.clause, term);
  }
  const merged: {partitionBy?: readonly Expression[]; orderBy?: readonly OrderItem[]; when?: Expression} = Object.assign({}, ...terms);
  return factories.over({partitionBy: merged.partitionBy ?? [], orderBy: merged.orderBy ?? [], when: merged.when}, span);
}

function limit(digits: string, span: Span): number {
  const value = Number(digits);
  if (!/^[0-9]+$/.test(digits)) throw new SyntaxFault(`found "${digits}", expected a whole number after LIMIT`, span);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

const typeList = 'BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, ARRAY(T), STRUCT(name T, …)';

function basicType(name: string, span: Span): ColumnType {
  const word = name.toLowerCase();
  const kind = basicTypes.find(type => type === word);
  if (kind !== undefined) return {kind};
  if (word === 'array') throw new SyntaxFault('ARRAY needs the type of its elements', span, 'Write ARRAY(BIGINT), for example.');
  if (word === 'struct') throw new SyntaxFault('STRUCT needs its fields', span, 'Write STRUCT(name STRING, size BIGINT), for example.');
  throw unknownType(name, span);
}

function arrayType(name: string, elementType: ColumnType, span: Span): ColumnType {
  if (name.toLowerCase() === 'array') return {kind: 'array', element: elementType};
  if (name.toLowerCase() === 'struct') {
    throw new SyntaxFault('a field of STRUCT needs a name and a type', span, 'Write STRUCT(name STRING, size BIGINT), for example.');
  }
  throw parameterised(name, span);
}

function structType(name: string, fields: Extract<ColumnType, {kind: 'struct'}>['fields'], span: Span): ColumnType {
  if (name.toLowerCase() === 'struct') return {kind: 'struct', fields};
  if (name.toLowerCase() === 'array')
    throw new SyntaxFault('ARRAY takes one type without a name', span, 'Write ARRAY(BIGINT), for example.');
  throw parameterised(name, span);
}

function structField(name: string, type: ColumnType): Extract<ColumnType, {kind: 'struct'}>['fields'][number] {
  return {name, type};
}

function parameterised(name: string, span: Span): SyntaxFault {
  const isKnown = basicTypes.some(type => type === name.toLowerCase());
  return isKnown ? new SyntaxFault(`${name.toUpperCase()} takes no type in parentheses`, span) : unknownType(name, span);
}

function unknownType(name: string, span: Span): SyntaxFault {
  const meant = foreignTypes[name.toLowerCase()] ?? nearest(name, [...basicTypes, 'array', 'struct'])?.toUpperCase();
  const hint = meant === undefined ? undefined : `Did you mean ${meant}?`;
  return new SyntaxFault(`unknown type "${name}", expected ${typeList}`, {...span, end: span.start + name.length}, hint);
}

function sourceOption(key: string, value: string, keySpan: Span, span: Span): SourceOption {
  const upper = key.toUpperCase();
  if (optionKeys.some(known => known === upper)) return factories.option(upper, value, span);
  const near = nearest(upper, optionKeys);
  throw new SyntaxFault(
    `unknown option "${key}", expected one of ${optionKeys.join(', ')}`,
    keySpan,
    near === undefined ? undefined : `Did you mean ${near}?`,
  );
}

export const actions = {
  ...factories,
  append,
  select,
  modifiers,
  replacement,
  index,
  range,
  subscripted,
  partitionBy,
  orderBy,
  when,
  over,
  limit,
  basicType,
  arrayType,
  structType,
  structField,
  sourceOption,
};
