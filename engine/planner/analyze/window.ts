import type {Expression} from '#engine/language/ast/expression.ts';
import type {WindowClause} from '#engine/language/ast/statement.ts';
import type {CountSpec, TumblingSpec} from '../plan.ts';
import type {Problems} from '../problems.ts';

/** What a window clause asks for; undefined for a kind that cannot run yet (noted). The parser has checked its arguments. */
export function windowSpec(window: WindowClause, problems: Problems): TumblingSpec | CountSpec | undefined {
  warnOfOver(window, problems);
  const [first, second] = window.arguments;
  switch (window.windowKind) {
    case 'tumbling':
      return {kind: 'tumbling', unit: (first as Extract<Expression, {kind: 'time-unit'}>).unit, length: lengthOf(second!)};
    case 'count': {
      const length = lengthOf(first!);
      return {kind: 'count', length, interval: second === undefined ? length : lengthOf(second)};
    }
    default:
      problems.unsupported(`${window.windowKind}-window`, window.span);
      return undefined;
  }
}

function lengthOf(node: Expression): number {
  return Number((node as Extract<Expression, {kind: 'integer'}>).value);
}

/** OVER(WHEN …) has a meaning for sliding windows only, OVER(PARTITION BY …) for state windows only; eKuiper ignores the rest. */
function warnOfOver({over, windowKind}: WindowClause, problems: Problems): void {
  if (over === undefined) return;
  if (over.when !== undefined && windowKind !== 'sliding') problems.warning(`WHEN has no effect on a ${windowKind} window`, over.when.span);
  if (over.partitionBy.length > 0 && windowKind !== 'state') {
    problems.warning(`PARTITION BY has no effect on a ${windowKind} window`, over.span);
  }
}
