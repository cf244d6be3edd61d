import {EvaluationError} from '#engine/base/errors.ts';
import type {Row} from '#engine/values/value.ts';
import type {Format} from './format.ts';

export const binaryFormat: Format = {
  name: 'binary',
  summary:
    'The whole payload is the one bytea column of the stream, `self` where it declares none; a sink sends a row of exactly one bytea value as its bytes.',
  decoder: schema => {
    const name = schema.columns[0]?.name ?? 'self';
    // A copy: sources hand out views of buffers that hold many messages.
    return {decode: payload => [{[name]: Uint8Array.prototype.slice.call(payload)}]};
  },
  encoder: () => ({encode}),
};

function encode(data: Row | readonly Row[]): Uint8Array {
  const rows = Array.isArray(data) ? data : [data as Row];
  const values = rows.length === 1 ? Object.values(rows[0]!) : [];
  const [value] = values;
  if (values.length === 1 && value instanceof Uint8Array) return value;
  throw new EvaluationError('the binary format sends exactly one row with exactly one bytea column: select only that column');
}
