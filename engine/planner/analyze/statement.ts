import type {SelectStatement} from '#engine/language/ast/statement.ts';
import type {BoundAggregate, BoundExpression, BoundWindowFunction} from '../bound-expression.ts';
import type {DedupNode, OrderNode, PlanOptions, ProjectedField, ProjectNode, SchemaLookup, WindowSpec} from '../plan.ts';
import {Problems} from '../problems.ts';
import {collectAliases} from './aliases.ts';
import {type PlacedAnalytic, placeAnalytics} from './analytic-sources.ts';
import {Binder, type BoundAlias} from './binder.ts';
import {ColumnResolver} from './columns.ts';
import {bindFields} from './fields.ts';
import {checkHaving} from './grouping.ts';
import {isIncremental} from './incremental.ts';
import {type AnalyzedJoin, bindJoins, checkSourceKinds} from './joins.ts';
import {type ResolvedSource, resolveSources} from './sources.ts';
import {warnOfCondition} from './warnings.ts';
import {windowSpec} from './window.ts';

/** A statement in which every name, call and clause has its meaning. */
export interface AnalyzedStatement {
  readonly sources: readonly ResolvedSource[];
  readonly fields: readonly ProjectedField[];
  readonly aliases: readonly BoundAlias[];
  readonly aggregates: readonly BoundAggregate[];
  readonly joins: readonly AnalyzedJoin[];
  readonly where: BoundExpression | undefined;
  readonly window: {readonly spec: WindowSpec; readonly filter: BoundExpression | undefined} | undefined;
  /** Aggregates of WHERE, over all rows of the window. */
  readonly whereAggregates: readonly BoundAggregate[];
  readonly groupBy: readonly BoundExpression[];
  readonly having: BoundExpression | undefined;
  readonly orderBy: OrderNode['items'];
  readonly analytics: readonly PlacedAnalytic[];
  readonly windowFunctions: readonly BoundWindowFunction[];
  readonly dedup: Omit<DedupNode, 'kind' | 'input'> | undefined;
  readonly expands: ProjectNode['expands'];
  /** Something asks how often HAVING was true. */
  readonly usesAggregateHits: boolean;
  readonly limit: number | undefined;
  readonly distinct: boolean;
  /** Results are groups: there is a grouping item, or an aggregate in SELECT. */
  readonly isAggregate: boolean;
  /** See `isIncremental`. */
  readonly isIncremental: boolean;
  readonly warnings: readonly string[];
}

/** Gives a statement its meaning. Throws one StatementError that tells every mistake with its place. */
export function analyzeStatement(statement: SelectStatement, text: string, lookup: SchemaLookup, options: PlanOptions): AnalyzedStatement {
  const problems = new Problems(text);
  const sources = resolveSources(statement, lookup, problems);
  // Without its sources every column of the statement would be reported too.
  problems.throwIfAny();
  checkSourceKinds(statement, sources, options, problems);

  const columns = new ColumnResolver(sources, lookup, problems);
  const incremental = isIncremental(statement, options);
  const binder = new Binder(columns, collectAliases(statement.fields, columns, problems), problems, incremental);
  const {fields, expands, dedup} = bindFields(statement.fields, binder);
  const isAggregate = statement.groupBy.length > 0 || binder.aggregates.length > 0 || binder.usesAggregateHits;
  const joins = bindJoins(statement, sources, binder);
  const where = statement.where && binder.bind(statement.where, {clause: 'WHERE'});
  if (where !== undefined) warnOfCondition('WHERE', where, problems);
  const window = bindWindow(statement, binder, options);
  const groupBy = bindGroupBy(statement, binder);
  const having = statement.having && binder.bind(statement.having, {clause: 'HAVING'});
  if (having !== undefined) {
    warnOfCondition('HAVING', having, problems);
    checkHaving(having, groupBy, binder);
  }
  const orderBy = bindOrderBy(statement, binder);
  checkWindowless(statement, options, binder, expands !== undefined);
  checkHits(statement, isAggregate, binder);
  const analytics = placeAnalytics(binder, sources);
  if (dedup !== undefined && (statement.window !== undefined || isAggregate)) {
    problems.mistake('"dedup_trigger" works on single rows: the statement can have neither a window nor aggregates', dedup.span);
  }
  checkWindowOptions(statement, options, incremental, problems);
  problems.throwIfAny();
  return {
    sources,
    fields,
    aliases: binder.aliases,
    aggregates: binder.aggregates,
    whereAggregates: binder.whereAggregates,
    joins,
    where,
    window,
    groupBy,
    having,
    orderBy,
    analytics,
    windowFunctions: binder.windowFunctions,
    dedup,
    expands,
    usesAggregateHits: binder.usesAggregateHits,
    limit: statement.limit,
    distinct: statement.distinct,
    isAggregate,
    isIncremental: incremental,
    warnings: problems.warnings,
  };
}

function bindWindow({window}: SelectStatement, binder: Binder, options: PlanOptions): AnalyzedStatement['window'] {
  if (window === undefined) return undefined;
  const spec = windowSpec(window, binder, options);
  const filter = window.filter && binder.bind(window.filter, {clause: 'FILTER'});
  if (filter !== undefined) warnOfCondition('FILTER', filter, binder.problems);
  return {spec, filter};
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
function checkWindowless(statement: SelectStatement, options: PlanOptions, {problems, whereAggregates}: Binder, expands: boolean): void {
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
  if (distinct && statement.joins.length === 0)
    problems.mistake('DISTINCT needs a window', span, 'A stream never ends; GROUP BY TUMBLINGWINDOW(ss, 10) bounds what is compared.');
  const [aggregate] = whereAggregates;
  if (aggregate !== undefined) {
    problems.mistake('an aggregate in WHERE needs a window', aggregate.span, 'It is computed over all rows of the window.');
  }
  // Each row of a join gives a collection, as a window does.
  if (statement.joins.length > 0) return;
  const [first] = orderBy;
  if (first !== undefined) problems.warning('ORDER BY has no effect without a window', first.expression.span);
  if (limit !== undefined && limit > 0 && !expands) problems.warning('LIMIT has no effect without a window', span);
  if (having !== undefined) problems.warning('HAVING without a window tests each row as a group of its own', having.span);
}

/**
 * How often a row was a hit: WHERE tells it of single rows, and a window of the condition that opens or triggers it. Elsewhere no condition is
 * about single rows.
 */
function checkHits({window, joins}: SelectStatement, isAggregate: boolean, {hitCalls, problems}: Binder): void {
  if (window === undefined && joins.length === 0 && !isAggregate) return;
  for (const {name, span, clause} of hitCalls) {
    const isCondition = clause === 'FILTER' && (window?.windowKind === 'sliding' || window?.windowKind === 'state');
    if (!isCondition)
      problems.mistake(`${name}() is not allowed in an aggregate query`, span, 'HAVING has last_agg_hit_count() and last_agg_hit_time().');
  }
}

/** Windows that a rule's options rule out. */
function checkWindowOptions({window}: SelectStatement, options: PlanOptions, incremental: boolean, problems: Problems): void {
  if (window === undefined) return;
  const {windowKind, span} = window;
  if (windowKind === 'count' && options.isEventTime && !incremental) {
    problems.mistake(
      'a count window cannot follow event time',
      span,
      'Use a window of time, or set the rule option "isEventTime" to false.',
    );
  }
  if (options.windowVersion === 'v2' && windowKind !== 'sliding' && windowKind !== 'state') {
    problems.mistake(`window version "v2" has no ${windowKind} window`, span, 'Remove the rule option "windowVersion".');
  }
}
