import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {anything, duration, flag, integer, oneOf, record, type SettingsOf, text, textList} from '#engine/base/settings.ts';

/** Properties that every sink has, beside those of its connector. */
export const sinkSettings = {
  omitIfEmpty: flag('Whether empty results (no rows, or a row without columns under sendSingle) are held back.'),
  sendSingle: flag('One message per row instead of one array per result.'),
  dataTemplate: text('Go template that forms the message from the row (sendSingle) or the array.', {
    default: '',
    example: '{"device":"{{.deviceid}}"}',
  }),
  dataField: text('Only this field of the (first) row is sent; it must be an object or a list of objects.', {default: ''}),
  tableDataField: text('Older name of dataField.', {default: ''}),
  fields: textList('Columns to send, in this order; a missing one is null.'),
  excludeFields: textList('Columns to leave out.'),
  format: text('How messages are encoded: json, delimited, binary or urlencoded.', {default: 'json'}),
  delimiter: text('Separator of the delimited format.', {default: ','}),
  hasHeader: flag('Whether a list in the delimited format begins with a line of column names.'),
  schemaId: text('Message type of the protobuf format; not supported yet.', {default: ''}),
  bufferLength: integer(
    "Messages that may wait for the sink; when full the newest is dropped and counted. The rule's bufferLength otherwise.",
  ),
  resendInterval: duration(
    'Above 0: a message that the peer cannot take now is sent again after this pause, and those behind it wait. Otherwise it is dropped and counted.',
  ),
  concurrency: integer('Accepted for compatibility: each sink of a rule sends in order.', {default: 1}),
  runAsync: flag('Accepted for compatibility.'),
  batchSize: integer('Rows collected into one message; not supported yet.', {default: 0}),
  lingerInterval: duration('Longest wait for a batch; not supported yet.', {default: 0}),
  compression: text('Compression of messages; not supported yet.', {default: ''}),
  compressionProps: record('Options of the compression.', {default: {}}),
  encryption: text('Encryption of messages; not supported yet.', {default: ''}),
  encProps: record('Options of the encryption.', {default: {}}),
  enableCache: flag('Whether messages that cannot be sent are kept on disk; not supported yet.'),
  memoryCacheThreshold: integer('Messages the cache keeps in memory.', {default: 1024}),
  maxDiskCache: integer('Messages the cache keeps on disk.', {default: 1_024_000}),
  bufferPageSize: integer('Messages of one page of the cache.', {default: 256}),
  cleanCacheAtStop: flag('Whether a stopped rule forgets its cache.'),
  resendAlterQueue: flag('Whether messages sent again have a queue of their own; not supported yet.'),
  resendPriority: oneOf([-1, 0, 1], 'Which queue goes first: -1 live, 1 cached, 0 mixed.', {default: 0}),
  resendIndicatorField: text('Column set to true in rows that are sent again.', {default: ''}),
  resendDestination: text('Topic of messages that are sent again.', {default: ''}),
  resourceId: text('Name of a stored set of properties that stand under those of the action.', {default: ''}),
  connectionSelector: text('Name of a stored connection whose properties are used.', {default: ''}),
  retryInterval: anything('Older name of resendInterval, without effect.'),
  retryCount: anything('Accepted for compatibility.'),
};

export type SinkSettings = SettingsOf<typeof sinkSettings>;

/** Refuses contradictions, and properties that would change what arrives but cannot yet. Texts are eKuiper's where it has one. */
export function checkSinkSettings(settings: SinkSettings): void {
  const fault = contradiction(settings) ?? unsupported(settings);
  if (fault !== undefined) throw new ArrokothError(fault, {code: errorCode.executor});
}

function contradiction(settings: SinkSettings): string | undefined {
  if (settings.fields.length > 0 && settings.excludeFields.length > 0) return 'field and excludeFields cannot both be set';
  if (settings.batchSize < 0) return `fail to parse sink configuration: invalid batchSize ${settings.batchSize}`;
  const cache = cacheFaults(settings);
  return cache.length > 0 ? `invalid cache properties: ${cache.join('\n')}` : undefined;
}

function cacheFaults(settings: SinkSettings): string[] {
  const {memoryCacheThreshold: memory, maxDiskCache: disk, bufferPageSize: page} = settings;
  const faults: string[] = [];
  if (memory < 0) faults.push('memoryCacheThreshold:memoryCacheThreshold must be positive');
  if (disk < 0) faults.push('maxDiskCache:maxDiskCache must be positive');
  if (page <= 0) faults.push('bufferPageSize:bufferPageSize must be positive');
  if ((settings.resendInterval ?? 0) < 0) faults.push('resendInterval:resendInterval must be positive');
  if (page > 0 && memory >= 0 && memory < page)
    faults.push('memoryCacheThresholdTooSmall:memoryCacheThreshold must be greater than or equal to bufferPageSize');
  else if (page > 0 && memory % page !== 0)
    faults.push('memoryCacheThresholdNotMultiple:memoryCacheThreshold must be a multiple of bufferPageSize');
  if (page > 0 && disk >= 0 && disk < page) faults.push('maxDiskCacheTooSmall:maxDiskCache must be greater than bufferPageSize');
  else if (page > 0 && disk % page !== 0) faults.push('maxDiskCacheNotMultiple:maxDiskCache must be a multiple of bufferPageSize');
  return faults;
}

function unsupported(settings: SinkSettings): string | undefined {
  const used = [
    settings.batchSize > 0 && 'batchSize',
    settings.lingerInterval > 0 && 'lingerInterval',
    settings.compression !== '' && 'compression',
    settings.encryption !== '' && 'encryption',
    settings.enableCache && 'enableCache',
    settings.resendAlterQueue && 'resendAlterQueue',
  ].filter(name => name !== false);
  return used.length > 0 ? `sink property ${used.join(', ')} is not supported yet: remove it` : undefined;
}
