import {type Matcher, RE2JS} from 're2js';
import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {boolean, string} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';

// RE2: time is linear in the text, whatever the pattern. No look-around, no back-references.

const s = param('s', 'string', 'A text; other values stand for their text.');
const pattern = param('pattern', 'string', 'A regular expression in RE2 syntax; it matches anywhere unless anchored.');

const compiled = new Map<string, RE2JS>();

/** A pattern ready for use. Most are literals, so that the table stays small; patterns from rows cannot make it grow. */
export function compileExpression(text: string): RE2JS {
  let expression = compiled.get(text);
  if (expression === undefined) {
    try {
      expression = RE2JS.compile(text);
    } catch (thrown) {
      throw new EvaluationError(`"${text}" is no regular expression: ${messageOf(thrown)}`);
    }
    if (compiled.size >= 500) compiled.clear();
    compiled.set(text, expression);
  }
  return expression;
}

const regexp_matches = scalar({
  name: 'regexp_matches',
  summary: 'Whether a regular expression matches somewhere in a text.',
  params: [s, pattern],
  examples: [
    ["regexp_matches('seafood', 'foo.*')", true],
    ["regexp_matches('seafood', '^foo')", false],
  ],
  nullRule: 'false',
  returns: boolean,
  call: (text: Value, expression: Value) => compileExpression(toText(expression)).matcher(toText(text)).find(),
});

const regexp_substr = scalar({
  name: 'regexp_substr',
  aliases: ['regexp_substring'],
  summary: 'The first part of a text that a regular expression matches; empty when there is none.',
  params: [s, pattern],
  examples: [["regexp_substr('seafood', 'foo.*')", 'food']],
  returns: string,
  call: (text: Value, expression: Value) => {
    const matcher = compileExpression(toText(expression)).matcher(toText(text));
    return matcher.find() ? (matcher.group() ?? '') : '';
  },
});

const regexp_replace = scalar({
  name: 'regexp_replace',
  summary: 'Replaces every part of a text that a regular expression matches.',
  params: [s, pattern, param('replacement', 'string', '`$1` or `${name}` stands for what a group matched, `$$` for a dollar sign.')],
  examples: [
    ["regexp_replace('-ab-axxb-', 'a(x*)b', 'REP')", '-REP-REP-'],
    ["regexp_replace('-ab-axxb-', 'a(x*)b', '${1}W')", '-W-xxW-'],
  ],
  returns: string,
  call: (text: Value, expression: Value, replacement: Value) =>
    replaceMatches(toText(text), compileExpression(toText(expression)), toText(replacement)),
});

/** The matches from left to right, as Go counts them: an empty match right after another does not count. */
export function* everyMatch(text: string, expression: RE2JS): Generator<{start: number; end: number; matcher: Matcher}> {
  const matcher = expression.matcher(text);
  let previousEnd = -1;
  while (matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    if (start === end && start === previousEnd) continue;
    yield {start, end, matcher};
    previousEnd = end;
  }
}

/** Characters of a replaced text: an empty match stands at every one of a long text. */
const longestResult = 16 * 1024 * 1024;

/** As Go's ReplaceAllString. */
export function replaceMatches(text: string, expression: RE2JS, replacement: string): string {
  let result = '';
  let from = 0;
  for (const {start, end, matcher} of everyMatch(text, expression)) {
    result += text.slice(from, start) + expand(replacement, matcher, expression);
    if (result.length > longestResult) throw new EvaluationError('the text made by the replacement is longer than 16 MiB');
    from = end;
  }
  return result + text.slice(from);
}

/** Go's Expand: the longest run of letters, digits and underscores after `$` is the group's name; an unknown group is empty. */
function expand(replacement: string, matcher: Matcher, expression: RE2JS): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare!;
    if (/^\d+$/.test(name)) return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? '') : '';
    return Object.hasOwn(expression.namedGroups(), name) ? (matcher.group(name) ?? '') : '';
  });
}

export const regexpFunctions: readonly ScalarFunction[] = [regexp_matches, regexp_replace, regexp_substr];
