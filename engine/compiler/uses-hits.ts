import type {BoundExpression} from '#engine/planner/bound-expression.ts';
import {some} from '#engine/planner/bound-walk.ts';
import {allExpressions} from '#engine/planner/plan-walk.ts';
import type {RuleFacts} from './rule-facts.ts';

/** Whether some expression of the rule asks how often a row was a hit before. */
export function usesHits({plan}: RuleFacts): boolean {
  return allExpressions(plan).some(asksForHits);
}

export function asksForHits(node: BoundExpression): boolean {
  return some(node, part => part.kind === 'call' && part.definition.needs === 'hits');
}

/** Whether some expression of the rule asks how often HAVING was true before. */
export function usesAggregateHits({plan}: RuleFacts): boolean {
  return allExpressions(plan).some(node => some(node, part => part.kind === 'call' && part.definition.needs === 'aggregateHits'));
}
