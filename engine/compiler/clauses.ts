import type {
  AggregateNode,
  AnalyticNode,
  DedupNode,
  FilterNode,
  HavingNode,
  JoinNode,
  OrderNode,
  Plan,
  ProjectNode,
  WatermarkNode,
  WindowFuncNode,
  WindowNode,
} from '#engine/planner/plan.ts';
import {nodesOf} from '#engine/planner/plan-walk.ts';

/** The nodes of a plan by their place. */
export interface Clauses {
  /** Below everything but the sources. */
  readonly analytic: AnalyticNode | undefined;
  /** Between WHERE and SELECT of a rule without a window. */
  readonly dedup: DedupNode | undefined;
  readonly windowFunc: WindowFuncNode | undefined;
  /** Filters below the window, or of a rule without one, upstream first. */
  readonly filters: readonly FilterNode[];
  readonly window: WindowNode | undefined;
  /** In event time. */
  readonly watermark: WatermarkNode | undefined;
  /** Its scan tables and steps; the streams stand below the window. */
  readonly join: JoinNode | undefined;
  /** WHERE above a window or a join. */
  readonly where: FilterNode | undefined;
  readonly aggregate: AggregateNode | undefined;
  readonly having: HavingNode | undefined;
  readonly order: OrderNode | undefined;
  readonly project: ProjectNode;
}

export function readClauses(plan: Plan): Clauses {
  const filters: FilterNode[] = [];
  let analytic: AnalyticNode | undefined;
  let dedup: DedupNode | undefined;
  let windowFunc: WindowFuncNode | undefined;
  let window: WindowNode | undefined;
  let watermark: WatermarkNode | undefined;
  let join: JoinNode | undefined;
  let where: FilterNode | undefined;
  let aggregate: AggregateNode | undefined;
  let having: HavingNode | undefined;
  let order: OrderNode | undefined;
  for (const node of nodesOf(plan).toReversed()) {
    switch (node.kind) {
      case 'source':
      case 'merge':
      case 'project':
        break;
      case 'filter':
        if (window === undefined && join === undefined) filters.push(node);
        else where = node;
        break;
      case 'analytic':
        analytic = node;
        break;
      case 'dedup':
        dedup = node;
        break;
      case 'windowFunc':
        windowFunc = node;
        break;
      case 'window':
        window = node;
        break;
      case 'watermark':
        watermark = node;
        break;
      case 'join':
        join = node;
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
  return {analytic, dedup, windowFunc, filters, window, watermark, join, where, aggregate, having, order, project: plan.root};
}
