// Values through and through.
import {sortBytes} from '#engine/values/byte-order.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';

/** As Go's reflect.DeepEqual: types must agree too. */
export function deepEqual(a: Value, b: Value): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]!));
  if (isRow(a)) {
    if (!isRow(b)) return false;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && deepEqual(a[name]!, b[name]!));
  }
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) return identity(a) === identity(b);
  return a === b;
}

/** A text that two values share when they are deeply equal. */
export function identity(value: Value): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(identity).join()}]`;
  if (isRow(value))
    return `{${sortBytes(Object.keys(value))
      .map(name => `${JSON.stringify(name)}:${identity(value[name]!)}`)
      .join()}}`;
  return value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : `t${String(value)}`;
}

/** A copy that shares no list or object with the value. */
export function deepCopy(value: Value): Value {
  if (Array.isArray(value)) return value.map(deepCopy);
  // Object.fromEntries makes own members of any name.
  if (isRow(value)) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deepCopy(member)]));
  return value;
}
