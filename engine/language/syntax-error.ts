import {ArrokothError, type ErrorCode, errorCode} from '#engine/base/errors.ts';
import type {Span} from './ast/span.ts';

/**
 * A statement that cannot be read or cannot mean anything: one line of what was found and expected, then the offending line of the
 * statement with the place marked.
 */
export class StatementError extends ArrokothError {
  override readonly name = 'StatementError';
  readonly line: number;
  readonly column: number;
  /** The message without position and excerpt. */
  readonly reason: string;
  readonly span: Span;

  constructor(
    reason: string,
    {text, span, code = errorCode.parser, hint}: {text: string; span: Span; code?: ErrorCode; hint?: string | undefined},
  ) {
    super(`${reason} (line ${span.line}, column ${span.column})${hint === undefined ? '' : `. ${hint}`}\n${excerpt(text, span)}`, {
      code,
      hint,
    });
    this.line = span.line;
    this.column = span.column;
    this.reason = reason;
    this.span = span;
  }
}

/** Carets are at most so many: a span may be a whole expression of a megabyte. */
const mostCarets = 60;

/** The line of `text` that holds `span` and a line of carets under the head of the span, cut to some 160 characters around it. */
export function excerpt(text: string, span: Span): string {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const newline = text.indexOf('\n', span.start);
  const lineEnd = newline === -1 ? text.length : newline;
  const from = Math.max(lineStart, span.start - 60);
  const marked = Math.min(Math.max(span.end, span.start), span.start + mostCarets);
  const to = Math.min(lineEnd, marked + 40);
  const width = Math.max(1, Math.min(marked, to) - span.start);
  const cut = from > lineStart ? '…' : '';
  return `  ${cut}${text.slice(from, to).replaceAll('\t', ' ')}${to < lineEnd ? '…' : ''}\n  ${' '.repeat(cut.length + span.start - from)}${'^'.repeat(width)}`;
}
