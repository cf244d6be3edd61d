import {Aggregate} from '#engine/operators/aggregate.ts';
import {CountWindow} from '#engine/operators/count-window.ts';
import {GroupTable} from '#engine/operators/group-table.ts';
import {Having} from '#engine/operators/having.ts';
import type {Batch, Operator, WindowBatch} from '#engine/operators/operator.ts';
import {Order} from '#engine/operators/order.ts';
import {RowBuffer} from '#engine/operators/row-buffer.ts';
import {TumblingWindow} from '#engine/operators/tumbling-window.ts';
import type {Firing, WindowContents} from '#engine/operators/window-contents.ts';
import {WindowProject} from '#engine/operators/window-project.ts';
import {WindowRows} from '#engine/operators/window-rows.ts';
import type {FilterNode, WindowNode} from '#engine/planner/plan.ts';
import {type CompileParts, type Stages, swallowInto, withFilters} from './compile-rows.ts';
import {compileWindowProgram} from './window-program.ts';

/**
 * A rule with a window: filters → window → groups or rows → HAVING → ORDER BY → SELECT.
 *
 * Aggregates over windows that do not overlap are accumulated within the window; no row is kept.
 */
export function compileWindow(window: WindowNode, parts: CompileParts): Stages {
  const {clauses, facts, nodes, environment} = parts;
  const {project: projectNode, where, having: havingNode, order: orderNode, aggregate: aggregateNode} = clauses;
  const projectCounters = nodes.counters(projectNode)!;
  const {program, labels, usesScope} = compileWindowProgram(clauses, facts, swallowInto(projectCounters, environment));
  const scope = usesScope ? facts.scope() : undefined;
  const fail = (error: Error) => environment.output.error(error);
  const project = new WindowProject({
    program,
    labels,
    counters: projectCounters,
    limit: projectNode.limit,
    distinct: projectNode.distinct,
    output: {emit: rows => environment.output.collection(rows), fail},
  });
  const tail: Operator<Firing>[] = [project];
  const nextOutput = () => {
    const [next] = tail;
    return {emit: (firing: Firing) => next!.push(firing), fail};
  };
  if (orderNode !== undefined) {
    const descending = orderNode.items.map(item => item.descending);
    const counters = nodes.counters(orderNode)!;
    tail.unshift(new Order({program, labels, counters, output: nextOutput(), descending, label: 'run Order By error: '}));
  }
  if (havingNode !== undefined) tail.unshift(new Having({program, labels, counters: nodes.counters(havingNode)!, output: nextOutput()}));
  const shared = {program, labels, scope, filter: where && nodes.counters(where), output: nextOutput()};
  const overlaps = window.window.kind === 'count' && window.window.interval < window.window.length;
  const length = window.window.kind === 'count' ? window.window.length : undefined;
  const buffer = (next: Operator<WindowBatch>) => new RowBuffer(length, batch => next.push(batch));
  if (!projectNode.aggregate) {
    const rows = new WindowRows({...shared, summarizes: aggregateNode !== undefined, failures: projectCounters});
    return wire(window, buffer(rows), [rows, ...tail], parts);
  }
  const counters = aggregateNode && nodes.counters(aggregateNode);
  const groups = new GroupTable({
    ...shared,
    isWindow: true,
    firesEmpty: window.window.kind === 'tumbling' && aggregateNode!.groupBy.length === 0,
    counters,
    failures: counters ?? projectCounters,
  });
  if (!overlaps) return wire(window, groups, tail, parts);
  const aggregate = new Aggregate(groups);
  return wire(window, buffer(aggregate), [aggregate, ...tail], parts);
}

function wire(node: WindowNode, contents: WindowContents, tail: readonly Operator<never>[], parts: CompileParts): Stages {
  const {clauses, facts, nodes, environment} = parts;
  const fail = (error: Error) => environment.output.error(error);
  const counters = nodes.counters(node)!;
  const window: Operator<Batch> = (
    node.window.kind === 'tumbling'
      ? new TumblingWindow({...node.window, ...environment, contents, counters})
      : new CountWindow({...node.window, contents, counters})
  ) as Operator<Batch>;
  if (node.filter === undefined) return withFilters(clauses.filters, window, {facts, nodes, fail}, tail);
  const own: FilterNode = {kind: 'filter', clause: 'filter', input: node.input, condition: node.filter};
  const withOwn = {
    ...nodes,
    counters: (asked: Parameters<typeof nodes.counters>[0]) => (asked === own ? nodes.windowFilter() : nodes.counters(asked)),
  };
  return withFilters([...clauses.filters, own], window, {facts, nodes: withOwn, fail}, tail);
}
