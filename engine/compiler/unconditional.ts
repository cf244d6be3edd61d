import type {BoundExpression} from '#engine/planner/bound-expression.ts';
import {childrenOf} from '#engine/planner/bound-walk.ts';

/** The alias slots that evaluating an expression evaluates whatever the row: those no AND, OR or CASE may skip. */
export function unconditionalAliases(
  node: BoundExpression,
  aliases: readonly {readonly expression: BoundExpression}[],
  found = new Set<number>(),
): ReadonlySet<number> {
  if (node.kind === 'slot' && node.of === 'alias' && !found.has(node.slot)) {
    found.add(node.slot);
    unconditionalAliases(aliases[node.slot]!.expression, aliases, found);
  }
  for (const child of alwaysEvaluated(node)) unconditionalAliases(child, aliases, found);
  return found;
}

function alwaysEvaluated(node: BoundExpression): readonly BoundExpression[] {
  if (node.kind === 'binary' && (node.operator === 'AND' || node.operator === 'OR')) return [node.left];
  if (node.kind === 'between') return [node.operand, node.low, node.high];
  if (node.kind === 'in' || node.kind === 'call') return node.kind === 'in' ? [node.operand] : node.arguments;
  if (node.kind === 'case') return [node.operand ?? node.branches[0]!.when];
  return childrenOf(node);
}
