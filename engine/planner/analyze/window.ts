import type {Expression} from '#engine/language/ast/expression.ts';
import type {WindowClause} from '#engine/language/ast/statement.ts';
import type {PlanOptions, TimeUnit, WindowSpec} from '../plan.ts';
import type {Problems} from '../problems.ts';
import type {Binder} from './binder.ts';

/** What a window clause asks for. The parser has checked its arguments. */
export function windowSpec(window: WindowClause, binder: Binder, options: PlanOptions): WindowSpec {
  warnOfOver(window, binder.problems);
  const [first, second, third] = window.arguments;
  const bind = (node: Expression) => binder.bind(node, {clause: 'FILTER'});
  const when = window.over?.when && bind(window.over.when);
  const partitionBy = (window.over?.partitionBy ?? []).map(bind);
  switch (window.windowKind) {
    case 'tumbling':
      return {kind: 'tumbling', unit: unitOf(first!), length: lengthOf(second!)};
    case 'hopping':
      return {kind: 'hopping', unit: unitOf(first!), length: lengthOf(second!), hop: lengthOf(third!)};
    case 'sliding': {
      const delay = third === undefined ? 0 : lengthOf(third);
      return {
        kind: 'sliding',
        unit: unitOf(first!),
        length: lengthOf(second!),
        delay,
        when,
        isLeftExclusive: options.windowVersion === 'v2',
        sendsTwice: delay > 0 && options.enableSendSlidingWindowTwice === true,
      };
    }
    case 'session':
      return {kind: 'session', unit: unitOf(first!), length: lengthOf(second!), timeout: lengthOf(third!)};
    case 'count': {
      const length = lengthOf(first!);
      return {kind: 'count', length, interval: second === undefined ? length : lengthOf(second)};
    }
    case 'state':
      return {kind: 'state', begin: bind(first!), emit: second && bind(second), partitionBy};
  }
}

function unitOf(node: Expression): TimeUnit {
  return (node as Extract<Expression, {kind: 'time-unit'}>).unit;
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
