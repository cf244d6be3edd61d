import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {excerpt} from '#engine/language/syntax-error.ts';

/** A template that cannot be read: what was found and expected, and where, with the place marked. */
export class TemplateError extends ArrokothError {
  override readonly name = 'TemplateError';
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;

  /** `start` and `end` are offsets in `text`. */
  constructor(reason: string, text: string, start: number, end: number) {
    const before = text.slice(0, start);
    const line = before.split('\n').length;
    const column = start - before.lastIndexOf('\n');
    super(`${reason} (line ${line}, column ${column})\n${excerpt(text, {start, end, line, column})}`, {code: errorCode.executor});
    this.line = line;
    this.column = column;
  }
}
