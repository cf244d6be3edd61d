import {EvaluationError} from '#engine/base/errors.ts';
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
        Object.defineProperty(row, name, {value, writable: true, enumerable: true, configurable: true});
      }
      return [convert(row)];
    },
  };
}

/** Without `fields` the columns of the first row hold for all that follow, in alphabetical order, so that a column keeps its place. */
function createEncoder({delimiter, fields, hasHeader}: FormatOptions): Encoder {
  let columns: readonly string[] | undefined = fields.length > 0 ? fields : undefined;
  const line = (row: Row): string => columns!.map(name => (Object.hasOwn(row, name) ? cell(row[name]!) : '')).join(delimiter);
  return {
    encode(data) {
      const rows = Array.isArray(data) ? (data as readonly Row[]) : undefined;
      const first = rows ? rows[0] : (data as Row);
      if (first === undefined) throw new EvaluationError('an empty result has no form in the delimited format: set omitIfEmpty');
      columns ??= Object.keys(first).sort();
      if (!rows) return line(data as Row);
      const lines = rows.map(line);
      return (hasHeader ? [columns.join(delimiter), ...lines] : lines).join('\n');
    },
  };
}

function cell(value: Value): string {
  return value === null ? '' : toPlainText(value);
}
