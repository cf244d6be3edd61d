import type {SelectStatement} from '#engine/language/ast/statement.ts';
import type {BoundAggregate, BoundExpression} from '../bound-expression.ts';
import type {CountSpec, OrderNode, PlanOptions, ProjectedField, SchemaLookup, TumblingSpec} from '../plan.ts';
import {Problems} from '../problems.ts';
import {collectAliases} from './aliases.ts';
import {Binder, type BoundAlias} from './binder.ts';
import {ColumnResolver} from './columns.ts';
import {bindFields} from './fields.ts';
import {checkHaving} from './grouping.ts';
import {type ResolvedSource, resolveSources} from './sources.ts';
import {warnOfCondition} from './warnings.ts';
import {windowSpec} from './window.ts';

/** A statement in which every name, call and clause has its meaning. */
export interface AnalyzedStatement {
  readonly sources: readonly ResolvedSource[];
  readonly fields: readonly ProjectedField[];
  readonly aliases: readonly BoundAlias[];
  readonly aggregates: readonly BoundAggregate[];
  readonly where: BoundExpression | undefined;
  readonly window: {readonly spec: TumblingSpec | CountSpec; readonly filter: BoundExpression | undefined} | undefined;
  readonly groupBy: readonly BoundExpression[];
  readonly having: BoundExpression | undefined;
  readonly orderBy: OrderNode['items'];
  readonly limit: number | undefined;
  readonly distinct: boolean;
  /** Results are groups: there is a grouping item, or an aggregate in SELECT. */
  readonly isAggregate: boolean;
  readonly warnings: readonly string[];
}

/** Gives a statement its meaning. Throws one StatementError that tells every mistake with its place. */
export function analyzeStatement(statement: SelectStatement, text: string, lookup: SchemaLookup, options: PlanOptions): AnalyzedStatement {
  const problems = new Problems(text);
  const sources = resolveSources(statement, lookup, problems);
  // Without its sources every column of the statement would be reported too.
  problems.throwIfAny();
  checkSources(statement, sources, options, problems);

  const columns = new ColumnResolver(sources, lookup, problems);
  const binder = new Binder(columns, collectAliases(statement.fields, columns, problems), problems);
  const fields = bindFields(statement.fields, binder);
  const isAggregate = statement.groupBy.length > 0 || binder.aggregates.length > 0;
  for (const {on} of statement.joins) if (on !== undefined) binder.bind(on, {clause: 'ON'});
  const where = statement.where && binder.bind(statement.where, {clause: 'WHERE'});
  if (where !== undefined) warnOfCondition('WHERE', where, problems);
  const window = bindWindow(statement, binder);
  const groupBy = bindGroupBy(statement, binder);
  const having = statement.having && binder.bind(statement.having, {clause: 'HAVING'});
  if (having !== undefined) {
    warnOfCondition('HAVING', having, problems);
    checkHaving(having, groupBy, binder);
  }
  const orderBy = bindOrderBy(statement, binder);
  checkWindowless(statement, options, binder);
  problems.throwIfAny();
  return {
    sources,
    fields,
    aliases: binder.aliases,
    aggregates: binder.aggregates,
    where,
    window,
    groupBy,
    having,
    orderBy,
    limit: statement.limit,
    distinct: statement.distinct,
    isAggregate,
    warnings: problems.warnings,
  };
}

function checkSources(statement: SelectStatement, sources: readonly ResolvedSource[], options: PlanOptions, problems: Problems): void {
  const [from] = sources;
  if (sources.length === 1 && from!.kind === 'table' && statement.window !== undefined) {
    problems.mistake('a window needs a stream: a table alone cannot be read with one', statement.window.span);
  }
  for (const source of sources) {
    if (source.kind === 'table') problems.unsupported('table', source.reference.span);
    if (options.isEventTime && source.kind === 'stream' && !source.options.get('TIMESTAMP')) {
      const hint = `Declare "${source.stream}" WITH (TIMESTAMP="column"), or set the rule option "isEventTime" to false.`;
      problems.mistake(`event time needs the option TIMESTAMP of stream "${source.stream}"`, source.reference.span, hint);
    }
  }
  if (options.isEventTime) problems.unsupported('event-time', statement.from.span);
  for (const join of statement.joins) problems.unsupported('join', join.span);
}

function bindWindow({window}: SelectStatement, binder: Binder): AnalyzedStatement['window'] {
  if (window === undefined) return undefined;
  const spec = windowSpec(window, binder.problems);
  const filter = window.filter && binder.bind(window.filter, {clause: 'FILTER'});
  if (filter !== undefined) warnOfCondition('FILTER', filter, binder.problems);
  for (const condition of window.windowKind === 'state' ? window.arguments : []) binder.bind(condition, {clause: 'FILTER'});
  for (const item of window.over?.partitionBy ?? []) binder.bind(item, {clause: 'FILTER'});
  if (window.over?.when !== undefined) binder.bind(window.over.when, {clause: 'FILTER'});
  return spec && {spec, filter};
}

function bindGroupBy({groupBy, window}: SelectStatement, binder: Binder): readonly BoundExpression[] {
  if (groupBy.length > 0 && window === undefined) {
    binder.problems.mistake('GROUP BY needs a window', groupBy[0]!.span, 'Add one, for example GROUP BY …, TUMBLINGWINDOW(ss, 10).');
  }
  return groupBy.map(item => binder.bind(item, {clause: 'GROUP BY'}));
}

function bindOrderBy({orderBy}: SelectStatement, binder: Binder): OrderNode['items'] {
  return orderBy.map(({expression, descending}) => ({expression: binder.bind(expression, {clause: 'ORDER BY'}), descending}));
}

/** What a statement without a window cannot do, or does without effect; and what one with a window cannot. */
function checkWindowless(statement: SelectStatement, options: PlanOptions, {problems, tableCalls}: Binder): void {
  const {window, distinct, orderBy, limit, having, span} = statement;
  if (window !== undefined) {
    if (options.sendMetaToSink) {
      problems.mistake(
        'the rule option "sendMetaToSink" does not work with a window',
        window.span,
        'The rows of a window come from several messages.',
      );
    }
    return;
  }
  if (distinct)
    problems.mistake('DISTINCT needs a window', span, 'A stream never ends; GROUP BY TUMBLINGWINDOW(ss, 10) bounds what is compared.');
  const [first] = orderBy;
  if (first !== undefined) problems.warning('ORDER BY has no effect without a window', first.expression.span);
  if (limit !== undefined && limit > 0 && tableCalls === 0) problems.warning('LIMIT has no effect without a window', span);
  if (having !== undefined) problems.warning('HAVING without a window tests each row as a group of its own', having.span);
}
