import type {Span} from '../ast/span.ts';
import {type Automaton, symbolOf} from './automaton.ts';
import type {Token} from './lexer.ts';
import type {Grammar} from './statement.d.ts';
import {SyntaxFault} from './syntax-fault.ts';

/** More open parentheses, CASEs and NOTs than any statement of people has; keeps memory and later recursion bounded. */
const deepestStack = 3000;

/** The last token cannot stand where it stands. */
export class UnexpectedToken extends Error {}

/**
 * Runs the automaton over the tokens that `next` gives and `tokens` collects. Unlike the driver that jison generates it reduces in place, so
 * that its time is linear whatever the nesting, and hands spans to the actions as the tree has them.
 */
export function runParser(
  automaton: Automaton,
  performAction: Grammar['performAction'],
  factories: object,
  next: () => Token,
  tokens: Token[],
): unknown {
  const {width, moves, reductions, productions} = automaton;
  const states: number[] = [0];
  const values: unknown[] = [undefined];
  const spans: Span[] = [startOfText];
  const result: {$: unknown; _$: Span} = {$: undefined, _$: startOfText};
  let token: Token | undefined;
  let symbol = 0;
  for (;;) {
    const state = states[states.length - 1]!;
    let move = -reductions[state]!;
    if (move === 0) {
      if (token === undefined) {
        token = next();
        tokens.push(token);
        symbol = symbolOf(automaton, token.kind);
      }
      move = moves[state * width + symbol]!;
      if (move === 0) throw new UnexpectedToken();
    }
    if (move > 0) {
      states.push(move - 1);
      values.push(token!.value);
      spans.push(token!.span);
      if (states.length > deepestStack) {
        throw new SyntaxFault('the statement nests too deeply', token!.span, 'Split it into several streams or fields.');
      }
      token = undefined;
      continue;
    }
    const production = productions[-move]!;
    const length = production[1];
    const first = states.length - length;
    result.$ = length > 0 ? values[first] : undefined;
    result._$ = length > 0 ? cover(spans[first]!, spans[spans.length - 1]!) : endOf(spans[spans.length - 1]!);
    const parsed = performAction.call(result, '', 0, 0, factories, -move, values, spans);
    if (parsed !== undefined) return parsed;
    // Popping one by one is several times faster than setting the length.
    for (let i = 0; i < length; i++) {
      states.pop();
      values.pop();
      spans.pop();
    }
    states.push(moves[states[states.length - 1]! * width + production[0]]! - 1);
    values.push(result.$);
    spans.push(result._$);
  }
}

const startOfText: Span = {start: 0, end: 0, line: 1, column: 1};

function cover(first: Span, last: Span): Span {
  return first === last ? first : {start: first.start, end: last.end, line: first.line, column: first.column};
}

function endOf({start, end, line, column}: Span): Span {
  return {start: end, end, line, column: column + end - start};
}
