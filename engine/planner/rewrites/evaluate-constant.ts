import {EvaluationError} from '#engine/base/errors.ts';
import {callScalar} from '#engine/functions/call-scalar.ts';
import type {BinaryOperator} from '#engine/language/ast/expression.ts';
import {add, divide, multiply, negate, remainder, subtract} from '#engine/values/arithmetic.ts';
import {bitAnd, bitOr, bitXor} from '#engine/values/bitwise.ts';
import {equal, greater, greaterOrEqual, less, lessOrEqual, notEqual} from '#engine/values/comparison.ts';
import {narrow, widen} from '#engine/values/int.ts';
import {and, not, or} from '#engine/values/logic.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundExpression, BoundLiteral} from '../bound-expression.ts';
import {childrenOf} from '../bound-walk.ts';

/**
 * The literal a node stands for when everything directly below it is literal, of the node's own type; undefined when it depends on the row,
 * on time or chance, when it fails, or when its value is no scalar.
 */
export function evaluateConstant(node: BoundExpression): BoundLiteral | undefined {
  const compute = computation(node);
  const operands = childrenOf(node);
  if (compute === undefined || !operands.every(operand => operand.kind === 'literal')) return undefined;
  try {
    return literal(compute(operands.map(untyped)), node);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** How a node computes its value from its operands in the untyped form. */
function computation(node: BoundExpression): ((operands: readonly Value[]) => Value) | undefined {
  switch (node.kind) {
    case 'unary':
      return node.operator === 'NOT' ? ([value]) => not(value!) : ([value]) => negate(value!);
    case 'binary':
      return ([left, right]) => binaryOperators[node.operator](left!, right!);
    case 'is-null':
      return ([value]) => (value === null) !== node.negated;
    case 'call':
      return node.definition.pure && !node.definition.usesScope ? values => callScalar(node.definition, values, undefined) : undefined;
    default:
      return undefined;
  }
}

const binaryOperators: Readonly<Record<BinaryOperator, (left: Value, right: Value) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '&': bitAnd,
  '|': bitOr,
  '^': bitXor,
  '=': equal,
  '!=': notEqual,
  '<': less,
  '<=': lessOrEqual,
  '>': greater,
  '>=': greaterOrEqual,
  AND: (left, right) => left !== false && and(left, right),
  OR: (left, right) => left === true || or(left, right),
};

function untyped(operand: BoundExpression): Value {
  const {value, type} = operand as BoundLiteral;
  return type.kind === 'int' && typeof value === 'number' ? widen(value) : value;
}

function literal(value: Value, {type, span}: BoundExpression): BoundLiteral | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  if (type.kind !== 'int') return {kind: 'literal', value, type, span};
  if (typeof value === 'bigint') return {kind: 'literal', value: narrow(value), type, span};
  return value === null || Number.isSafeInteger(value) ? {kind: 'literal', value, type, span} : undefined;
}
