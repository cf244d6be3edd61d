import {findFunction} from '#engine/functions/registry.ts';
import type {Expression} from '#engine/language/ast/expression.ts';

/**
 * The unqualified names an expression mentions as columns, in the order written. The source of `source.column` is not one, nor is the key
 * of `meta(key)`.
 */
export function* columnNamesIn(node: Expression, isSource: (name: string) => boolean): Generator<string> {
  if (node.kind === 'column') yield node.name;
  if (node.kind === 'member' && node.operator === '.' && node.target.kind === 'column' && isSource(node.target.name)) return;
  if (node.kind === 'call' && findFunction(node.name)?.params.some(param => param.type === 'reference')) return;
  for (const child of childrenOf(node)) yield* columnNamesIn(child, isSource);
}

/** The expressions directly below a node of the syntax tree. */
function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'member':
      return [node.target];
    case 'element':
      return [node.target, node.index];
    case 'slice':
      return present([node.target, node.from, node.to]);
    case 'wildcard':
      return node.replace.map(item => item.expression);
    case 'unary':
    case 'is-null':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return present([node.operand, ...(node.items ?? []), node.set]);
    case 'like':
      return [node.operand, node.pattern];
    case 'case':
      return present([node.operand, ...node.branches.flatMap(branch => [branch.when, branch.then]), node.otherwise]);
    case 'call':
      return present([...node.arguments, node.filter, ...(node.over?.partitionBy ?? []), node.over?.when]);
    default:
      return [];
  }
}

function present(list: readonly (Expression | undefined)[]): Expression[] {
  return list.filter(item => item !== undefined);
}
