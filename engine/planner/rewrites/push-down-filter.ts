import {mapNodes} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';

/**
 * Puts the FILTER of a window below it: a row that fails it never enters the window, exactly as a row that fails a filter upstream. The
 * window then needs no test of its own, and the condition can merge with WHERE and become the guard of the rule.
 *
 * WHERE over a count window stays above: the window counts rows that WHERE drops.
 */
export const pushDownFilter: Rewrite = {
  name: 'push-down-filter',
  summary: 'Rows that the FILTER of a window drops do not reach it.',
  apply: plan =>
    mapNodes(plan, node => {
      if (node.kind !== 'window' || node.filter === undefined) return node;
      return {...node, filter: undefined, input: {kind: 'filter', clause: 'filter', input: node.input, condition: node.filter}};
    }),
};
