import type {Expression, FunctionCall, OverClause} from './expression.ts';
import type {SelectStatement, WindowClause} from './statement.ts';

/** The expressions directly inside `node`, in the order of the text. */
export function children(node: Expression): Expression[] {
  switch (node.kind) {
    case 'member':
      return [node.target];
    case 'element':
      return [node.target, node.index];
    case 'slice':
      return present(node.target, node.from, node.to);
    case 'wildcard':
      return node.replace.map(({expression}) => expression);
    case 'unary':
    case 'is-null':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return node.items === undefined ? present(node.operand, node.set) : [node.operand, ...node.items];
    case 'like':
      return [node.operand, node.pattern];
    case 'case':
      return present(node.operand, ...node.branches.flatMap(({when, then}) => [when, then]), node.otherwise);
    case 'call':
      return childrenOfCall(node);
    default:
      return [];
  }
}

function childrenOfCall({arguments: values, filter, over}: FunctionCall | WindowClause): Expression[] {
  return filter === undefined && over === undefined ? [...values] : [...values, ...present(filter), ...childrenOfOver(over)];
}

function childrenOfOver(over: OverClause | undefined): Expression[] {
  if (over === undefined) return [];
  return [...over.partitionBy, ...over.orderBy.map(({expression}) => expression), ...present(over.when)];
}

/** Visits `node` and everything in it, parents first; what is inside a node is passed over when `visit` returns false. */
export function walkExpression(node: Expression, visit: (node: Expression) => unknown): void {
  if (visit(node) === false) return;
  for (const child of children(node)) walkExpression(child, visit);
}

export type Clause = 'SELECT' | 'ON' | 'WHERE' | 'GROUP BY' | 'HAVING' | 'ORDER BY';

export interface ClauseExpression {
  readonly clause: Clause;
  readonly expression: Expression;
}

/** The outermost expressions of a statement with their clauses, in the order of the text; those of the window count to GROUP BY. */
export function expressionsOf(statement: SelectStatement): ClauseExpression[] {
  const {fields, joins, where, groupBy, window, having, orderBy} = statement;
  const of = (clause: Clause, expressions: readonly Expression[]) => expressions.map(expression => ({clause, expression}));
  return [
    ...of(
      'SELECT',
      fields.map(({expression}) => expression),
    ),
    ...of(
      'ON',
      joins.flatMap(({on}) => present(on)),
    ),
    ...of('WHERE', present(where)),
    ...of('GROUP BY', groupBy),
    ...of('GROUP BY', window === undefined ? [] : childrenOfCall(window)),
    ...of('HAVING', present(having)),
    ...of(
      'ORDER BY',
      orderBy.map(({expression}) => expression),
    ),
  ];
}

function present(...expressions: readonly (Expression | undefined)[]): Expression[] {
  return expressions.filter(expression => expression !== undefined);
}
