import {outputColumns} from '../analyze/fields.ts';
import type {AnalyzedStatement} from '../analyze/statement.ts';
import type {Plan, PlanNode, PlanOptions, SourceNode} from '../plan.ts';

/**
 * Builds the tree in the order of evaluation: source, WHERE or window, aggregates, HAVING, ORDER BY, projection.
 *
 * In processing time WHERE stands before a tumbling window, which fires even when every row was dropped, and after a count window, which
 * counts rows that WHERE drops later.
 */
export function buildPlan(statement: AnalyzedStatement, options: PlanOptions): Plan {
  const sources = statement.sources.map(
    ({stream, kind, schema}): SourceNode => ({
      kind: 'source',
      stream,
      sourceKind: kind,
      schema,
      columns: 'all',
      usesMetadata: options.sendMetaToSink,
    }),
  );
  let node: PlanNode = sources[0]!;
  const {where, window} = statement;
  const filter = (input: PlanNode): PlanNode => (where === undefined ? input : {kind: 'filter', clause: 'where', input, condition: where});
  if (window === undefined) {
    node = filter(node);
  } else if (window.spec.kind === 'tumbling') {
    node = {kind: 'window', input: filter(node), window: window.spec, filter: window.filter};
  } else {
    node = filter({kind: 'window', input: node, window: window.spec, filter: window.filter});
  }
  if (statement.isAggregate || statement.aggregates.length > 0) {
    node = {kind: 'aggregate', input: node, groupBy: statement.groupBy, aggregates: statement.aggregates};
  }
  if (statement.having !== undefined) node = {kind: 'having', input: node, condition: statement.having};
  if (statement.orderBy.length > 0 && window !== undefined) node = {kind: 'order', input: node, items: statement.orderBy};
  return {
    root: {
      kind: 'project',
      input: node,
      fields: statement.fields,
      aggregate: statement.isAggregate,
      limit: statement.limit,
      distinct: statement.distinct,
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
