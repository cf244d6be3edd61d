import {EvaluationError} from '#engine/base/errors.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import {checkLengthOf} from '../budget.ts';
import {argumentText, type TemplateValue} from '../template-value.ts';
import {define, intArgument, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's functions between texts and lists of texts. */
export const textListFunctions: TemplateFamily = {
  title: 'Lists of texts',
  functions: {
    join: define('The elements as one text, with a text between.', '{{join "-" (list 1 "a")}}', 2, (separator, list) => {
      const items = texts(list);
      checkLengthOf(items.length * textArgument(separator).length);
      return items.join(textArgument(separator));
    }),
    splitList: define('The parts between separators, as a list.', '{{splitList "/" "a/b/c"}}', 2, (separator, text) =>
      parts(textArgument(text), textArgument(separator)),
    ),
    split: define('The parts between separators, as members `_0`, `_1` …', '{{(split "/" "a/b")._1}}', 2, (separator, text) =>
      numbered(parts(textArgument(text), textArgument(separator))),
    ),
    splitn: define('As `split`, in at most so many parts.', '{{(splitn "/" 2 "a/b/c")._1}}', 3, (separator, most, text) =>
      numbered(limitedParts(textArgument(text), textArgument(separator), intArgument(most))),
    ),
    sortAlpha: define('The elements as texts in the order of their bytes.', '{{sortAlpha (list "b" "a")}}', 1, list =>
      Array.isArray(list) ? texts(list).sort(compareBytes) : [argumentText(list)],
    ),
    toStrings: define('The elements as texts.', '{{toStrings (list 1 "a") | toJson}}', 1, texts),
  },
};

/** The elements as texts; a single value is a list of its own. */
function texts(list: TemplateValue): string[] {
  const items: readonly TemplateValue[] = Array.isArray(list) ? list : [list];
  return items.filter(item => item !== null && item !== undefined).map(argumentText);
}

function parts(text: string, separator: string): string[] {
  const all = separator === '' ? Array.from(text) : text.split(separator);
  if (all.length > 1_000_000) throw new EvaluationError('the text has more than a million parts');
  return all;
}

/** The last part is all that is left; none for 0. */
function limitedParts(text: string, separator: string, most: number): string[] {
  const all = parts(text, separator);
  if (most < 0 || all.length <= most) return all;
  return most === 0 ? [] : [...all.slice(0, most - 1), all.slice(most - 1).join(separator)];
}

function numbered(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(list.map((part, i) => [`_${i}`, part]));
}
