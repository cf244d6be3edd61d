import type {Span} from '../ast/span.ts';
import type {Token} from './lexer.ts';
import type {Action, Grammar} from './statement.d.ts';
import {SyntaxFault} from './syntax-fault.ts';

const shift = 1;
const reduce = 2;
/** More open parentheses, CASEs and NOTs than any statement of people has; keeps memory and later recursion bounded. */
const deepestStack = 3000;

/** The token at `index` cannot stand where it stands. */
export class UnexpectedToken extends Error {
  readonly index: number;
  constructor(index: number) {
    super('unexpected token');
    this.index = index;
  }
}

/**
 * Runs the tables over the tokens that `next` gives and `tokens` collects. Unlike the driver that jison generates it reduces in place, so
 * that its time is linear whatever the nesting, and hands spans to the actions as the tree has them.
 */
export function runParser(grammar: Grammar, factories: object, next: () => Token, tokens: Token[]): unknown {
  const {table, defaultActions, productions_: productions, symbols_: symbols, performAction} = grammar;
  const states: number[] = [0];
  const values: unknown[] = [null];
  const spans: Span[] = [startOfText];
  const result: {$: unknown; _$: Span} = {$: undefined, _$: startOfText};
  let token: Token | undefined;
  let symbol = 0;
  for (;;) {
    const state = states[states.length - 1]!;
    let action = defaultActions[state];
    if (action === undefined) {
      if (token === undefined) {
        token = next();
        tokens.push(token);
        symbol = symbols[token.kind]!;
      }
      action = table[state]![symbol] as Action | undefined;
      if (action === undefined) throw new UnexpectedToken(tokens.length - 1);
    }
    const kind = action[0];
    const target = action[1];
    if (kind === shift) {
      states.push(target);
      values.push(token!.value);
      spans.push(token!.span);
      if (states.length > deepestStack)
        throw new SyntaxFault('the statement nests too deeply', token!.span, 'Split it into several streams or fields.');
      token = undefined;
    } else if (kind === reduce) {
      const production = productions[target]!;
      const length = production[1];
      const bottom = states.length - length;
      result.$ = length > 0 ? values[bottom] : undefined;
      result._$ = length > 0 ? cover(spans[bottom]!, spans[spans.length - 1]!) : endOf(spans[spans.length - 1]!);
      const parsed = performAction.call(result, '', 0, 0, factories, target, values, spans);
      if (parsed !== undefined) return parsed;
      states.length = bottom;
      values.length = bottom;
      spans.length = bottom;
      const goto = table[states[bottom - 1]!]![production[0]] as number;
      states.push(goto);
      values.push(result.$);
      spans.push(result._$);
    } else {
      throw new UnexpectedToken(tokens.length - 1);
    }
  }
}

/** The states on the stack once `count` of the tokens are shifted, before anything is reduced on sight of the next. */
export function statesAfter(grammar: Grammar, tokens: readonly Token[], count: number): number[] {
  const states = [0];
  for (const {kind} of tokens.slice(0, count)) step(grammar, states, grammar.symbols_[kind]!);
  return states;
}

/** The names of the terminals that may follow on `states`. */
export function acceptableAfter(grammar: Grammar, states: readonly number[]): Set<string> {
  const names = new Set<string>();
  for (const [symbol, name] of Object.entries(grammar.terminals_)) {
    if (name !== 'error' && step(grammar, [...states], Number(symbol))) names.add(name);
  }
  return names;
}

/** Moves `states` over one token; false when it does not fit, `states` being spoilt then. */
export function step({table, defaultActions, productions_: productions}: Grammar, states: number[], symbol: number): boolean {
  for (;;) {
    const state = states[states.length - 1]!;
    const action = defaultActions[state] ?? (table[state]![symbol] as Action | undefined);
    if (action === undefined) return false;
    const [kind, target] = action;
    if (kind === shift) {
      states.push(target);
      return true;
    }
    if (kind !== reduce) return false;
    const [left, length] = productions[target]!;
    states.length -= length;
    const goto = table[states[states.length - 1]!]![left];
    if (typeof goto !== 'number') return false;
    states.push(goto);
  }
}

const startOfText: Span = {start: 0, end: 0, line: 1, column: 1};

function cover(first: Span, last: Span): Span {
  return first === last ? first : {start: first.start, end: last.end, line: first.line, column: first.column};
}

function endOf({end, line, column, start}: Span): Span {
  return {start: end, end, line, column: column + end - start};
}
