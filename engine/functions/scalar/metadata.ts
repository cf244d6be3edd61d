import type {Metadata, Value} from '#engine/values/value.ts';

/** The metadata value at a path, in the untyped form; null where there is none. An empty path gives all of it. Own members only. */
export function readMetadata(metadata: Metadata | undefined, path: readonly string[]): Value {
  let value: unknown = metadata;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Metadata)[key];
  }
  return fromMetadata(value);
}

/** Sources give whole numbers as JavaScript numbers; in the language they are ints. */
function fromMetadata(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(fromMetadata);
  if (typeof (value as {toJSON?: unknown}).toJSON === 'function') return value as Value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromMetadata(member)]));
}
