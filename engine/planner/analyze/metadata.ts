import type {Expression} from '#engine/language/ast/expression.ts';
import {any} from '#engine/values/data-type.ts';
import type {BoundMetadata} from '../bound-expression.ts';
import type {ColumnResolver} from './columns.ts';

/**
 * Reads the argument of `meta()` and `mqtt()`: a key or path of keys, optionally after the name of a source; `*` is all of it. Undefined
 * when the argument is not such a path.
 */
export function bindMetadata(node: Expression, columns: ColumnResolver): BoundMetadata | undefined {
  if (node.kind === 'wildcard') {
    if (node.except.length > 0 || node.replace.length > 0) return undefined;
    const source = node.stream === undefined ? undefined : columns.source(node.stream);
    if (node.stream !== undefined && source === undefined) return undefined;
    return {kind: 'metadata', stream: source?.id, path: [], type: any, span: node.span};
  }
  const keys = keysOf(node);
  if (keys === undefined) return undefined;
  const [first, ...rest] = keys;
  const source = rest.length > 0 ? columns.source(first!) : undefined;
  return {kind: 'metadata', stream: source?.id, path: source === undefined ? keys : rest, type: any, span: node.span};
}

function keysOf(node: Expression): string[] | undefined {
  if (node.kind === 'column') return [node.name];
  const target = node.kind === 'member' ? keysOf(node.target) : undefined;
  return node.kind === 'member' && target !== undefined ? [...target, node.name] : undefined;
}
