import {boolean} from '#engine/values/data-type.ts';
import type {BoundExpression} from './bound-expression.ts';
import type {Plan} from './plan.ts';
import {referencedSources} from './referenced-sources.ts';

/** The conditions that AND connects, in the order they are evaluated. */
export function conjunctsOf(condition: BoundExpression | undefined): readonly BoundExpression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== 'AND') return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}

/** The conditions as one; undefined for none. */
export function allOf(conditions: readonly BoundExpression[]): BoundExpression | undefined {
  const [first, ...others] = conditions;
  return others.reduce<BoundExpression | undefined>(
    (left, right) => left && {kind: 'binary', operator: 'AND', left, right, type: boolean, span: left.span},
    first,
  );
}

/** An equality of ON: what the rows joined so far give, and what the row that joins gives. */
export interface Equality {
  readonly left: BoundExpression;
  readonly right: BoundExpression;
}

/** The condition as an equality between the row of source `id` and rows of other sources; undefined when it is none. */
export function equalityOf(condition: BoundExpression, id: string, aliases: Plan['aliases']): Equality | undefined {
  if (condition.kind !== 'binary' || condition.operator !== '=') return undefined;
  const isOwn = (node: BoundExpression): boolean => {
    const {ids, isOpen} = referencedSources(node, aliases);
    return !isOpen && ids.size === 1 && ids.has(id);
  };
  const isOther = (node: BoundExpression): boolean => {
    const {ids, isOpen} = referencedSources(node, aliases);
    return !isOpen && ids.size > 0 && !ids.has(id);
  };
  const {left, right} = condition;
  if (isOther(left) && isOwn(right)) return {left, right};
  return isOwn(left) && isOther(right) ? {left: right, right: left} : undefined;
}

/** How a lookup table is asked: for rows whose key columns have these values, of which those that `rest` keeps match. */
export interface LookupCondition {
  readonly keys: readonly string[];
  readonly values: readonly BoundExpression[];
  readonly rest: BoundExpression | undefined;
}

/** Takes the equalities of a column of lookup table `id` and something else out of ON. A second equality of one column is part of the rest. */
export function lookupCondition(on: BoundExpression | undefined, id: string, aliases: Plan['aliases']): LookupCondition {
  const keys: string[] = [];
  const values: BoundExpression[] = [];
  const rest: BoundExpression[] = [];
  for (const condition of conjunctsOf(on)) {
    const found = keyOf(condition, id, aliases);
    if (found === undefined || keys.includes(found.key)) rest.push(condition);
    else {
      keys.push(found.key);
      values.push(found.value);
    }
  }
  return {keys, values, rest: allOf(rest)};
}

function keyOf(condition: BoundExpression, id: string, aliases: Plan['aliases']): {key: string; value: BoundExpression} | undefined {
  if (condition.kind !== 'binary' || condition.operator !== '=') return undefined;
  const {left, right} = condition;
  const isFree = (node: BoundExpression): boolean => !referencedSources(node, aliases).ids.has(id);
  if (left.kind === 'column' && left.stream === id && isFree(right)) return {key: left.name, value: right};
  if (right.kind === 'column' && right.stream === id && isFree(left)) return {key: right.name, value: left};
  return undefined;
}
