import type {Grammar} from './statement.d.ts';

/**
 * The tables of a grammar as one flat array: what state s does with symbol y stands at `s * width + y`. Positive: shift to state n − 1, or the
 * state after a reduction to y; negative: reduce by production −n; zero: y cannot stand here.
 */
export interface Automaton {
  readonly width: number;
  readonly moves: Int16Array;
  /** The production by which a state reduces whatever comes, or 0. */
  readonly reductions: Int16Array;
  readonly productions: Grammar['productions_'];
  readonly symbols: ReadonlyMap<string, number>;
  readonly terminals: readonly (readonly [name: string, symbol: number])[];
}

/** jison's terminal for error recovery, which no production uses: stands for tokens that the grammar does not have. */
const unknownSymbol = 2;

const shift = 1;
const reduce = 2;

export function buildAutomaton({table, defaultActions, productions_, symbols_, terminals_}: Grammar): Automaton {
  const width = Math.max(...Object.values(symbols_)) + 1;
  const moves = new Int16Array(table.length * width);
  const reductions = new Int16Array(table.length);
  for (const [state, row] of table.entries()) {
    const always = defaultActions[state];
    if (always !== undefined) reductions[state] = always[1];
    for (const [symbol, action] of Object.entries(row)) {
      const at = state * width + Number(symbol);
      if (typeof action === 'number') moves[at] = action + 1;
      else if (action[0] === shift) moves[at] = action[1] + 1;
      else if (action[0] === reduce) moves[at] = -action[1];
    }
  }
  const terminals = Object.entries(terminals_)
    .filter(([, name]) => name !== 'error')
    .map(([symbol, name]) => [name, Number(symbol)] as const);
  return {width, moves, reductions, productions: productions_, symbols: new Map(Object.entries(symbols_)), terminals};
}

/** The states on the stack once tokens of these kinds are shifted, before anything is reduced on sight of the next. */
export function statesAfter(automaton: Automaton, kinds: Iterable<string>): number[] {
  const states = [0];
  for (const kind of kinds) step(automaton, states, kind);
  return states;
}

/** The names of the terminals that may follow on `states`, exactly. */
export function acceptableAfter(automaton: Automaton, states: readonly number[]): Set<string> {
  return new Set(automaton.terminals.map(([name]) => name).filter(name => step(automaton, [...states], name)));
}

/** The symbol of a kind of token. */
export function symbolOf({symbols}: Automaton, kind: string): number {
  return symbols.get(kind) ?? unknownSymbol;
}

/** Moves `states` over one token; false when it does not fit, `states` being spoilt then. */
export function step(automaton: Automaton, states: number[], kind: string): boolean {
  const {width, moves, reductions, productions} = automaton;
  const symbol = symbolOf(automaton, kind);
  for (;;) {
    const state = states[states.length - 1]!;
    const move = reductions[state] === 0 ? moves[state * width + symbol]! : -reductions[state]!;
    if (move > 0) {
      states.push(move - 1);
      return true;
    }
    if (move === 0) return false;
    const [left, length] = productions[-move]!;
    states.length -= length;
    const target = moves[states[states.length - 1]! * width + left]!;
    // Production 0 is the whole input: nothing can follow.
    if (target <= 0) return false;
    states.push(target - 1);
  }
}
