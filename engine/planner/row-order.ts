import type {BoundExpression} from './bound-expression.ts';
import {some} from './bound-walk.ts';
import type {OrderNode, Plan} from './plan.ts';
import {nodesOf} from './plan-walk.ts';

/**
 * ORDER BY of an aggregate query without grouping columns: its only group has nothing to be sorted among, so the rows of the window are,
 * before they are aggregated. `collect(a)` then gives a sorted list, and a plain column is that of the first row in this order. Undefined where
 * ORDER BY sorts groups or results.
 */
export function rowOrderOf(plan: Plan): OrderNode | undefined {
  const nodes = nodesOf(plan);
  const order = nodes.find(node => node.kind === 'order');
  const aggregate = nodes.find(node => node.kind === 'aggregate');
  if (order === undefined || aggregate === undefined || !plan.root.aggregate) return undefined;
  if (aggregate.groupBy.length > 0 || aggregate.takesLastRow === true) return undefined;
  const readsAggregate = (expression: BoundExpression): boolean =>
    some(
      expression,
      node =>
        node.kind === 'slot' &&
        (node.of === 'aggregate' ||
          node.of === 'window-function' ||
          (node.of === 'alias' && readsAggregate(plan.aliases[node.slot]!.expression))),
    );
  return order.items.some(({expression}) => readsAggregate(expression)) ? undefined : order;
}
