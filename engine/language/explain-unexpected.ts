import {nearest} from '#engine/base/nearest.ts';
import type {Lexer, Token} from './grammar/lexer.ts';
import {acceptableAfter, statesAfter} from './grammar/lr-parser.ts';
import type {Grammar} from './grammar/statement.d.ts';
import {SyntaxFault} from './grammar/syntax-fault.ts';

/** Says in a few words what the last of `tokens` is and what could stand in its place. */
export function explainUnexpected(grammar: Grammar, text: string, tokens: readonly Token[], _rest: Lexer): SyntaxFault {
  const token = tokens.at(-1)!;
  const expected = acceptableAfter(grammar, statesAfter(grammar, tokens, tokens.length - 1));
  const found = token.kind === 'EOF' ? 'the end' : `"${text.slice(token.span.start, token.span.end)}"`;
  const words = [...expected].filter(word => /^[A-Z]{2,}$/.test(word));
  const near = token.kind === 'IDENT' ? nearest(token.value, words) : undefined;
  return new SyntaxFault(`found ${found}, expected ${[...expected].join(', ')}`, token.span, near && `Did you mean ${near}?`);
}
