import {outputColumns} from '../analyze/fields.ts';
import type {AnalyzedStatement} from '../analyze/statement.ts';
import {allOf} from '../join-condition.ts';
import type {Plan, PlanNode, PlanOptions, SourceNode, TimestampColumn} from '../plan.ts';
import {planJoins} from './join-plan.ts';

/**
 * Builds the tree in the order of evaluation: source, watermark, WHERE or window, aggregates, HAVING, ORDER BY, projection.
 *
 * In processing time WHERE stands before tumbling, hopping, session and state windows: windows of time fire even when every row was
 * dropped, sessions are not extended by rows that are. It stands after count and sliding windows, which count rows and are triggered by
 * rows that WHERE drops later; after every window in event time; and after any window when it holds an aggregate. Analytic functions stand
 * before it in every case: they see the rows that WHERE drops.
 */
export function buildPlan(statement: AnalyzedStatement, options: PlanOptions): Plan {
  const sources = statement.sources.map(
    ({stream, id, kind, isLookup, schema, options: declared}): SourceNode => ({
      kind: 'source',
      stream,
      id,
      sourceKind: kind,
      isLookup,
      retainSize: retainSizeOf(declared),
      schema,
      columns: 'all',
      reads: 'all',
      usesMetadata: options.sendMetaToSink,
      timestamp: options.isEventTime && kind === 'stream' ? timestampOf(declared) : undefined,
    }),
  );
  const joins = statement.joins.length > 0 ? planJoins(statement, sources, whereReachesStreams(statement, options)) : undefined;
  let node: PlanNode = joins?.merge ?? sources[0]!;
  if (options.isEventTime) node = {kind: 'watermark', input: node, lateToleranceMs: options.lateToleranceMs ?? 1000};
  node = withAnalytics(node, statement);
  const {window} = statement;
  if (window === undefined) {
    if (joins === undefined) node = filtered(node, statement);
    if (statement.dedup !== undefined) node = {kind: 'dedup', input: node, ...statement.dedup};
  } else {
    const isAbove = joins !== undefined || statement.whereAggregates.length > 0 || !whereReachesWindow(statement, options);
    // Behind analytic functions WHERE is one condition with the FILTER of the window, as in eKuiper.
    const isPart = !isAbove && statement.analytics.length > 0;
    node = {
      kind: 'window',
      input: isAbove || isPart ? node : filtered(node, statement),
      window: window.spec,
      filter: allOf([...(isPart && statement.where ? [statement.where] : []), ...(window.filter ? [window.filter] : [])]),
      isEventTime: options.isEventTime,
      omitsEmpty: statement.isIncremental,
    };
    if (isAbove && joins === undefined) node = filtered(node, statement);
  }
  if (joins !== undefined) node = filtered({...joins.join, input: node}, {...statement, where: joins.where});
  if (statement.isAggregate || statement.aggregates.length > 0 || statement.usesAggregateHits) {
    const {groupBy, aggregates, isIncremental} = statement;
    node = {kind: 'aggregate', input: node, groupBy, aggregates, takesLastRow: isIncremental};
  }
  if (statement.having !== undefined) node = {kind: 'having', input: node, condition: statement.having};
  if (statement.windowFunctions.length > 0) node = {kind: 'windowFunc', input: node, functions: statement.windowFunctions};
  if (statement.orderBy.length > 0 && (window !== undefined || joins !== undefined))
    node = {kind: 'order', input: node, items: statement.orderBy};
  return {
    root: {
      kind: 'project',
      input: node,
      fields: statement.fields,
      aggregate: statement.isAggregate,
      limit: statement.limit,
      distinct: statement.distinct,
      expands: statement.expands,
      sendNilField: options.sendNilField,
      sendMeta: options.sendMetaToSink,
    },
    aliases: statement.aliases.map(({name, expression}) => ({name, expression})),
    sources,
    output: outputColumns(statement.fields, statement.sources),
    guard: undefined,
    warnings: statement.warnings,
  };
}

/** Whether WHERE may stand before the window. */
function whereReachesWindow({window}: AnalyzedStatement, options: PlanOptions): boolean {
  if (options.isEventTime) return false;
  return window === undefined || (window.spec.kind !== 'count' && window.spec.kind !== 'sliding');
}

/** Whether WHERE may go to the streams of a join. */
function whereReachesStreams(statement: AnalyzedStatement, options: PlanOptions): boolean {
  if (statement.analytics.length > 0 || !whereReachesWindow(statement, options)) return false;
  return statement.window === undefined || statement.sources.every(({kind, isLookup}) => kind === 'stream' || isLookup);
}

/** RETAIN_SIZE of a table; a file is kept whole, as far as eKuiper keeps one. */
function retainSizeOf(options: ReadonlyMap<string, string>): number {
  const size = Number(options.get('RETAIN_SIZE') ?? 0);
  if (size > 0) return size;
  return (options.get('TYPE') ?? 'file').toLowerCase() === 'file' ? 9999 : 1;
}

function withAnalytics(input: PlanNode, {analytics}: AnalyzedStatement): PlanNode {
  return analytics.length === 0 ? input : {kind: 'analytic', input, analytics};
}

function filtered(input: PlanNode, {where, whereAggregates}: AnalyzedStatement): PlanNode {
  if (where === undefined) return input;
  return {kind: 'filter', clause: 'where', input, condition: where, ...(whereAggregates.length > 0 && {aggregates: whereAggregates})};
}

function timestampOf(options: ReadonlyMap<string, string>): TimestampColumn | undefined {
  const column = options.get('TIMESTAMP');
  return column ? {column, format: options.get('TIMESTAMP_FORMAT') || undefined} : undefined;
}
