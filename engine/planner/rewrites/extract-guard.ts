import type {BinaryOperator} from '#engine/language/ast/expression.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {BoundColumn, BoundExpression, BoundLiteral} from '../bound-expression.ts';
import type {Guard, Plan} from '../plan.ts';
import {nodesOf} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';

const mirrored: Readonly<Partial<Record<BinaryOperator, Guard['operator']>>> = {'=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<='};

/**
 * Finds the test by which an index can withhold rows from the rule.
 *
 * Only the condition that is evaluated first on every row qualifies: the leftmost conjunct of the filter right above the source. A row for
 * which it is false or null stops there, without an error and without an effect. Behind anything else an error could hide that the rule
 * must report.
 */
export const extractGuard: Rewrite = {
  name: 'extract-guard',
  summary: 'Rows that fail the first condition of WHERE need not reach the rule.',
  apply: plan => {
    const guard = guardOf(plan);
    return guard === undefined ? plan : {...plan, guard};
  },
};

function guardOf(plan: Plan): Guard | undefined {
  const nodes = nodesOf(plan);
  const lowest = nodes.at(-2);
  if (plan.sources.length !== 1 || lowest?.kind !== 'filter') return undefined;
  const first = firstConjunct(lowest.condition);
  // Alone, a boolean column is the comparison with true; before AND a null would let the rest be evaluated.
  if (first.kind === 'column' && first === lowest.condition) {
    return first.type.kind === 'boolean' || first.type.kind === 'any' ? {column: first.name, operator: '=', constant: true} : undefined;
  }
  if (first.kind !== 'binary') return undefined;
  const operator = mirrored[first.operator] === undefined ? undefined : (first.operator as Guard['operator']);
  if (operator === undefined) return undefined;
  if (first.left.kind === 'column' && first.right.kind === 'literal') return comparison(first.left, operator, first.right);
  if (first.left.kind === 'literal' && first.right.kind === 'column') return comparison(first.right, mirrored[operator]!, first.left);
  return undefined;
}

function firstConjunct(node: BoundExpression): BoundExpression {
  return node.kind === 'binary' && node.operator === 'AND' ? firstConjunct(node.left) : node;
}

function comparison(column: BoundColumn, operator: Guard['operator'], {value}: BoundLiteral): Guard | undefined {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') return undefined;
  // An order of booleans is an error on every row; so is a comparison of types that do not compare.
  if (typeof value === 'boolean' && operator !== '=') return undefined;
  return compares(column.type, value) ? {column: column.name, operator, constant: value} : undefined;
}

function compares({kind}: DataType, value: Guard['constant']): boolean {
  if (kind === 'any') return true;
  if (kind === 'int' || kind === 'float') return typeof value === 'number';
  return typeof value === kind;
}
