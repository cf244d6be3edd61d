import {Aggregate} from '#engine/operators/aggregate.ts';
import {GroupTable} from '#engine/operators/group-table.ts';
import {Having} from '#engine/operators/having.ts';
import type {Operator, Output, WindowBatch} from '#engine/operators/operator.ts';
import {Order} from '#engine/operators/order.ts';
import {PaneGroups} from '#engine/operators/pane-groups.ts';
import {PanedRows} from '#engine/operators/paned-rows.ts';
import {RowBuffer} from '#engine/operators/row-buffer.ts';
import {RowOrder} from '#engine/operators/row-order.ts';
import {RowSpan} from '#engine/operators/row-span.ts';
import type {ScanTable} from '#engine/operators/scan-table.ts';
import {SingleRows} from '#engine/operators/single-rows.ts';
import type {Firing} from '#engine/operators/window-contents.ts';
import {WindowFilter} from '#engine/operators/window-filter.ts';
import {WindowProject} from '#engine/operators/window-project.ts';
import {WindowRows} from '#engine/operators/window-rows.ts';
import type {FilterNode, WindowNode} from '#engine/planner/plan.ts';
import {rowOrderOf} from '#engine/planner/row-order.ts';
import {windowHolding} from '#engine/planner/window-holding.ts';
import {projectedOutput, projectLimit} from './compile-expand.ts';
import {compileJoin} from './compile-join.ts';
import {windowFuncStage} from './compile-numbering.ts';
import {type CompileParts, type Stages, swallowInto, withFilters} from './compile-rows.ts';
import {compileRowKeys} from './row-order-code.ts';
import {usesAggregateHits} from './uses-hits.ts';
import {compileWindowFilter} from './window-filter-code.ts';
import {type WindowOperator, windowOperator} from './window-operator.ts';
import {compileWindowProgram} from './window-program.ts';

/** A window's rule, upstream first; `window` is among the stages. */
export interface WindowStages {
  readonly stages: Stages;
  /** Undefined where each row is joined by itself. */
  readonly window: WindowOperator | undefined;
  /** The rows of scan tables by their place. */
  readonly tables: ReadonlyMap<number, ScanTable>;
}

/**
 * A rule with a window: filters → window → join → groups or rows → HAVING → ORDER BY → SELECT; ORDER BY stands before a single group
 * (`rowOrderOf`). A join without a window is one whose every row is a firing.
 *
 * What the window keeps (`windowHolding`) decides what stands behind it: accumulators and panes are the groups of a firing, rows are
 * filtered and grouped when it comes.
 */
export function compileWindow(window: WindowNode | undefined, parts: CompileParts): WindowStages {
  const {clauses, facts, nodes, environment} = parts;
  const {project: projectNode, where, having: havingNode, order: orderNode, aggregate: aggregateNode, windowFunc} = clauses;
  const projectCounters = nodes.counters(projectNode)!;
  const whereOfRows = where?.aggregates === undefined ? where : undefined;
  const {program, labels, usesScope} = compileWindowProgram(
    {...clauses, where: whereOfRows},
    facts,
    swallowInto(projectCounters, environment),
  );
  const scope = usesScope ? facts.scope() : undefined;
  const fail = (error: Error) => environment.output.error(error);
  const hits = usesAggregateHits(facts) ? facts.scope().aggregateHits : undefined;
  const output = projectedOutput(projectNode, nodes, environment);
  const project = new WindowProject({
    program,
    labels,
    counters: projectCounters,
    limit: projectLimit(projectNode),
    distinct: projectNode.distinct,
    hits: hits && {live: hits, counts: havingNode === undefined},
    output: {emit: rows => output.collection(rows), fail},
  });
  const tail: Operator<Firing>[] = [project];
  const nextOutput = () => {
    const [next] = tail;
    return {emit: (firing: Firing) => next!.push(firing), fail};
  };
  const rowOrder = rowOrderOf(facts.plan);
  if (orderNode !== undefined && rowOrder === undefined) {
    const descending = orderNode.items.map(item => item.descending);
    const counters = nodes.counters(orderNode)!;
    tail.unshift(new Order({program, labels, counters, output: nextOutput(), descending, label: 'run Order By error: '}));
  }
  if (windowFunc !== undefined) tail.unshift(windowFuncStage(windowFunc, program, nodes.counters(windowFunc)!, nextOutput()));
  if (havingNode !== undefined)
    tail.unshift(new Having({program, labels, hits, counters: nodes.counters(havingNode)!, output: nextOutput()}));
  const shared = {program, labels, scope, filter: whereOfRows && nodes.counters(whereOfRows), output: nextOutput()};
  const counters = aggregateNode && nodes.counters(aggregateNode);
  const isOfTime = ['tumbling', 'hopping', 'sliding'].includes(window?.window.kind ?? '');
  const groups = {
    ...shared,
    isWindow: window !== undefined,
    firesEmpty: isOfTime && clauses.join === undefined && aggregateNode?.groupBy.length === 0 && window?.omitsEmpty !== true,
    counters,
    failures: counters ?? projectCounters,
  };
  const rowStages: Operator<WindowBatch>[] = [
    projectNode.aggregate
      ? new Aggregate(new GroupTable(groups))
      : new WindowRows({...shared, isWindow: window !== undefined, summarizes: aggregateNode !== undefined, failures: projectCounters}),
  ];
  const nextRows = (): Output<WindowBatch> => {
    const [next] = rowStages;
    return {emit: batch => next!.push(batch), fail};
  };
  if (rowOrder !== undefined) {
    const {keys, usesScope: orderUsesScope} = compileRowKeys(rowOrder, facts);
    rowStages.unshift(
      new RowOrder({
        keys,
        descending: rowOrder.items.map(item => item.descending),
        scope: orderUsesScope ? facts.scope() : undefined,
        counters: nodes.counters(rowOrder)!,
        output: nextRows(),
      }),
    );
  }
  if (where?.aggregates !== undefined) {
    const {usesScope: filterUsesScope, ...filter} = compileWindowFilter(where, facts);
    const filterScope = filterUsesScope ? facts.scope() : undefined;
    rowStages.unshift(new WindowFilter({...filter, scope: filterScope, counters: nodes.counters(where)!, output: nextRows()}));
  }
  let tables: WindowStages['tables'] = new Map();
  if (clauses.join !== undefined) {
    const compiled = compileJoin(clauses.join, parts, nextRows());
    rowStages.unshift(compiled.join);
    tables = compiled.tables;
  }
  const [first] = rowStages;
  const takeRows = (batch: WindowBatch): void => first!.push(batch);
  if (window === undefined) return {stages: [new SingleRows(takeRows), ...rowStages, ...tail], window, tables};
  const holding = windowHolding(facts.plan, window);
  const operator = windowOperator(
    window,
    {
      disjoint: () => (holding === 'rows' ? new RowBuffer(takeRows) : new GroupTable(groups)),
      sliding: () => (holding === 'rows' ? new RowSpan(takeRows) : new PaneGroups(groups)),
      rare: () => (holding === 'rows' ? new RowSpan(takeRows) : new PanedRows(new PaneGroups(groups))),
      span: () => new RowSpan(takeRows),
    },
    nodes.counters(window)!,
    parts,
  );
  return {stages: withWindowFilter(window, operator, [...(holding === 'rows' ? rowStages : []), ...tail], parts), window: operator, tables};
}

/** Stands WHERE and the window's own FILTER before it. */
function withWindowFilter(node: WindowNode, window: WindowOperator, rest: readonly Operator<never>[], parts: CompileParts): Stages {
  const {clauses, facts, nodes, environment} = parts;
  const fail = (error: Error) => environment.output.error(error);
  if (node.filter === undefined) return withFilters(clauses.filters, window, {facts, nodes, fail}, rest);
  const own: FilterNode = {kind: 'filter', clause: 'filter', input: node.input, condition: node.filter};
  const withOwn = {
    ...nodes,
    counters: (asked: Parameters<typeof nodes.counters>[0]) => (asked === own ? nodes.windowFilter() : nodes.counters(asked)),
  };
  return withFilters([...clauses.filters, own], window, {facts, nodes: withOwn, fail}, rest);
}
