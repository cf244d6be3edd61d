import type {AggregateNode, FilterNode, HavingNode, OrderNode, Plan, ProjectNode, WindowNode} from '#engine/planner/plan.ts';
import {nodesOf} from '#engine/planner/plan-walk.ts';

/** The nodes of a plan by their place. */
export interface Clauses {
  /** Filters below the window, or of a rule without one, upstream first. */
  readonly filters: readonly FilterNode[];
  readonly window: WindowNode | undefined;
  /** WHERE above a window. */
  readonly where: FilterNode | undefined;
  readonly aggregate: AggregateNode | undefined;
  readonly having: HavingNode | undefined;
  readonly order: OrderNode | undefined;
  readonly project: ProjectNode;
}

export function readClauses(plan: Plan): Clauses {
  const filters: FilterNode[] = [];
  let window: WindowNode | undefined;
  let where: FilterNode | undefined;
  let aggregate: AggregateNode | undefined;
  let having: HavingNode | undefined;
  let order: OrderNode | undefined;
  for (const node of nodesOf(plan).toReversed()) {
    switch (node.kind) {
      case 'source':
      case 'project':
        break;
      case 'filter':
        if (window === undefined) filters.push(node);
        else where = node;
        break;
      case 'window':
        window = node;
        break;
      case 'aggregate':
        aggregate = node;
        break;
      case 'having':
        having = node;
        break;
      case 'order':
        order = node;
        break;
    }
  }
  return {filters, window, where, aggregate, having, order, project: plan.root};
}
