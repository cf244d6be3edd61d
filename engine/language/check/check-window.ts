import type {Expression} from '../ast/expression.ts';
import type {WindowClause} from '../ast/statement.ts';
import {SyntaxFault} from '../grammar/syntax-fault.ts';

type WindowKind = WindowClause['windowKind'];

/** How each window is written, for hints, and how many arguments it takes, the unit included. */
const forms: Readonly<Record<WindowKind, {readonly example: string; readonly least: number; readonly most: number}>> = {
  tumbling: {example: 'TUMBLINGWINDOW(ss, 10)', least: 2, most: 2},
  hopping: {example: 'HOPPINGWINDOW(ss, 10, 5)', least: 3, most: 3},
  sliding: {example: 'SLIDINGWINDOW(ss, 10) or SLIDINGWINDOW(ss, 10, 5)', least: 2, most: 3},
  session: {example: 'SESSIONWINDOW(ss, 60, 5)', least: 3, most: 3},
  count: {example: 'COUNTWINDOW(5) or COUNTWINDOW(5, 2)', least: 1, most: 2},
  state: {example: 'STATEWINDOW(condition) or STATEWINDOW(begin, emit)', least: 1, most: 2},
};

/** Refuses a window with the wrong number, kinds or values of arguments. */
export function checkWindow({windowKind: kind, arguments: values, span}: WindowClause): void {
  const {example, least, most} = forms[kind];
  const hint = `Write ${example}.`;
  if (values.length < least || values.length > most) {
    const wanted = least === most ? `${least} arguments` : `${least} or ${most} arguments`;
    throw new SyntaxFault(`${kind}window takes ${wanted}, not ${values.length}`, span, hint);
  }
  if (kind === 'state') {
    for (const value of values) refuseUnit(value, hint);
    return;
  }
  const isTimed = kind !== 'count';
  const [first] = values;
  if (isTimed && first!.kind !== 'time-unit') {
    throw new SyntaxFault(`the first argument of ${kind}window is a time unit: dd, hh, mi, ss or ms`, first!.span, hint);
  }
  const lengths = isTimed ? values.slice(1) : values;
  for (const value of lengths) checkLength(value, kind, hint);
  if (kind !== 'count') return;
  const [length, interval] = lengths as Extract<Expression, {kind: 'integer'}>[];
  if (interval !== undefined && interval.value > length!.value) {
    throw new SyntaxFault(
      `the interval ${interval.value} of countwindow is above its length ${length!.value}`,
      interval.span,
      'Use an interval up to the length.',
    );
  }
}

/** A sliding window of no length holds the rows of one moment. */
function checkLength(node: Expression, kind: WindowKind, hint: string): void {
  if (node.kind !== 'integer') throw new SyntaxFault(`the length of ${kind}window must be a whole number`, node.span, hint);
  if (kind === 'sliding' && node.value < 0) throw new SyntaxFault('the length of slidingwindow must not be below 0', node.span);
  if (kind !== 'sliding' && node.value <= 0) throw new SyntaxFault(`the length of ${kind}window must be above 0`, node.span);
  if (typeof node.value === 'bigint') throw new SyntaxFault(`the length ${node.value} is too large`, node.span);
}

function refuseUnit(node: Expression, hint: string): void {
  if (node.kind === 'time-unit') throw new SyntaxFault('statewindow takes conditions, not a time unit', node.span, hint);
}
