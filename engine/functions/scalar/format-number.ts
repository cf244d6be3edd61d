import {EvaluationError} from '#engine/base/errors.ts';
import {toFloat, toInt, toStringValue} from '#engine/values/coercion.ts';
import {string} from '#engine/values/data-type.ts';
import {fixedText} from '#engine/values/float-text.ts';
import type {Value} from '#engine/values/value.ts';
import {optional, param, scalar} from '../define.ts';

export const format = scalar({
  name: 'format',
  summary: 'Writes a number with a fixed number of decimals, ties to even, and, given a locale, with its separators.',
  params: [
    param('x', 'number', 'The number.'),
    param('decimals', 'int', 'How many decimals to write, 0 to 100.'),
    optional(param('locale', 'string', 'Language and region, such as `de_DE`.')),
  ],
  examples: [
    ['format(12332.123456, 4)', '12332.1235'],
    ["format(12332.2, 2, 'de_DE')", '12.332,20'],
    ["format(12332.2, 2, 'en_US')", '12,332.20'],
    ["format(-123456.7899, 2, 'de_CH')", '-123’456.79'],
  ],
  returns: string,
  check: ([, decimals]) => (typeof decimals === 'bigint' && decimals < 0n ? 'the decimal places must greater or equal than 0' : undefined),
  call: (value: Value, decimals: Value, locale?: Value) => {
    const digits = Number(toInt(decimals, 'strict'));
    if (digits < 0 || digits > 100) throw new EvaluationError('the decimal places must greater or equal than 0 and at most 100');
    const text = fixedText(toFloat(value, 'same-kind'), digits);
    return locale === undefined ? text : localize(text, digits, toStringValue(locale, 'strict'));
  },
});

const formats = new Map<string, Intl.NumberFormat>();

function localize(text: string, digits: number, locale: string): string {
  const key = `${locale} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    const tag = localeTag(locale);
    format = new Intl.NumberFormat(tag, {minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true});
    if (formats.size >= 200) formats.clear();
    formats.set(key, format);
  }
  // Given as text, so that no digit is rounded a second time. Separators as Go has them, whatever the version of ICU.
  return format
    .format(text as `${number}`)
    .replaceAll('\u202f', '\u00a0')
    .replaceAll("'", '’');
}

function localeTag(locale: string): string {
  const tag = /^([a-z]{2,3})[_-]([A-Z]{2})$/.exec(locale);
  if (!tag || Intl.NumberFormat.supportedLocalesOf(`${tag[1]}-${tag[2]}`).length === 0)
    throw new EvaluationError(`not support for the specific locale:${locale}`);
  return `${tag[1]}-${tag[2]}`;
}
