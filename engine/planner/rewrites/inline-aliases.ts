import type {BoundExpression} from '../bound-expression.ts';
import {rewriteBottomUp, walk} from '../bound-walk.ts';
import type {Plan} from '../plan.ts';
import {allExpressions, mapExpressions} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';

type AliasSlot = Extract<BoundExpression, {kind: 'slot'}> & {readonly of: 'alias'};

/**
 * Puts the expression of an alias in the place of its slot where that computes nothing twice: it is used once, or it is a column or a
 * constant. What remains in `aliases` is worth a slot.
 */
export const inlineAliases: Rewrite = {
  name: 'inline-aliases',
  summary: 'An alias that is used once, or that renames a column, costs nothing.',
  apply: plan => {
    const uses = countUses(plan);
    const inlined = plan.aliases.map((alias, slot) => isTrivial(alias.expression) || uses[slot]! <= 1);
    if (!inlined.includes(true)) return plan;
    // An alias needs only earlier ones, so that each is already in its final form when a later one takes it in.
    const renumbered: number[] = [];
    const aliases: Plan['aliases'][number][] = [];
    const final: BoundExpression[] = [];
    const replace = (expression: BoundExpression): BoundExpression =>
      rewriteBottomUp(expression, node => {
        if (!isAliasSlot(node)) return node;
        return inlined[node.slot] ? final[node.slot]! : {...node, slot: renumbered[node.slot]!};
      });
    for (const [slot, alias] of plan.aliases.entries()) {
      final[slot] = replace(alias.expression);
      if (!inlined[slot]) renumbered[slot] = aliases.push({name: alias.name, expression: final[slot]}) - 1;
    }
    return {...mapExpressions({...plan, aliases: []}, replace), aliases};
  },
};

/** How often each slot of an alias is read. */
function countUses(plan: Plan): readonly number[] {
  const uses = plan.aliases.map(() => 0);
  for (const expression of allExpressions(plan)) {
    walk(expression, node => {
      if (isAliasSlot(node)) uses[node.slot]!++;
    });
  }
  return uses;
}

const isAliasSlot = (node: BoundExpression): node is AliasSlot => node.kind === 'slot' && node.of === 'alias';
const isTrivial = (node: BoundExpression): boolean =>
  node.kind === 'column' || node.kind === 'literal' || (node.kind === 'slot' && node.of === 'aggregate');
