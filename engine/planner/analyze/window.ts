import type {Expression} from '#engine/language/ast/expression.ts';
import type {WindowClause} from '#engine/language/ast/statement.ts';
import type {CountSpec, TumblingSpec} from '../plan.ts';
import type {Problems} from '../problems.ts';

type WindowKind = WindowClause['windowKind'];

/** How the arguments of each window are written. */
const forms: Readonly<Record<WindowKind, string>> = {
  tumbling: 'TUMBLINGWINDOW(ss, 10)',
  hopping: 'HOPPINGWINDOW(ss, 10, 5)',
  sliding: 'SLIDINGWINDOW(ss, 10) or SLIDINGWINDOW(ss, 10, 5)',
  session: 'SESSIONWINDOW(ss, 60, 5)',
  count: 'COUNTWINDOW(5) or COUNTWINDOW(5, 2)',
  state: 'STATEWINDOW(condition) or STATEWINDOW(begin, emit)',
};

/** How many arguments each window takes, the unit included. */
const argumentCounts: Readonly<Record<WindowKind, readonly [least: number, most: number]>> = {
  tumbling: [2, 2],
  hopping: [3, 3],
  sliding: [2, 3],
  session: [3, 3],
  count: [1, 2],
  state: [1, 2],
};

/** What a window clause asks for; undefined when it is wrong (reported) or of a kind that cannot run yet (noted). */
export function analyzeWindow(window: WindowClause, problems: Problems): TumblingSpec | CountSpec | undefined {
  const {windowKind: kind, arguments: values, span} = window;
  const [least, most] = argumentCounts[kind];
  const hint = `Write ${forms[kind]}.`;
  if (values.length < least || values.length > most) {
    const wanted = least === most ? `${least}` : `${least} or ${most}`;
    const noun = most === 1 ? 'argument' : 'arguments';
    problems.mistake(`${kind}window takes ${wanted} ${noun}, not ${values.length}`, span, hint);
    return undefined;
  }
  warnOfOver(window, problems);
  if (kind === 'state') {
    problems.unsupported('state-window', span);
    return undefined;
  }
  const isTimed = kind !== 'count';
  const [first] = values;
  if (isTimed && first!.kind !== 'time-unit') {
    problems.mistake(`the first argument of ${kind}window is a time unit: dd, hh, mi, ss or ms`, first!.span, hint);
    return undefined;
  }
  const numbers = values
    .slice(isTimed ? 1 : 0)
    .map((value, i) => lengthOf(value, kind, isTimed && kind === 'sliding' && i === 1, problems));
  const [length, second] = numbers;
  if (length === undefined || numbers.includes(undefined)) return undefined;
  if (kind === 'tumbling') return {kind, unit: (first as Extract<Expression, {kind: 'time-unit'}>).unit, length};
  if (kind !== 'count') {
    problems.unsupported(`${kind}-window`, span);
    return undefined;
  }
  const interval = second ?? length;
  if (interval <= length) return {kind, length, interval};
  problems.mistake(
    `the interval ${interval} of countwindow is above its length ${length}`,
    values[1]!.span,
    'Use an interval up to the length.',
  );
  return undefined;
}

function lengthOf(node: Expression, kind: WindowKind, mayBeZero: boolean, problems: Problems): number | undefined {
  if (node.kind !== 'integer') {
    problems.mistake(`the length of ${kind}window must be a whole number`, node.span, `Write ${forms[kind]}.`);
    return undefined;
  }
  if (typeof node.value === 'number' && node.value >= (mayBeZero ? 0 : 1)) return node.value;
  const reason = typeof node.value === 'number' ? `the length of ${kind}window must be above 0` : `the length ${node.value} is too large`;
  problems.mistake(reason, node.span);
  return undefined;
}

/** OVER(WHEN …) has a meaning for sliding windows only, OVER(PARTITION BY …) for state windows only; eKuiper ignores the rest. */
function warnOfOver({over, windowKind}: WindowClause, problems: Problems): void {
  if (over === undefined) return;
  if (over.when !== undefined && windowKind !== 'sliding') problems.warning(`WHEN has no effect on a ${windowKind} window`, over.when.span);
  if (over.partitionBy.length > 0 && windowKind !== 'state')
    problems.warning(`PARTITION BY has no effect on a ${windowKind} window`, over.span);
}
