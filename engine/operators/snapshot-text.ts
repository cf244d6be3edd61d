import {dateTime} from '#engine/values/date-time.ts';
import {isDateTime} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';

/**
 * The text that the state of operators is kept as: JSON in which everything JSON lacks, and every container, is an array that begins with a
 * tag. A row can therefore hold nothing that reads as anything else.
 *
 *     5  "x"  true  null                     as they are
 *     ["l", …]                               list
 *     ["o", "name", value, …]                object
 *     ["m", key, value, …]  ["s", …]         Map, Set
 *     ["i", "5"]  ["f", "NaN"]  ["u"]        bigint; NaN, infinities and −0; undefined
 *     ["t", epochMs, zone]  ["b", base64]    datetime, bytes
 */
export function encodeSnapshot(state: unknown): string {
  return JSON.stringify(encode(state));
}

/** The state that `encodeSnapshot` wrote: containers anew, datetimes and bytes of their class. Throws an Error for any other text. */
export function decodeSnapshot(text: string): unknown {
  return decode(JSON.parse(text));
}

function encode(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : ['f', Object.is(value, -0) ? '-0' : String(value)];
    case 'bigint':
      return ['i', String(value)];
    case 'undefined':
      return ['u'];
    case 'object':
      return value === null ? null : encodeObject(value);
    default:
      throw new TypeError(`a ${typeof value} cannot be part of a snapshot`);
  }
}

function encodeObject(value: object): unknown {
  if (Array.isArray(value)) {
    // By index: map() leaves holes.
    return ['l', ...Array.from(value, encode)];
  }
  if (value instanceof Map) return ['m', ...[...value].flat(1).map(encode)];
  if (value instanceof Set) return ['s', ...[...value].map(encode)];
  if (value instanceof Uint8Array) return ['b', Buffer.from(value).toString('base64')];
  if (isDateTime(value as Value) && 'epochMs' in value && 'zone' in value) return ['t', value.epochMs, value.zone];
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${value.constructor.name} cannot be part of a snapshot`);
  return ['o', ...Object.entries(value).flatMap(([name, member]) => [name, encode(member)])];
}

function decode(node: unknown): unknown {
  if (!Array.isArray(node)) return node;
  const [tag, ...rest] = node as unknown[];
  switch (tag) {
    case 'l':
      return rest.map(decode);
    case 'o':
      // fromEntries defines `__proto__` as a member like others.
      return Object.fromEntries(pairs(rest).map(([name, member]) => [name as string, decode(member)]));
    case 'm':
      return new Map(pairs(rest).map(([key, member]) => [decode(key), decode(member)]));
    case 's':
      return new Set(rest.map(decode));
    case 'i':
      return BigInt(rest[0] as string);
    case 'f':
      return Number(rest[0]);
    case 'u':
      return undefined;
    case 't':
      return dateTime(rest[0] as number, rest[1] as string);
    case 'b':
      return new Uint8Array(Buffer.from(rest[0] as string, 'base64'));
    default:
      throw new Error(`not a snapshot: unknown tag ${JSON.stringify(tag)}`);
  }
}

function pairs(list: readonly unknown[]): [unknown, unknown][] {
  return Array.from({length: list.length / 2}, (_, i) => [list[2 * i], list[2 * i + 1]]);
}
