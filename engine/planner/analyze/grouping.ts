import type {Span} from '#engine/language/ast/span.ts';
import type {BoundExpression} from '../bound-expression.ts';
import {childrenOf} from '../bound-walk.ts';
import {expressionKey} from '../expression-key.ts';
import type {Binder} from './binder.ts';

/**
 * Reports columns of HAVING that are neither inside an aggregate nor grouped by: such a column has no one value for the group. eKuiper
 * refuses the grouped ones too.
 */
export function checkHaving(having: BoundExpression, groupBy: readonly BoundExpression[], binder: Binder): void {
  const grouped = groupBy.map(item => expand(item, binder));
  const kinds = new Set(grouped.map(item => item.kind));
  const keys = new Set(grouped.map(expressionKey));
  const checkedAliases = new Set<number>();
  // An alias is checked by what it stands for; a mistake is told where the alias is used.
  const check = (node: BoundExpression, place: Span | undefined): void => {
    const expanded = expand(node, binder);
    if (kinds.has(expanded.kind) && keys.has(expressionKey(expanded))) return;
    if (node.kind === 'slot') {
      if (node.of === 'alias' && !checkedAliases.has(node.slot)) {
        checkedAliases.add(node.slot);
        check(binder.aliases[node.slot]!.expression, place ?? node.span);
      }
      return;
    }
    if (node.kind === 'column' || node.kind === 'star') {
      const name = node.kind === 'column' ? `"${node.name}"` : '"*"';
      binder.problems.mistake(
        `column ${name} in HAVING is neither in an aggregate nor in GROUP BY`,
        place ?? node.span,
        'HAVING tests groups; test single rows in WHERE.',
      );
    }
    for (const child of childrenOf(node)) check(child, place);
  };
  check(having, undefined);
}

/** The expression behind an alias, so that a group key and its alias compare equal. */
function expand(node: BoundExpression, binder: Binder): BoundExpression {
  return node.kind === 'slot' && node.of === 'alias' ? expand(binder.aliases[node.slot]!.expression, binder) : node;
}
