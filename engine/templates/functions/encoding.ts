import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {decodeBase64} from '#engine/values/coercion.ts';
import {decimalText} from '#engine/values/float-text.ts';
import {toGoJson} from '#engine/values/json-text.ts';
import {isDateTime} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {checkLengthOf} from '../budget.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';
import {decodeBase32, encodeBase32} from './base32.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

/** JSON, base64 and base32. */
export const encodingFunctions: TemplateFamily = {
  title: 'Encoding',
  functions: {
    toJson: define(
      'JSON with sorted members and `<`, `>`, `&` escaped.',
      '{{toJson (dict "b" 1.5 "a" "<")}}',
      1,
      value => toGoJson(value ?? null),
      {
        aliases: ['json', 'mustToJson'],
        isDeep: true,
      },
    ),
    toRawJson: define('JSON without escapes for HTML.', '{{toRawJson "<a>"}}', 1, value => rawJson(toGoJson(value ?? null)), {
      aliases: ['mustToRawJson'],
      isDeep: true,
    }),
    toPrettyJson: define('JSON in lines.', '{{toPrettyJson (dict "a" 1)}}', 1, value => prettyJson(toGoJson(value ?? null)), {
      aliases: ['mustToPrettyJson'],
      isDeep: true,
    }),
    fromJson: define('The value of a JSON text; null where it is none.', `{{(fromJson "{\\"a\\": 1.5}").a}}`, 1, text => {
      try {
        return JSON.parse(textArgument(text)) as Value;
      } catch (thrown) {
        if (thrown instanceof SyntaxError) return null;
        throw thrown;
      }
    }),
    mustFromJson: define('The value of a JSON text.', '{{index (mustFromJson "[1, 2]") 1}}', 1, text => {
      try {
        return JSON.parse(textArgument(text)) as Value;
      } catch (thrown) {
        throw new EvaluationError(messageOf(thrown));
      }
    }),
    b64enc: define('A text in base64.', '{{b64enc "hello"}}', 1, text => Buffer.from(textArgument(text)).toString('base64')),
    b64dec: define('The text that base64 stands for; a message where it is none.', '{{b64dec "aGVsbG8="}}', 1, text =>
      decoded64(textArgument(text)),
    ),
    b32enc: define('A text in base32.', '{{b32enc "hello"}}', 1, text => encodeBase32(Buffer.from(textArgument(text)))),
    b32dec: define('The text that base32 stands for; a message where it is none.', '{{b32dec "NBSWY3DP"}}', 1, text =>
      Buffer.from(
        decodeBase32(textArgument(text)) ?? `illegal base32 data at input byte ${wrongAt(textArgument(text), /[A-Z2-7=]/)}`,
      ).toString(),
    ),
    base64: define('A text, number, bool or the JSON of an object in base64.', '{{base64 21.5}}', 1, value =>
      Buffer.from(textToEncode(value)).toString('base64'),
    ),
  },
};

function textToEncode(value: TemplateValue): string {
  if (value === null || value === undefined) throw new EvaluationError('based64 error for nil');
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return decimalText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) || value instanceof Uint8Array || isDateTime(value))
    throw new EvaluationError(`Unsupported data type ${goTypeOf(value)} for base64 function.`);
  return toGoJson(value);
}

const plainSigns: Readonly<Record<string, string>> = {'\\u003c': '<', '\\u003e': '>', '\\u0026': '&'};

function rawJson(json: string): string {
  return json.replace(/\\(?:u[0-9a-f]{4}|.)/g, sign => plainSigns[sign] ?? sign);
}

/** Two spaces a level; what is empty stays on its line. */
function prettyJson(json: string): string {
  let depth = 0;
  let length = json.length;
  const line = (): string => {
    length += 2 * depth;
    checkLengthOf(length);
    return `\n${'  '.repeat(depth)}`;
  };
  return json.replace(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]/g, token => {
    switch (token) {
      case '{':
      case '[':
        depth++;
        return token + line();
      case '}':
      case ']':
        depth--;
        return line() + token;
      case ',':
        return token + line();
      case ':':
        return ': ';
      default:
        return token;
    }
  });
}

function decoded64(text: string): string {
  const bytes = decodeBase64(text.replace(/[\r\n]/g, ''));
  return bytes === undefined ? `illegal base64 data at input byte ${wrongAt(text, /[A-Za-z0-9+/=]/)}` : Buffer.from(bytes).toString();
}

/** The first character that cannot be there; else the end of the last whole group. */
function wrongAt(text: string, valid: RegExp): number {
  for (let i = 0; i < text.length; i++) if (!valid.test(text[i]!)) return i;
  return text.length;
}
