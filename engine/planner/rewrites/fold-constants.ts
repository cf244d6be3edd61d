import type {BoundExpression} from '../bound-expression.ts';
import {rewriteBottomUp} from '../bound-walk.ts';
import {mapExpressions} from '../plan-walk.ts';
import {evaluateConstant} from './evaluate-constant.ts';
import type {Rewrite} from './rewrite.ts';
import {isCertainBoolean} from './truth.ts';

/**
 * Computes what does not depend on the row: operators and pure functions of constants, and AND and OR with a constant side.
 *
 * What fails stays as it is and fails for each row, as it would have. A folded node keeps its static type.
 */
export const foldConstants: Rewrite = {
  name: 'fold-constants',
  summary: 'What does not depend on the row is computed once.',
  apply: plan => mapExpressions(plan, expression => rewriteBottomUp(expression, fold)),
};

function fold(node: BoundExpression): BoundExpression {
  const logical = foldLogical(node);
  return logical ?? evaluateConstant(node) ?? node;
}

/**
 * `FALSE AND x` never evaluates x. `TRUE AND x` is x only if x is certainly true or false: of a null AND makes false, of a number an
 * error. `x AND FALSE` stays, since x may fail.
 */
function foldLogical(node: BoundExpression): BoundExpression | undefined {
  if (node.kind !== 'binary' || (node.operator !== 'AND' && node.operator !== 'OR')) return undefined;
  const absorbing = node.operator === 'OR';
  const {left, right} = node;
  if (left.kind === 'literal' && typeof left.value === 'boolean') {
    if (left.value === absorbing) return {...left, type: node.type, span: node.span};
    return isCertainBoolean(right) ? right : undefined;
  }
  const isNeutral = right.kind === 'literal' && right.value === !absorbing;
  return isNeutral && isCertainBoolean(left) ? left : undefined;
}
