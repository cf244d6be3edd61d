import {EvaluationError} from '#engine/base/errors.ts';
import {goQuoted} from '#engine/base/go-quote.ts';
import {mapCase} from '#engine/functions/scalar/characters.ts';
import {checkLength} from '../budget.ts';
import {argumentText, type TemplateValue} from '../template-value.ts';
import {intArgument, listArgument, type TemplateFunction, templateFunction, textArgument, variadic} from './template-function.ts';

/** A letter after the beginning, white space or an ASCII sign other than `_`: what strings.Title takes for a word. */
const wordStart = /(?<![\p{L}\p{N}_]|[^\x00-\x7f\p{White_Space}])\p{L}/gu;

/** Sprig's functions on texts: the text comes last, for pipelines. */
export const textFunctions: Readonly<Record<string, TemplateFunction>> = {
  upper: templateFunction(1, text => mapCase(textArgument(text), 'upper')),
  lower: templateFunction(1, text => mapCase(textArgument(text), 'lower')),
  title: templateFunction(1, text => textArgument(text).replace(wordStart, letter => mapCase(letter, 'upper'))),
  trim: templateFunction(1, text => textArgument(text).trim()),
  trimPrefix: templateFunction(2, (prefix, text) => withoutPrefix(textArgument(text), textArgument(prefix))),
  trimSuffix: templateFunction(2, (suffix, text) => withoutSuffix(textArgument(text), textArgument(suffix))),
  trunc: templateFunction(2, (count, text) => truncated(textArgument(text), intArgument(count))),
  substr: templateFunction(3, (start, end, text) => substring(textArgument(text), intArgument(start), intArgument(end))),
  replace: templateFunction(3, (old, by, text) => replaced(textArgument(text), textArgument(old), textArgument(by))),
  repeat: templateFunction(2, (count, text) => repeated(textArgument(text), intArgument(count))),
  contains: templateFunction(2, (part, text) => textArgument(text).includes(textArgument(part))),
  hasPrefix: templateFunction(2, (prefix, text) => textArgument(text).startsWith(textArgument(prefix))),
  hasSuffix: templateFunction(2, (suffix, text) => textArgument(text).endsWith(textArgument(suffix))),
  quote: variadic(0, (...values) =>
    present(values)
      .map(value => goQuoted(argumentText(value)))
      .join(' '),
  ),
  squote: variadic(0, (...values) =>
    present(values)
      .map(value => `'${argumentText(value)}'`)
      .join(' '),
  ),
  join: templateFunction(2, (separator, list) => texts(list).join(textArgument(separator))),
  splitList: templateFunction(2, (separator, text) => textArgument(text).split(textArgument(separator))),
  sortAlpha: templateFunction(1, list => texts(list).sort()),
  toString: templateFunction(1, argumentText),
};

function present(values: readonly TemplateValue[]): readonly TemplateValue[] {
  return values.filter(value => value !== null && value !== undefined);
}

/** The elements as texts; a single value is a list of its own. */
function texts(list: TemplateValue): string[] {
  const items: readonly TemplateValue[] = Array.isArray(list) ? listArgument(list) : [list];
  return present(items).map(argumentText);
}

/** An empty `old` stands before, between and after all characters. */
function replaced(text: string, old: string, by: string): string {
  if (old === '') return ['', ...text, ''].join(by);
  return text.split(old).join(by);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function withoutSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

/** Counts bytes, as Go does; a negative count keeps the end. */
function truncated(text: string, count: number): string {
  const bytes = Buffer.from(text);
  if (count < 0) return -count > bytes.length ? text : bytes.toString('utf8', bytes.length + count);
  return count > bytes.length ? text : bytes.toString('utf8', 0, count);
}

function substring(text: string, start: number, end: number): string {
  const bytes = Buffer.from(text);
  if (start < 0) return bytes.toString('utf8', 0, Math.max(0, end));
  return bytes.toString('utf8', start, end < 0 || end > bytes.length ? bytes.length : end);
}

function repeated(text: string, count: number): string {
  if (count < 0) throw new EvaluationError(`cannot repeat a text ${count} times`);
  // Before it is made: the time and memory are what the limit is for.
  if (text.length * count > 16 * 1024 * 1024) checkLength(' '.repeat(16 * 1024 * 1024 + 1));
  return text.repeat(count);
}
