import type {BoundExpression} from '../bound-expression.ts';

/**
 * Whether an expression gives true or false for every row, or fails; never null, never another type. Comparisons with null are false, and
 * so are AND and OR of null; NOT of null is null.
 */
export function isCertainBoolean(node: BoundExpression): boolean {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'boolean';
    case 'binary':
      return ['=', '!=', '<', '<=', '>', '>=', 'AND', 'OR'].includes(node.operator);
    case 'unary':
      return node.operator === 'NOT' && isCertainBoolean(node.operand);
    case 'between':
    case 'in':
    case 'like':
    case 'is-null':
      return true;
    default:
      return false;
  }
}
