import {anyStream, type BoundExpression} from './bound-expression.ts';
import {walk} from './bound-walk.ts';
import type {Plan} from './plan.ts';

/** The sources whose rows an expression reads. `isOpen`: it may read others too: a name that any source may have, a star, an aggregate. */
export interface ReferencedSources {
  readonly ids: ReadonlySet<string>;
  readonly isOpen: boolean;
}

/** Aliases count as what they stand for. */
export function referencedSources(expression: BoundExpression, aliases: Plan['aliases']): ReferencedSources {
  const ids = new Set<string>();
  const seen = new Set<number>();
  let isOpen = false;
  const collect = (node: BoundExpression): void =>
    walk(node, part => {
      switch (part.kind) {
        case 'column':
        case 'star':
        case 'metadata':
          if (part.stream === undefined || part.stream === anyStream) isOpen = true;
          else ids.add(part.stream);
          return;
        case 'slot':
          if (part.of !== 'alias') isOpen = true;
          else if (!seen.has(part.slot)) {
            seen.add(part.slot);
            collect(aliases[part.slot]!.expression);
          }
      }
    });
  collect(expression);
  return {ids, isOpen};
}
