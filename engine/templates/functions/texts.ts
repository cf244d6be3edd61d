import {EvaluationError} from '#engine/base/errors.ts';
import {goQuoted} from '#engine/base/go-quote.ts';
import {mapCase} from '#engine/functions/scalar/characters.ts';
import {checkLengthOf} from '../budget.ts';
import {argumentText, type TemplateValue} from '../template-value.ts';
import {define, from, intArgument, type TemplateFamily, textArgument} from './template-function.ts';

/** A letter after the beginning, white space or an ASCII sign other than `_`: what strings.Title takes for a word. */
const wordStart = /(?<![\p{L}\p{N}_]|[^\x00-\x7f\p{White_Space}])\p{L}/gu;

/** Sprig's functions on texts: the text comes last, for pipelines. */
export const textFunctions: TemplateFamily = {
  title: 'Texts',
  functions: {
    upper: define('In capitals.', '{{upper "valve"}}', 1, text => mapCase(textArgument(text), 'upper')),
    lower: define('In small letters.', '{{lower "VALVE"}}', 1, text => mapCase(textArgument(text), 'lower')),
    title: define('Every word with a capital.', '{{title "main valve"}}', 1, text =>
      textArgument(text).replace(wordStart, letter => mapCase(letter, 'upper')),
    ),
    trim: define('Without white space at its ends.', '{{trim "  a  "}}', 1, text => trimmed(textArgument(text), isSpace)),
    trimAll: define(
      'Without the given characters at its ends.',
      '{{trimAll "$-" "$-5-$"}}',
      2,
      (signs, text) => {
        const set = new Set(textArgument(signs));
        return trimmed(textArgument(text), sign => set.has(sign));
      },
      {aliases: ['trimall']},
    ),
    trimPrefix: define('Without a beginning.', '{{trimPrefix "a/" "a/b"}}', 2, (prefix, text) =>
      withoutPrefix(textArgument(text), textArgument(prefix)),
    ),
    trimSuffix: define('Without an end.', '{{trimSuffix "/b" "a/b"}}', 2, (suffix, text) =>
      withoutSuffix(textArgument(text), textArgument(suffix)),
    ),
    nospace: define('Without any white space.', '{{nospace " a b c "}}', 1, text => textArgument(text).replace(/\p{White_Space}+/gu, '')),
    trunc: define('The first bytes; the last for a negative count.', '{{trunc 3 "valve"}}', 2, (count, text) =>
      truncated(textArgument(text), intArgument(count)),
    ),
    substr: define('The bytes from one place up to another.', '{{substr 1 3 "valve"}}', 3, (start, end, text) =>
      substring(textArgument(text), intArgument(start), intArgument(end)),
    ),
    replace: define('Every part that is the first text becomes the second.', '{{replace "." "/" "a.b.c"}}', 3, (old, by, text) =>
      replaced(textArgument(text), textArgument(old), textArgument(by)),
    ),
    repeat: define('The text so many times.', '{{repeat 3 "ab"}}', 2, (count, text) => repeated(textArgument(text), intArgument(count))),
    contains: define('Whether a text has a part.', '{{contains "al" "valve"}}', 2, (part, text) =>
      textArgument(text).includes(textArgument(part)),
    ),
    hasPrefix: define('Whether a text begins so.', '{{hasPrefix "va" "valve"}}', 2, (prefix, text) =>
      textArgument(text).startsWith(textArgument(prefix)),
    ),
    hasSuffix: define('Whether a text ends so.', '{{hasSuffix "ve" "valve"}}', 2, (suffix, text) =>
      textArgument(text).endsWith(textArgument(suffix)),
    ),
    quote: define('Values in double quotes, escaped.', '{{quote "a" 1}}', from(0), (...values) =>
      present(values)
        .map(value => goQuoted(argumentText(value)))
        .join(' '),
    ),
    squote: define('Values in single quotes, not escaped.', '{{squote "a" 1}}', from(0), (...values) =>
      present(values)
        .map(value => `'${argumentText(value)}'`)
        .join(' '),
    ),
    cat: define('Values as text with spaces between.', '{{cat "a" 1 true}}', from(0), (...values) =>
      present(values).map(argumentText).join(' '),
    ),
    indent: define('Every line behind so many spaces.', '{{indent 2 "a\\nb"}}', 2, (count, text) =>
      indented(textArgument(text), intArgument(count)),
    ),
    nindent: define(
      'As `indent`, on a new line.',
      'a:{{nindent 2 "b"}}',
      2,
      (count, text) => `\n${indented(textArgument(text), intArgument(count))}`,
    ),
    wrap: define('In lines of so many bytes; longer words stay whole.', '{{wrap 5 "a bc def"}}', 2, (width, text) =>
      wrapped(textArgument(text), intArgument(width), '\n', false),
    ),
    wrapWith: define(
      'In lines of so many bytes, with a text between; longer words are cut.',
      '{{wrapWith 5 "|" "a bc def"}}',
      3,
      (width, separator, text) => wrapped(textArgument(text), intArgument(width), textArgument(separator), true),
    ),
    abbrev: define('Cut to so many bytes, the last three dots.', '{{abbrev 7 "temperature"}}', 2, (width, text) =>
      abbreviated(textArgument(text), 0, intArgument(width)),
    ),
    abbrevboth: define(
      'Cut at both ends: from a byte on, to so many bytes.',
      '{{abbrevboth 5 10 "1234 5678 9012 3456"}}',
      3,
      (left, width, text) => abbreviated(textArgument(text), intArgument(left), intArgument(width)),
    ),
    plural: define('The first text for 1, else the second.', '{{plural "row" "rows" 2}}', 3, (one, many, count) =>
      count === 1n ? textArgument(one) : textArgument(many),
    ),
    toString: define('A value as text.', '{{toString 21.5}}', 1, argumentText),
  },
};

function isSpace(sign: string): boolean {
  return /\p{White_Space}/u.test(sign);
}

function trimmed(text: string, isTrimmed: (sign: string) => boolean): string {
  const signs = Array.from(text);
  let start = 0;
  let end = signs.length;
  while (start < end && isTrimmed(signs[start]!)) start++;
  while (end > start && isTrimmed(signs[end - 1]!)) end--;
  return signs.slice(start, end).join('');
}

function present(values: readonly TemplateValue[]): readonly TemplateValue[] {
  return values.filter(value => value !== null && value !== undefined);
}

/** An empty `old` stands before, between and after all characters. */
function replaced(text: string, old: string, by: string): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  checkLengthOf(text.length + parts.length * by.length);
  return parts.join(by);
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

/** A negative start is the beginning, a negative or too large end the end. */
function substring(text: string, start: number, end: number): string {
  const bytes = Buffer.from(text);
  const from = Math.max(0, start);
  const to = (end < 0 && start >= 0) || end > bytes.length ? bytes.length : end;
  if (from > to) throw new EvaluationError(`bytes ${start} to ${end} of ${bytes.length} are none`);
  return bytes.toString('utf8', from, to);
}

function repeated(text: string, count: number): string {
  if (count < 0) throw new EvaluationError(`cannot repeat a text ${count} times`);
  checkLengthOf(text.length * count);
  return text.repeat(count);
}

function indented(text: string, count: number): string {
  const lines = text.split('\n');
  const space = repeated(' ', count);
  checkLengthOf(text.length + lines.length * count);
  return lines.map(line => space + line).join('\n');
}

/** A text with a character for every byte of its UTF-8 form, since Go counts those. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

/** Breaks at the last space of a line that would be too long; within a word that is longer than a line, or after it. */
function wrapped(text: string, width: number, separator: string, cutsWords: boolean): string {
  const bytes = toBytes(text);
  const size = Math.max(1, width);
  const between = separator === '' ? '\n' : toBytes(separator);
  const lines: string[] = [];
  let at = 0;
  while (bytes.length - at > size) {
    if (bytes[at] === ' ') {
      at++;
      continue;
    }
    let space = bytes.slice(at, at + size + 1).lastIndexOf(' ');
    if (space < 0 && !cutsWords) {
      const next = bytes.indexOf(' ', at + size);
      if (next < 0) break;
      space = next - at;
    }
    lines.push(bytes.slice(at, at + (space < 0 ? size : space)));
    at += space < 0 ? size : space + 1;
  }
  lines.push(bytes.slice(at));
  checkLengthOf(bytes.length + lines.length * between.length);
  return fromBytes(lines.join(between));
}

const dots = '...';

/** Sprig gives the text back when there is no room for dots. */
function abbreviated(text: string, left: number, width: number): string {
  const bytes = toBytes(text);
  if (width < 4 || (left > 0 && width < 7) || bytes.length <= width) return text;
  const room = width - dots.length;
  const start = Math.min(left, bytes.length, Math.max(left, 0) > bytes.length - room ? bytes.length - room : left);
  if (start <= 4) return fromBytes(bytes.slice(0, room) + dots);
  if (start + room < bytes.length) return fromBytes(`${dots}${bytes.slice(start, start + room - dots.length)}${dots}`);
  return fromBytes(dots + bytes.slice(bytes.length - room));
}
