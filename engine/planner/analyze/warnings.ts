import type {BinaryExpression} from '#engine/language/ast/expression.ts';
import type {BoundExpression} from '../bound-expression.ts';
import type {Problems} from '../problems.ts';
import {certainMismatch, comparisonOperators, nameOf} from './types.ts';

/** Warns of an operator whose operands cannot work or whose answer does not depend on them. */
export function warnOfBinary(node: BinaryExpression, left: BoundExpression, right: BoundExpression, problems: Problems): void {
  if (comparisonOperators.has(node.operator) && (node.left.kind === 'null' || node.right.kind === 'null')) {
    const form = node.operator === '!=' ? 'IS NOT NULL' : 'IS NULL';
    problems.warning(`a comparison with NULL is always false; write ${form}`, node.span);
    return;
  }
  const mismatch = certainMismatch(node.operator, left.type, right.type);
  if (mismatch !== undefined) problems.warning(`${mismatch}: every row without null fails`, node.span);
}

/** Warns of a condition that can be neither true nor false. */
export function warnOfCondition(clause: string, condition: BoundExpression, problems: Problems): void {
  const {kind} = condition.type;
  if (kind === 'any' || kind === 'boolean') return;
  problems.warning(`${clause} needs true or false and gets ${nameOf(condition.type)}: every row fails`, condition.span);
}
