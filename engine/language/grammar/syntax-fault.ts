import type {Span} from '../ast/span.ts';

/** A mistake in a statement as the lexer, the parser and the factories see it; `parse.ts` makes a StatementError of it. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
  readonly span: Span;
  readonly hint: string | undefined;

  constructor(reason: string, span: Span, hint?: string) {
    super(reason);
    this.span = span;
    this.hint = hint;
  }
}
