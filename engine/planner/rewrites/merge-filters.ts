import {boolean} from '#engine/values/data-type.ts';
import type {FilterNode} from '../plan.ts';
import {mapNodes} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';
import {isCertainBoolean} from './truth.ts';

/**
 * Makes one filter of two that follow each other.
 *
 * Only where the lower condition is never null: `null AND x` evaluates `x`, which could fail on a row that the lower filter had dropped.
 * The upper must be boolean too, since a result that is no boolean is one error after WHERE and another under AND.
 */
export const mergeFilters: Rewrite = {
  name: 'merge-filters',
  summary: 'WHERE and the FILTER of a window become one test.',
  apply: plan =>
    mapNodes(plan, node => {
      if (node.kind !== 'filter' || node.input.kind !== 'filter') return node;
      const lower = node.input;
      if (!isCertainBoolean(lower.condition) || !isCertainBoolean(node.condition)) return node;
      const condition: FilterNode['condition'] = {
        kind: 'binary',
        operator: 'AND',
        left: lower.condition,
        right: node.condition,
        type: boolean,
        span: lower.condition.span,
      };
      return {kind: 'filter', clause: 'where', input: lower.input, condition};
    }),
};
