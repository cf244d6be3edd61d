import {EvaluationError} from '#engine/base/errors.ts';
import {isNestedTooDeep, parseJsonExactly} from '#engine/values/json-parser.ts';
import {toJson} from '#engine/values/json-text.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {compileRowConversion, needsExactNumbers} from './column-conversion.ts';
import type {Decoder, Format, FormatOptions} from './format.ts';
import {payloadText} from './payload-text.ts';

export const jsonFormat: Format = {
  name: 'json',
  summary: 'A JSON object is a row, an array of objects several rows. Numbers are floats unless the column is declared bigint.',
  decoder: createDecoder,
  encoder: () => ({encode: toJson}),
};

/**
 * JSON.parse reads the payload; the exact reader takes over only where JSON.parse cannot tell how a number was written and a declared int
 * depends on it, or to say where a payload is broken.
 */
function createDecoder(schema: StreamSchema, {wholeNumbersAsInt}: FormatOptions): Decoder {
  const fromExact = compileRowConversion(schema, {isExact: true, untyped: wholeNumbersAsInt ? value => value : floatsOnly});
  const decodeExactly = (text: string): readonly Row[] => objects(parseJsonExactly(text)).map(fromExact);
  if (wholeNumbersAsInt) return {decode: payload => decodeExactly(payloadText(payload))};

  const convert = compileRowConversion(schema);
  const ints = schema.columns.filter(column => column.type.kind === 'int').map(column => column.name);
  const nestsInts = schema.columns.some(column => column.type.kind !== 'int' && needsExactNumbers(column.type));
  const dependsOnSpelling = ints.length > 0 || nestsInts;
  return {
    decode(payload) {
      const text = payloadText(payload);
      const parsed = parse(text);
      if (dependsOnSpelling && (nestsInts || writesWholeAsFloat.test(text) || hasInexactInt(parsed, ints))) return decodeExactly(text);
      if (!Array.isArray(parsed)) return [convert(checkObject(parsed))];
      return objects(parsed).map(convert);
    },
  };
}

/** `12.0` or `1e3`: JSON.parse gives the same number as for `12` and `1000`. May also be found inside of strings, which costs only time. */
const writesWholeAsFloat = /\d\.0|\d[eE]/;

function hasInexactInt(parsed: Value, columns: readonly string[]): boolean {
  for (const row of Array.isArray(parsed) ? parsed : [parsed]) {
    if (row === null || typeof row !== 'object') return false;
    for (const name of columns) {
      const value = (row as Row)[name];
      if (typeof value === 'number' && !Number.isSafeInteger(value)) return true;
    }
  }
  return false;
}

function parse(text: string): Value {
  if (isNestedTooDeep(text)) return parseJsonExactly(text);
  try {
    return JSON.parse(text) as Value;
  } catch (thrown) {
    parseJsonExactly(text);
    throw new EvaluationError(`the payload is not JSON: ${(thrown as Error).message}`);
  }
}

function objects(parsed: Value): readonly Row[] {
  return Array.isArray(parsed) ? parsed.map(checkObject) : [checkObject(parsed)];
}

function checkObject(value: Value): Row {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Row;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
  throw new EvaluationError(`the payload holds ${kind}, expected an object or an array of objects`);
}

/** Untyped numbers are floats, however they were written. */
function floatsOnly(value: Value): Value {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(floatsOnly);
  if (value === null || typeof value !== 'object') return value;
  const object = value as Row;
  // In place: the exact reader's objects belong to nobody else, and names such as `__proto__` stay what they are.
  for (const name of Object.keys(object)) {
    const member = object[name]!;
    if (typeof member === 'bigint') object[name] = Number(member);
    else if (typeof member === 'object' && member !== null) {
      const loosened = floatsOnly(member);
      if (loosened !== member) object[name] = loosened;
    }
  }
  return object;
}
