import {EvaluationError} from '#engine/base/errors.ts';
import {defineMember} from '#engine/values/member.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import {toPlainText} from '#engine/values/text.ts';
import type {Row, Value} from '#engine/values/value.ts';
import type {Decoder, Format} from './format.ts';
import {payloadText} from './payload-text.ts';
import {compileTextConversion} from './text-conversion.ts';

export const urlencodedFormat: Format = {
  name: 'urlencoded',
  summary: 'A form query such as `id=a1&temp=21.5`. Values are text; a name that comes several times is an array of them.',
  decoder: createDecoder,
  encoder: () => ({encode}),
};

function createDecoder(schema: StreamSchema): Decoder {
  const convert = compileTextConversion(schema);
  return {decode: payload => [convert(parseQuery(payloadText(payload)))]};
}

function parseQuery(text: string): Row {
  const values = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    if (pair.includes(';')) throw new EvaluationError('the payload is not a form query: expected & between its parts, found ;');
    const equals = pair.indexOf('=');
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decodePart(pair.slice(equals + 1));
    const present = values.get(name);
    if (present) present.push(value);
    else values.set(name, [value]);
  }
  const row: Row = {};
  for (const [name, list] of values) {
    defineMember(row, name, list.length === 1 ? list[0]! : list);
  }
  return row;
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new EvaluationError(`the payload is not a form query: invalid escape in ${JSON.stringify(text.slice(0, 80))}`);
  }
}

function encode(data: Row | readonly Row[]): string {
  if (Array.isArray(data)) throw new EvaluationError('unsupported type array, must be a map: the urlencoded format needs sendSingle');
  const row = data as Row;
  return Object.keys(row)
    .sort()
    .flatMap(name => {
      const value = row[name]!;
      const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
      return values.map(item => `${encodePart(name)}=${encodePart(toPlainText(item))}`);
    })
    .join('&');
}

/** As a browser's form does: blanks become `+`. */
function encodePart(text: string): string {
  // By way of bytes: a lone surrogate is an error of encodeURIComponent.
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll('%20', '+');
}
