import {EvaluationError} from '#engine/base/errors.ts';
import {defineMember} from '#engine/values/member.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import {toPlainText} from '#engine/values/text.ts';
import type {Row, Value} from '#engine/values/value.ts';
import type {Decoder, Encoder, Format, FormatOptions} from './format.ts';
import {payloadText} from './payload-text.ts';
import {compileTextConversion} from './text-conversion.ts';

export const delimitedFormat: Format = {
  name: 'delimited',
  summary: 'Values separated by DELIMITER, a comma by default. Columns are named by the property `fields`, or col0, col1 and so on.',
  decoder: createDecoder,
  encoder: createEncoder,
};

function createDecoder(schema: StreamSchema, {delimiter, fields}: FormatOptions): Decoder {
  const convert = compileTextConversion(schema);
  const names: string[] = [...fields];
  const nameOf = (i: number): string | undefined => (fields.length > 0 ? fields[i] : (names[i] ??= `col${i}`));
  return {
    decode(payload) {
      const row: Row = {};
      for (const [i, value] of payloadText(payload).split(delimiter).entries()) {
        const name = nameOf(i);
        if (name === undefined) break;
        defineMember(row, name, value);
      }
      return [convert(row)];
    },
  };
}

/**
 * Without `fields` columns are in alphabetical order: those of the first row hold for all single rows that follow, so that a column keeps its
 * place; those of its own first row for each list of rows.
 */
function createEncoder({delimiter, fields, hasHeader}: FormatOptions): Encoder {
  let columns: readonly string[] | undefined = fields.length > 0 ? fields : undefined;
  const line = (row: Row, names: readonly string[]): string =>
    names.map(name => (Object.hasOwn(row, name) ? cell(row[name]!) : '')).join(delimiter);
  return {
    encode(data) {
      if (!Array.isArray(data)) return line(data as Row, (columns ??= columnsOf(data as Row)));
      const rows = data as readonly Row[];
      const [first] = rows;
      if (first === undefined) throw new EvaluationError('an empty result has no form in the delimited format: set omitIfEmpty');
      const names = columns ?? columnsOf(first);
      const lines = rows.map(row => line(row, names));
      return (hasHeader ? [names.join(delimiter), ...lines] : lines).join('\n');
    },
  };
}

function columnsOf(row: Row): readonly string[] {
  return Object.keys(row).sort();
}

function cell(value: Value): string {
  return value === null ? '' : toPlainText(value);
}
