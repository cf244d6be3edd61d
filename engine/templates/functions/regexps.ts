import {EvaluationError} from '#engine/base/errors.ts';
import {compileExpression, everyMatch, replaceMatches} from '#engine/functions/scalar/regexp.ts';
import type {TemplateValue} from '../template-value.ts';
import {define, intArgument, type TemplateFamily, textArgument} from './template-function.ts';

/** Characters of the longest pattern: time is linear in the text times the pattern. */
const longestPattern = 1000;

function expressionOf(pattern: TemplateValue): ReturnType<typeof compileExpression> {
  const text = textArgument(pattern);
  if (text.length > longestPattern)
    throw new EvaluationError(`a regular expression of ${text.length} characters, expected at most ${longestPattern}`);
  return compileExpression(text);
}

/** Every character of the text may meet every part of the pattern. */
function steps(pattern: TemplateValue, text: TemplateValue): number {
  return typeof pattern === 'string' && typeof text === 'string' ? (text.length * (16 + pattern.length)) >> 10 : 0;
}

/** Sprig's regular expressions, in RE2 syntax. */
export const regexpFunctions: TemplateFamily = {
  title: 'Regular expressions',
  functions: {
    regexMatch: define(
      'Whether an expression matches somewhere; false for what is none.',
      '{{regexMatch "^v[a-z]+$" "valve"}}',
      2,
      (pattern, text) => {
        const tested = textArgument(text);
        try {
          return expressionOf(pattern).matcher(tested).find();
        } catch (thrown) {
          if (thrown instanceof EvaluationError) return false;
          throw thrown;
        }
      },
      {steps},
    ),
    mustRegexMatch: define(
      'Whether an expression matches somewhere.',
      '{{mustRegexMatch "a|b" "valve"}}',
      2,
      (pattern, text) => expressionOf(pattern).matcher(textArgument(text)).find(),
      {steps},
    ),
    regexFind: define(
      'The first match; empty without one.',
      '{{regexFind "[a-z][0-9]" "a1b2"}}',
      2,
      (pattern, text) => {
        for (const {start, end} of everyMatch(textArgument(text), expressionOf(pattern))) return textArgument(text).slice(start, end);
        return '';
      },
      {aliases: ['mustRegexFind'], steps},
    ),
    regexFindAll: define(
      'The matches; at most so many, all for a negative number.',
      '{{regexFindAll "[0-9]" "a1b2c3" 2}}',
      3,
      (pattern, text, most) => firstOf(matches(textArgument(text), pattern), intArgument(most)),
      {aliases: ['mustRegexFindAll'], steps},
    ),
    regexReplaceAll: define(
      'Every match replaced; `$1` stands for what a group matched.',
      '{{regexReplaceAll "a(x*)b" "-ab-axxb-" "<$1>"}}',
      3,
      (pattern, text, by) => replaceMatches(textArgument(text), expressionOf(pattern), textArgument(by)),
      {aliases: ['mustRegexReplaceAll'], steps},
    ),
    regexReplaceAllLiteral: define(
      'Every match replaced by a text as it is.',
      '{{regexReplaceAllLiteral "a(x*)b" "-ab-" "$1"}}',
      3,
      (pattern, text, by) => replaceMatches(textArgument(text), expressionOf(pattern), textArgument(by).replaceAll('$', '$$$$')),
      {aliases: ['mustRegexReplaceAllLiteral'], steps},
    ),
    regexSplit: define(
      'The parts between matches; at most so many, all for a negative number.',
      '{{regexSplit "z+" "pizza" -1}}',
      3,
      (pattern, text, most) => splitAt(textArgument(text), pattern, intArgument(most)),
      {aliases: ['mustRegexSplit'], steps},
    ),
    regexQuoteMeta: define('A text as the expression that matches it.', '{{regexQuoteMeta "1.5"}}', 1, text =>
      textArgument(text).replace(/[\\.+*?()|[\]{}^$]/g, sign => `\\${sign}`),
    ),
  },
};

function* matches(text: string, pattern: TemplateValue): Generator<string> {
  for (const {start, end} of everyMatch(text, expressionOf(pattern))) yield text.slice(start, end);
}

function firstOf(all: Iterable<string>, most: number): string[] {
  const result: string[] = [];
  if (most === 0) return result;
  for (const one of all) {
    result.push(one);
    if (result.length === most) break;
  }
  return result;
}

/** As Go: an empty match at the very beginning separates nothing. */
function splitAt(text: string, pattern: TemplateValue, most: number): string[] {
  if (most === 0) return [];
  const expression = expressionOf(pattern);
  if (text === '' && textArgument(pattern) !== '') return [''];
  const result: string[] = [];
  let from = 0;
  let lastEnd = 0;
  for (const {start, end} of everyMatch(text, expression)) {
    if (most > 0 && result.length === most - 1) break;
    lastEnd = start;
    if (end !== 0) result.push(text.slice(from, start));
    from = end;
  }
  if (lastEnd !== text.length) result.push(text.slice(from));
  return result;
}
