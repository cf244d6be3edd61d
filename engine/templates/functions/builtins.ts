import {EvaluationError} from '#engine/base/errors.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {argumentText, goTypeOf, isTrue, type TemplateValue} from '../template-value.ts';
import {comparisons} from './compare.ts';
import {printf} from './printf.ts';
import {intArgument, seeingMissing, type TemplateFunction, templateFunction, textArgument, variadic} from './template-function.ts';

/** Functions that Go's text/template has of itself; `and` and `or` are the compiler's. */
export const builtins: Readonly<Record<string, TemplateFunction>> = {
  ...comparisons,
  not: seeingMissing(templateFunction(1, value => !isTrue(value))),
  len: seeingMissing(templateFunction(1, lengthOf)),
  index: seeingMissing(variadic(1, (target, ...keys) => keys.reduce(elementOf, target))),
  slice: seeingMissing(templateFunction(1, sliceOf, 3)),
  print: variadic(0, (...values) => joined(values)),
  println: variadic(0, (...values) => `${values.map(argumentText).join(' ')}\n`),
  printf: variadic(1, (format, ...values) => printf(textArgument(format), values)),
  html: variadic(0, (...values) => escapeHtml(joined(values))),
  urlquery: variadic(0, (...values) => escapeQuery(joined(values))),
};

/** As fmt.Sprint: a space between two values of which none is a text. */
function joined(values: readonly TemplateValue[]): string {
  let text = '';
  for (const [i, value] of values.entries()) {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') text += ' ';
    text += argumentText(value);
  }
  return text;
}

function lengthOf(value: TemplateValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length);
  if (value !== undefined && isRow(value)) return BigInt(Object.keys(value).length);
  throw new EvaluationError(`${goTypeOf(value)} has no length`);
}

function elementOf(target: TemplateValue, key: TemplateValue): TemplateValue {
  if (target !== undefined && isRow(target)) {
    const name = textArgument(key);
    return Object.hasOwn(target, name) ? target[name] : undefined;
  }
  if (Array.isArray(target) || target instanceof Uint8Array) {
    const at = intArgument(key);
    if (at < 0 || at >= target.length) throw new EvaluationError(`index out of range: ${at} of ${target.length}`);
    const item: TemplateValue = target[at];
    return target instanceof Uint8Array ? BigInt(item as number) : item;
  }
  if (typeof target === 'string') {
    const bytes = Buffer.from(target);
    const at = intArgument(key);
    if (at < 0 || at >= bytes.length) throw new EvaluationError(`index out of range: ${at} of ${bytes.length}`);
    return BigInt(bytes[at]!);
  }
  throw new EvaluationError(`cannot index ${goTypeOf(target)}: expected a list or an object`);
}

function sliceOf(target: TemplateValue, from?: TemplateValue, to?: TemplateValue): TemplateValue {
  // sprig's slice takes the place of Go's own and knows lists only.
  if (!Array.isArray(target)) throw new EvaluationError(`cannot slice ${goTypeOf(target)}: expected a list`);
  const list: readonly Value[] = target;
  const start = from === undefined ? 0 : intArgument(from);
  const end = to === undefined ? list.length : intArgument(to);
  if (start < 0 || end > list.length || start > end) throw new EvaluationError(`slice out of range: ${start} to ${end} of ${list.length}`);
  return list.slice(start, end);
}

function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {'"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\ufffd'};
  return text.replace(/["'&<>\0]/g, sign => escapes[sign]!);
}

/** Go's url.QueryEscape. */
function escapeQuery(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
