import type {BoundAggregate, BoundAnalytic, BoundExpression} from './bound-expression.ts';

/**
 * A text that two expressions share exactly when they compute the same thing: structure, names and types, without positions. Calls of
 * functions that are not pure are the same only as the same call.
 */
export function expressionKey(node: BoundExpression | BoundAggregate | BoundAnalytic): string {
  return JSON.stringify(node, function (this: Record<string, unknown>, key: string, value: unknown) {
    if (key === 'span') return undefined;
    if (key === 'definition') {
      const {name, kind, pure} = value as {name: string; kind: string; pure?: boolean};
      return kind === 'scalar' && pure === false ? `${name}@${(this['span'] as {start: number}).start}` : name;
    }
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}
