import {findFunction} from '#engine/functions/registry.ts';
import type {Expression} from '#engine/language/ast/expression.ts';
import {walkExpression} from '#engine/language/ast/walk.ts';

/**
 * The unqualified names an expression mentions as columns, in the order written. The source of `source.column` is not one, nor is the key
 * of `meta(key)`.
 */
export function columnNamesIn(expression: Expression, isSource: (name: string) => boolean): readonly string[] {
  const names: string[] = [];
  walkExpression(expression, node => {
    if (node.kind === 'column') names.push(node.name);
    if (node.kind === 'member') return !(node.operator === '.' && node.target.kind === 'column' && isSource(node.target.name));
    if (node.kind === 'call') return findFunction(node.name)?.params.some(param => param.type === 'reference') !== true;
    return true;
  });
  return names;
}
