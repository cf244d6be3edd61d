import type {Span} from '../ast/span.ts';

/** What a state does with a token: shift it, reduce by a production, accept. */
export type Action = readonly [kind: 1 | 2 | 3, target: number];

/** What jison makes of statement.jison: LALR tables and the actions of the productions. */
export interface Grammar {
  /** By state and symbol; a bare number is the state after a reduction to that symbol. */
  readonly table: readonly Readonly<Record<number, Action | number>>[];
  /** States that reduce whatever the token. */
  readonly defaultActions: Readonly<Record<number, Action>>;
  /** Left-hand symbol and length of each production. */
  readonly productions_: readonly (readonly [symbol: number, length: number])[];
  readonly symbols_: Readonly<Record<string, number>>;
  readonly terminals_: Readonly<Record<number, string>>;
  /** Runs the action of a production on `this.$` and `this._$`; anything but undefined is the result of the parse. */
  performAction(
    this: {$: unknown; _$: Span},
    text: string,
    length: number,
    line: number,
    factories: object,
    production: number,
    values: readonly unknown[],
    spans: readonly Span[],
  ): unknown;
}

export const parser: Grammar;
