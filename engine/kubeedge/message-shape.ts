import type {Metadata, Row, Value} from '#engine/values/value.ts';

/** Members of an envelope that hold readings by property. */
const carriers: ReadonlySet<string> = new Set(['twin', 'data']);

/** Members of KubeEdge's own messages: never a device's unknown property. */
const envelope: ReadonlySet<string> = new Set([
  'event_id',
  'timestamp',
  'twin',
  'data',
  'delta',
  'code',
  'reason',
  'state',
  'attributes',
  'device',
  'devices',
  'added_devices',
  'removed_devices',
  'header',
  'route',
  'content',
]);

/** Columns of a nested message that a star leaves out. */
export const envelopeColumns: readonly string[] = ['twin', 'data', 'delta', 'event_id', 'timestamp'];

export function isEnvelope(name: string): boolean {
  return envelope.has(name);
}

/** Whether `name` holds readings in this message: `twin` and `data` with an object in them. */
export function isCarrier(name: string, value: Value): value is Row {
  return carriers.has(name) && isRecord(value);
}

/** Whether any member holds readings; the message is flat otherwise. */
export function isNested(row: Row): boolean {
  return isRecord(row['twin']) || isRecord(row['data']);
}

/**
 * The reading of one property; undefined when the message has none.
 *
 *     data      "temperature": {"value": "25"}
 *     twin      "temperature": {"actual": {"value": "25"}, "expected": {…}}      also update/result, get/result, delta
 *     document  "temperature": {"last": {…}, "current": {"actual": {"value": "25"}, "expected": {…}}}
 *
 * A null stands for a deleted property. A bare value counts as the reading.
 */
export function readingOf(entry: Value, side: 'actual' | 'expected'): Value | undefined {
  if (!isRecord(entry)) return entry;
  const current = entry['current'];
  const twin = isRecord(current) ? current : entry;
  const half = twin[side];
  return half === undefined ? entry['value'] : isRecord(half) ? half['value'] : undefined;
}

/** What the cloud wants of one property; undefined when the message does not say. */
export function expectationOf(entry: Value): Value | undefined {
  if (!isRecord(entry)) return undefined;
  const current = entry['current'];
  const half = (isRecord(current) ? current : entry)['expected'];
  return isRecord(half) ? half['value'] : undefined;
}

/** Copies the message's id and time. Numbers of untyped columns may come as bigint. */
export function readEnvelope(row: Row, metadata: Metadata): void {
  const eventId = row['event_id'];
  if (typeof eventId === 'string') metadata['event_id'] = eventId;
  const timestamp = row['timestamp'];
  if (typeof timestamp === 'number') metadata['timestamp'] = timestamp;
  else if (typeof timestamp === 'bigint') metadata['timestamp'] = Number(timestamp);
}

function isRecord(value: Value | undefined): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
