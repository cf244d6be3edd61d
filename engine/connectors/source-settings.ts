import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {duration, flag, integer, type SettingsOf, text, textList} from '#engine/base/settings.ts';

/** Properties that every source of bytes has, beside those of its connector. */
export const sourceSettings = {
  useInt64ForWholeNumber: flag('JSON numbers without fraction and exponent are ints in untyped columns.'),
  delimiter: text('Separator of the delimited format, where the stream names none.', {default: ','}),
  fields: textList('Column names of the delimited format.'),
  hasHeader: flag('Accepted for compatibility.'),
  bufferLength: integer('Accepted for compatibility: a source hands on what it reads at once.', {default: 1024}),
  sendInterval: duration('Pause between messages; not supported yet.', {default: 0}),
  mergeField: text('Column by which messages of one interval are merged; not supported yet.', {default: ''}),
  merger: text('Name of a merger; not supported yet.', {default: ''}),
  decompression: text('Compression of payloads: zlib, gzip, flate or zstd; not supported yet.', {default: ''}),
  payloadFormat: text('Format of a column that is decoded in turn; not supported yet.', {default: ''}),
  payloadField: text('Column that payloadFormat decodes.', {default: ''}),
  payloadBatchField: text('Column with an array that payloadFormat decodes.', {default: ''}),
  payloadSchemaId: text('Schema of payloadFormat.', {default: ''}),
  payloadDelimiter: text('Separator of payloadFormat.', {default: ''}),
};

/** Refuses properties that would change what arrives but cannot yet. */
export function checkSourceSettings(type: string, settings: SettingsOf<typeof sourceSettings>): void {
  const used = [
    settings.sendInterval > 0 && 'sendInterval',
    settings.mergeField !== '' && 'mergeField',
    settings.merger !== '' && 'merger',
    settings.decompression !== '' && 'decompression',
    settings.payloadFormat !== '' && 'payloadFormat',
  ].filter(name => name !== false);
  if (used.length > 0)
    throw new ArrokothError(`${type} source property ${used.join(', ')} is not supported yet: remove it`, {code: errorCode.executor});
}
