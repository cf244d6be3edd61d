import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {boolean, int, string} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {family, optional, param, repeated, scalar} from '../define.ts';
import type {Example, ScalarFunction} from '../function.ts';
import {byteLength, byteOffset, byteSlice, codePoints, mapCase, reverse} from './characters.ts';
import {format} from './format-number.ts';
import {regexpFunctions} from './regexp.ts';

// Arguments are stringified as Go's `%v` does it: concat(1000000.0, '') is "1e+06".

const s = param('s', 'string', 'A text; other values stand for their text.');

/** A function of one text that gives a text. */
function textual(name: string, summary: string, of: (text: string) => string, examples: readonly Example[]): ScalarFunction {
  return scalar({
    name,
    summary,
    params: [s],
    examples,
    returns: string,
    call: (value: Value) => of(toText(value)),
    kernels: [{kinds: ['string'], call: of}],
  });
}

const concat = scalar({
  name: 'concat',
  summary: 'Joins texts; a null counts as an empty one.',
  params: [repeated(param('s', 'any', 'A text; other values stand for their text.'))],
  examples: [
    ["concat('mya', x, 'myb', 'myc')", 'myamybmyc', {x: null}],
    ["concat(x, '°C')", '65.55°C', {x: 65.55}],
  ],
  nullRule: 'seen',
  returns: string,
  call: (...values: readonly Value[]) => {
    let text = '';
    for (const value of values) text += toText(value);
    return text;
  },
});

const startswith = scalar({
  name: 'startswith',
  summary: 'Whether a text begins with another one.',
  params: [s, param('prefix', 'string', 'What it may begin with.')],
  examples: [
    ["startswith('mya', 'my')", true],
    ["startswith(x, 'my')", false, {x: null}],
  ],
  nullRule: 'false',
  returns: boolean,
  call: (text: Value, prefix: Value) => toText(text).startsWith(toText(prefix)),
  kernels: [{kinds: ['string', 'string'], call: (text: string, prefix: string) => text.startsWith(prefix)}],
});

const endswith = scalar({
  name: 'endswith',
  summary: 'Whether a text ends with another one.',
  params: [s, param('suffix', 'string', 'What it may end with.')],
  examples: [["endswith('mya', 'ya')", true]],
  nullRule: 'false',
  returns: boolean,
  call: (text: Value, suffix: Value) => toText(text).endsWith(toText(suffix)),
  kernels: [{kinds: ['string', 'string'], call: (text: string, suffix: string) => text.endsWith(suffix)}],
});

const indexof = scalar({
  name: 'indexof',
  summary: 'Where a text first contains another one, in bytes of UTF-8 from 0; −1 when it does not, or when one is null.',
  params: [s, param('part', 'string', 'What to look for.')],
  examples: [
    ["indexof('mya', 'a')", 2n],
    ["indexof('温度', '度')", 3n],
    ["indexof('mya', 'x')", -1n],
  ],
  nullRule: 'seen',
  returns: int,
  call: (text: Value, part: Value) => (text === null || part === null ? -1 : byteOffset(toText(text), toText(text).indexOf(toText(part)))),
});

const length = scalar({
  name: 'length',
  summary: 'The number of characters (code points) of a text, elements of an array or members of an object; 0 for null.',
  params: [param('x', 'any', 'A text, array or object.')],
  examples: [
    ["length('中国')", 2n],
    ['length(x)', 3n, {x: [1, 2, 3]}],
    ['length(x)', 0n, {x: null}],
  ],
  nullRule: 'zero',
  returns: int,
  call: (value: Value) => {
    if (Array.isArray(value)) return value.length;
    return isRow(value) ? Object.keys(value).length : codePoints(toText(value));
  },
  kernels: [{kinds: ['string'], call: codePoints}],
});

const numbytes = scalar({
  name: 'numbytes',
  summary: 'The number of bytes a text takes in UTF-8; 0 for null.',
  params: [param('s', 'any', 'A text; other values stand for their text.')],
  examples: [["numbytes('中国')", 6n]],
  nullRule: 'zero',
  returns: int,
  call: (value: Value) => byteLength(toText(value)),
});

/** Longer results are refused: one row must not exhaust the memory. */
const mostSpaces = 1_000_000n;

function spaces(count: Value): string {
  const n = toInt(count, 'strict');
  if (n < 0n || n > mostSpaces) throw new EvaluationError(`cannot add ${n} spaces: expected 0 to ${mostSpaces}`);
  return ' '.repeat(Number(n));
}

const spacesToAdd = param('n', 'int', 'How many spaces to add.');

const lpad = scalar({
  name: 'lpad',
  summary: 'Puts `n` spaces before a text, however long it is.',
  params: [s, spacesToAdd],
  examples: [["lpad('NYCNicks', 2)", '  NYCNicks']],
  returns: string,
  call: (text: Value, count: Value) => spaces(count) + toText(text),
});

const rpad = scalar({
  name: 'rpad',
  summary: 'Puts `n` spaces after a text, however long it is.',
  params: [s, spacesToAdd],
  examples: [["rpad('NYCNicks', 3)", 'NYCNicks   ']],
  returns: string,
  call: (text: Value, count: Value) => toText(text) + spaces(count),
});

const split_value = scalar({
  name: 'split_value',
  summary: 'Splits a text and gives one part, counted from 0, or from −1 backwards from the end.',
  params: [s, param('separator', 'string', 'What stands between the parts.'), param('index', 'int', 'Which part.')],
  examples: [
    ["split_value('a/b/c', '/', 0)", 'a'],
    ["split_value('a/b/c', '/', i)", 'c', {i: -1}],
  ],
  // As in eKuiper: counting from the end takes an index that is computed.
  check: ([, , index]) => (typeof index === 'bigint' && index < 0n ? 'the index should not be a negative integer' : undefined),
  returns: string,
  call: (text: Value, separator: Value, index: Value) => {
    const parts = splitText(toText(text), toText(separator));
    const wanted = Number(toInt(index, 'strict'));
    const part = parts[wanted < 0 ? wanted + parts.length : wanted];
    if (part === undefined) throw new EvaluationError(`${wanted} out of index array (size = ${parts.length})`);
    return part;
  },
});

/** An empty separator splits into code points. */
function splitText(text: string, separator: string): readonly string[] {
  return separator === '' ? Array.from(text) : text.split(separator);
}

const substring = scalar({
  name: 'substring',
  summary: 'Part of a text by bytes of UTF-8, from `start` up to, not including, `end`; both count from 0.',
  params: [
    s,
    param('start', 'int', 'Where it begins; beyond the end of the text the result is empty.'),
    optional(param('end', 'int', 'Where it ends; the end of the text when left out.')),
  ],
  examples: [
    ["substring('NYCNicks', 3)", 'Nicks'],
    ["substring('NYCNicks', 3, 5)", 'Ni'],
    ["substring('NYCNicks', 88, 100)", ''],
  ],
  returns: string,
  check: ([, start, end]) => {
    if (isInt(start) && start < 0n) return 'The start index should not be a negative integer.';
    if (isInt(end) && end < 0n) return 'The end index should not be a negative integer.';
    if (isInt(start) && isInt(end) && end < start) return 'The end index should be larger than start index.';
    return undefined;
  },
  call: (text: Value, start: Value, end?: Value) => {
    const from = Number(toInt(start, 'strict'));
    if (from < 0) throw new EvaluationError('start index must be a positive number');
    const to = end === undefined ? Number.POSITIVE_INFINITY : Number(toInt(end, 'strict'));
    if (to < 0) throw new EvaluationError('end index must be a positive number');
    if (from > to) throw new EvaluationError('start index must be smaller than end index');
    return byteSlice(toText(text), from, to);
  },
});

function isInt(value: Value | undefined): value is bigint {
  return typeof value === 'bigint';
}

// What Go takes for space; JavaScript's trim differs in U+0085 and U+FEFF.
const leading = /^\p{White_Space}+/u;
const trailing = /\p{White_Space}$/u;

function trimEnd(text: string): string {
  let end = text.length;
  // Character by character: a pattern anchored at the end alone takes quadratic time on runs of spaces.
  while (end > 0 && trailing.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

export const stringFunctions = family('String functions', [
  concat,
  endswith,
  format,
  indexof,
  length,
  textual('lower', 'A text with its letters in lower case.', text => mapCase(text, 'lower'), [["lower('NYCNicks')", 'nycnicks']]),
  lpad,
  textual('ltrim', 'A text without the white space before it.', text => text.replace(leading, ''), [
    ["ltrim(' \\ttrimme\\n ')", 'trimme\n '],
  ]),
  numbytes,
  ...regexpFunctions,
  textual('reverse', 'A text with its characters (code points) in reverse order.', reverse, [["reverse('abc')", 'cba']]),
  rpad,
  textual('rtrim', 'A text without the white space after it.', trimEnd, [["rtrim(' \\ttrimme\\n ')", ' \ttrimme']]),
  split_value,
  startswith,
  substring,
  textual('trim', 'A text without the white space around it.', text => trimEnd(text.replace(leading, '')), [
    ["trim(' \\ttrimme\\n ')", 'trimme'],
  ]),
  textual('upper', 'A text with its letters in upper case.', text => mapCase(text, 'upper'), [["upper('NYCNicks')", 'NYCNICKS']]),
]);
