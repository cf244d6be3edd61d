import {type Automaton, acceptableAfter, statesAfter, step} from '../grammar/automaton.ts';
import type {Lexer, Token} from '../grammar/lexer.ts';

/** A token that cannot stand where it stands, and what is around it. */
export class Situation {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #rest: Lexer;
  readonly #states: readonly number[];
  #next: Token | 'unread' | undefined = 'unread';
  /** All tokens up to the wrong one, the start token first. */
  readonly tokens: readonly Token[];
  readonly token: Token;
  readonly previous: Token;
  /** The terminals that could stand in its place, exactly. */
  readonly expected: ReadonlySet<string>;

  constructor(automaton: Automaton, text: string, tokens: readonly Token[], rest: Lexer) {
    this.#automaton = automaton;
    this.#text = text;
    this.#rest = rest;
    this.tokens = tokens;
    this.token = tokens.at(-1)!;
    this.previous = tokens.at(-2) ?? this.token;
    this.#states = this.#statesBefore(1);
    this.expected = acceptableAfter(automaton, this.#states);
  }

  /** The token after the wrong one; undefined when it cannot be read. */
  get next(): Token | undefined {
    if (this.#next === 'unread') {
      try {
        this.#next = this.token.kind === 'EOF' ? undefined : this.#rest.next();
      } catch {
        this.#next = undefined;
      }
    }
    return this.#next;
  }

  /** The text of a token as written, cut when it is long. */
  textOf({kind, span}: Token): string {
    if (kind === 'EOF') return 'the end';
    const text = this.#text.slice(span.start, span.end);
    return text.length > 40 ? `${text.slice(0, 39)}…` : text;
  }

  /** The wrong token as messages show it: in quotes, a text in its own. */
  get found(): string {
    const text = this.textOf(this.token);
    return this.token.kind === 'EOF' || this.token.kind === 'STRING' ? text : `"${text}"`;
  }

  /** Which part of a CREATE statement the wrong token stands in; undefined in other statements. */
  get definitionPart(): 'columns' | 'options' | undefined {
    const statement = this.tokens.slice(this.tokens.findLastIndex(({kind}) => kind === ';') + 1, -1);
    if (!statement.some(({kind}) => kind === 'CREATE') || this.openBracket() === undefined) return undefined;
    return statement.some(({kind}) => kind === 'WITH') ? 'options' : 'columns';
  }

  /** Whether `kinds` in place of the wrong token would be right. */
  fits(...kinds: readonly string[]): boolean {
    return this.#fitsOn([...this.#states], kinds);
  }

  /** Whether `kinds` in place of the token before the wrong one would be right. */
  fitsBefore(...kinds: readonly string[]): boolean {
    return this.#fitsOn(this.#statesBefore(2), kinds);
  }

  /** What could stand in place of the token before the wrong one. */
  expectedBefore(): ReadonlySet<string> {
    return acceptableAfter(this.#automaton, this.#statesBefore(2));
  }

  /** The innermost bracket that is open before the wrong token. */
  openBracket(): Token | undefined {
    const open: Token[] = [];
    for (const token of this.tokens.slice(0, -1)) {
      if (token.kind === '(' || token.kind === '[') open.push(token);
      if (token.kind === ')' || token.kind === ']') open.pop();
    }
    return open.at(-1);
  }

  #fitsOn(states: number[], kinds: readonly string[]): boolean {
    return kinds.every(kind => step(this.#automaton, states, kind));
  }

  /** The states before the last `count` tokens. */
  #statesBefore(count: number): number[] {
    return statesAfter(
      this.#automaton,
      this.tokens.slice(0, -count).map(({kind}) => kind),
    );
  }
}
