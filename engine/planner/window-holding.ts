import type {BoundAggregate} from './bound-expression.ts';
import type {AggregateNode, Plan, WindowNode} from './plan.ts';
import {nodesOf} from './plan-walk.ts';
import {rowOrderOf} from './row-order.ts';

/** What a window keeps: the rows, accumulators of each group, or, where windows overlap, accumulators of each group and pane. */
export type WindowHolding = 'rows' | 'accumulators' | 'panes';

/**
 * Rows are kept where they are the result, where a join, a WHERE with aggregates or ORDER BY needs all of them at the firing, and where
 * windows overlap and an aggregate cannot be merged of panes.
 */
export function windowHolding(plan: Plan, {window}: WindowNode): WindowHolding {
  const nodes = nodesOf(plan);
  const needsRows = nodes.some(node => node.kind === 'join' || (node.kind === 'filter' && node.aggregates !== undefined));
  if (!plan.root.aggregate || needsRows || rowOrderOf(plan) !== undefined || plan.sources.length > 1) return 'rows';
  if (!isOverlapping(window)) return 'accumulators';
  if (window.kind === 'sliding' && window.sendsTwice) return 'rows';
  return nodes.every(node => node.kind !== 'aggregate' || canMerge(node)) ? 'panes' : 'rows';
}

function isOverlapping(window: WindowNode['window']): boolean {
  return window.kind === 'hopping' || window.kind === 'sliding' || (window.kind === 'count' && window.interval < window.length);
}

/** Whether groups may be made of panes: every aggregate merges, and keeps a state that does not grow with the rows. */
export function canMerge({aggregates}: AggregateNode): boolean {
  return aggregates.every(mergesPanes);
}

function mergesPanes({definition, distinct}: BoundAggregate): boolean {
  const forms = [definition, ...(definition.kernels ?? [])];
  return !distinct && definition.isBounded === true && forms.every(form => form.merge !== undefined);
}
