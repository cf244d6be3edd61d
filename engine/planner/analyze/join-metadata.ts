import {findFunction} from '#engine/functions/registry.ts';
import {any} from '#engine/values/data-type.ts';
import type {BoundExpression, BoundScalarCall} from '../bound-expression.ts';
import type {ColumnResolver} from './columns.ts';

/**
 * In a join, a call whose metadata key names no source: the value of the first source that has one, as if written
 * `coalesce(meta(a.key), meta(b.key))`. Any other call is left as it is.
 */
export function overSources(call: BoundScalarCall, columns: ColumnResolver): BoundExpression {
  const isUnqualified = (node: BoundExpression): boolean => node.kind === 'metadata' && node.stream === undefined;
  const coalesce = findFunction('coalesce');
  if (!columns.isJoin || !call.arguments.some(isUnqualified) || coalesce?.kind !== 'scalar') return call;
  const forms = columns.ids.map((stream): BoundScalarCall => {
    return {...call, arguments: call.arguments.map(node => (isUnqualified(node) ? {...node, stream} : node) as BoundExpression)};
  });
  return {kind: 'call', definition: coalesce, arguments: forms, type: any, span: call.span};
}
