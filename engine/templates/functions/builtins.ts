import {EvaluationError} from '#engine/base/errors.ts';
import {hex} from '#engine/base/go-quote.ts';
import {environmentProperty} from '#engine/base/properties.ts';
import {isRow} from '#engine/values/type-name.ts';
import {argumentText, goTypeOf, isTrue, type TemplateValue} from '../template-value.ts';
import {printf} from './printf.ts';
import {define, from, intArgument, type TemplateFamily, textArgument} from './template-function.ts';

/** Functions that Go's text/template has of itself; `and` and `or` are the compiler's, `slice` is sprig's. */
export const builtins: TemplateFamily = {
  title: 'Of Go itself',
  functions: {
    not: define('The opposite of what a value counts as.', '{{not ""}}', 1, value => !isTrue(value), {seesMissing: true}),
    len: define('How many elements, members or bytes a value has.', '{{len "abc"}}', 1, lengthOf, {seesMissing: true}),
    index: define(
      'The element or member of a value, of that the next, and so on.',
      '{{index (dict "a" (list 5 6)) "a" 1}}',
      from(1),
      (target, ...keys) => keys.reduce(elementOf, target),
      {seesMissing: true},
    ),
    print: define('Values as text, with a space between two that are no text.', '{{print "a" 1 2 "b"}}', from(0), (...values) =>
      joined(values),
    ),
    println: define(
      'Values as text, with spaces between and a line feed at the end.',
      '{{println "a" 1}}',
      from(0),
      (...values) => `${values.map(argumentText).join(' ')}\n`,
    ),
    printf: define('Values in a format.', '{{printf "%s is %.1f" "t" 21.55}}', from(1), (format, ...values) =>
      printf(textArgument(format), values),
    ),
    html: define('Values as text, escaped for HTML.', '{{html "<a>"}}', from(0), (...values) => escapeHtml(joined(values))),
    js: define('Values as text, escaped for a JavaScript string.', '{{js "it\'s <b>"}}', from(0), (...values) =>
      escapeScript(joined(values)),
    ),
    urlquery: define('Values as text, escaped for the query of an address.', '{{urlquery "a b&c"}}', from(0), (...values) =>
      escapeQuery(joined(values)),
    ),
    call: define('Calls a function that the data hold; rows hold none, so that it always fails.', '', from(1), callee => {
      throw new EvaluationError(`expected a function, found ${goTypeOf(callee)}`);
    }),
    prop: define(
      'A property of the surroundings, set by the environment variable `KUIPER_PROPS_<name>`; the name itself where it is not set.',
      '{{prop "site"}}',
      1,
      name => environmentProperty(textArgument(name)) ?? textArgument(name),
    ),
  },
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

function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {'"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\ufffd'};
  return text.replace(/["'&<>\0]/g, sign => escapes[sign]!);
}

/** Go's template.JSEscape. */
function escapeScript(text: string): string {
  return text.replace(/[\\'"<>&=]|\p{C}|(?! )\p{Z}/gu, sign => {
    if (sign === '\\' || sign === "'" || sign === '"') return `\\${sign}`;
    return `\\u${hex(sign.codePointAt(0)!, 4).toUpperCase()}`;
  });
}

/** Go's url.QueryEscape. */
function escapeQuery(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
