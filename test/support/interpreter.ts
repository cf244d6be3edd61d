import {EvaluationError} from '#engine/base/errors.ts';
import {callScalar} from '#engine/functions/call-scalar.ts';
import type {AggregateFunction, Scope} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {BinaryExpression, BinaryOperator, Expression, FunctionCall} from '#engine/language/ast/expression.ts';
import {add, divide, multiply, negate, remainder, subtract} from '#engine/values/arithmetic.ts';
import {bitAnd, bitOr, bitXor} from '#engine/values/bitwise.ts';
import {equal, greater, greaterOrEqual, less, lessOrEqual, notEqual} from '#engine/values/comparison.ts';
import {like} from '#engine/values/like.ts';
import {and, holds, not, or} from '#engine/values/logic.ts';
import {element, member, ownMember, slice} from '#engine/values/member.ts';
import type {Row, Value} from '#engine/values/value.ts';

/** What an expression is evaluated on: one row, or the rows of a group, of which the first gives the plain columns. */
export interface Surroundings {
  readonly rows: readonly Row[];
  readonly scope: Scope;
}

export const scopeOfExamples: Scope = {
  ruleId: 'rule0',
  ruleStartMs: 1_700_000_000_000,
  metadata: {topic: 'devices/device_001/message', messageid: 7, qos: 1, device: {id: 'd1'}},
  timestamp: 1_700_000_001_000,
  windowStart: null,
  windowEnd: null,
  windowTrigger: null,
  hits: {count: 0, atMs: 0},
  aggregateHits: {count: 0, atMs: 0},
  now: () => 1_700_000_002_000,
  timeZone: 'UTC',
};

/**
 * Walks the syntax tree of an expression: the plainest reading of the language, all values untyped. Runs the examples of functions and is
 * what compiled expressions are compared with.
 */
export function interpret(node: Expression, surroundings: Surroundings): Value {
  const value = (child: Expression): Value => interpret(child, surroundings);
  switch (node.kind) {
    case 'integer':
      return BigInt(node.value);
    case 'float':
    case 'string':
    case 'boolean':
      return node.value;
    case 'null':
      return null;
    case 'column':
      return ownMember(surroundings.rows[0] ?? {}, node.name);
    case 'member':
      return member(value(node.target), node.name);
    case 'element':
      return element(value(node.target), value(node.index));
    case 'slice':
      return slice(value(node.target), node.from && value(node.from), node.to && value(node.to));
    case 'unary':
      return node.operator === 'NOT' ? not(value(node.operand)) : negate(value(node.operand));
    case 'binary':
      return binary(node, value);
    case 'between': {
      const [operand, low, high] = [value(node.operand), value(node.low), value(node.high)];
      if (operand === null || low === null || high === null) return false;
      return (greaterOrEqual(operand, low) && lessOrEqual(operand, high)) !== node.negated;
    }
    case 'in': {
      const set = node.items ? node.items.map(value) : value(node.set!);
      const needle = value(node.operand);
      if (set === null) return node.negated;
      if (needle === null) return false;
      if (!Array.isArray(set)) throw new EvaluationError('IN expects a list');
      return set.some(item => equal(needle, item)) !== node.negated;
    }
    case 'like':
      return like(value(node.operand), value(node.pattern)) !== node.negated;
    case 'is-null':
      return (value(node.operand) === null) !== node.negated;
    case 'case': {
      const operand = node.operand && value(node.operand);
      const branch = node.branches.find(({when}) => (operand === undefined ? holds(value(when)) : equal(operand, value(when))));
      if (branch) return value(branch.then);
      return node.otherwise ? value(node.otherwise) : null;
    }
    case 'call':
      return call(node, surroundings);
    default:
      throw new Error(`the interpreter does not know ${node.kind}`);
  }
}

function binary({operator, left, right}: BinaryExpression, value: (child: Expression) => Value): Value {
  if (operator === 'AND') {
    const first = value(left);
    return first === false ? false : and(first, value(right));
  }
  if (operator === 'OR') {
    const first = value(left);
    return first === true ? true : or(first, value(right));
  }
  return operators[operator](value(left), value(right));
}

const operators: Readonly<Record<Exclude<BinaryOperator, 'AND' | 'OR'>, (left: Value, right: Value) => Value>> = {
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
};

function call(node: FunctionCall, surroundings: Surroundings): Value {
  const definition = findFunction(node.name);
  if (definition?.kind === 'aggregate') return aggregate(definition, node, surroundings);
  if (definition?.kind !== 'scalar') throw new Error(`the interpreter does not know the function ${node.name}`);
  const values = node.arguments.map((argument, i) =>
    definition.params[i]?.type === 'reference' ? pathOf(argument) : interpret(argument, surroundings),
  );
  const result = callScalar(definition, values, surroundings.scope);
  // An int may be given as a safe number.
  return definition.returns([]).kind === 'int' && typeof result === 'number' ? BigInt(result) : result;
}

function aggregate(definition: AggregateFunction, node: FunctionCall, {rows, scope}: Surroundings): Value {
  if (rows.length === 0) return null;
  const [argument, ...rest] = node.arguments;
  const options = rest.map(option => interpret(option, {rows, scope}));
  let state = definition.initial(options);
  for (const row of rows) {
    const star: Value = definition.name === 'count' ? true : row;
    const value = argument === undefined ? null : argument.kind === 'wildcard' ? star : interpret(argument, {rows: [row], scope});
    state = definition.add(state, definition.usesRow ? [value, row] : value, options);
  }
  const result = definition.result(state, options);
  return definition.returns([]).kind === 'int' && typeof result === 'number' ? BigInt(result) : result;
}

function pathOf(node: Expression): string[] {
  if (node.kind === 'wildcard') return [];
  if (node.kind === 'column') return [node.name];
  if (node.kind === 'member') return [...pathOf(node.target), node.name];
  throw new Error('expected the path of a metadata entry');
}
