import {sortBytes} from './byte-order.ts';
import type {DateTime, Row, Value} from './value.ts';

/**
 * The JSON text of a value in either int form: 64-bit ints with all their digits, bytes in base64, datetimes in RFC 3339, numbers that JSON
 * cannot hold as null. Floats look as Go prints them: an exponent below 1e-6 and from 1e21, no `.0`, `-0` with its sign.
 */
export function toJson(value: Value): string {
  return isPlain(value) ? JSON.stringify(value) : write(value, plainStyle);
}

/** As `toJson`, with the members of objects in byte order and `<`, `>`, `&` escaped: what Go's encoding/json prints, text for text. */
export function toGoJson(value: Value): string {
  return write(value, goStyle);
}

interface Style {
  readonly names: (row: Row) => readonly string[];
  readonly string: (text: string) => string;
}

const plainStyle: Style = {names: Object.keys, string: JSON.stringify};

const goStyle: Style = {
  names: row => sortBytes(Object.keys(row)),
  string: text => {
    const json = JSON.stringify(text);
    return escaped.test(json) ? json.replace(allEscaped, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
  },
};

const escaped = /[<>&\u2028\u2029]/;
const allEscaped = /[<>&\u2028\u2029]/g;

/** Whether JSON.stringify prints all of it as `write` would. */
function isPlain(value: Value): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return value !== 0 || 1 / value > 0;
    case 'bigint':
      return false;
  }
  if (value === null) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item)) return false;
    return true;
  }
  // Before toJSON: a Buffer has one, which prints its bytes as a list.
  if (value instanceof Uint8Array) return false;
  // A datetime prints itself.
  if (typeof (value as DateTime).toJSON === 'function') return true;
  for (const name in value) if (!isPlain((value as Row)[name]!)) return false;
  return true;
}

function write(value: Value, style: Style): string {
  switch (typeof value) {
    case 'string':
      return style.string(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? String(value) : 'null';
    case 'bigint':
    case 'boolean':
      return String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(item => write(item, style)).join(',')}]`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
  if (typeof (value as DateTime).toJSON === 'function') return style.string((value as DateTime).toJSON());
  const row = value as Row;
  let members = '';
  for (const name of style.names(row)) members += `${members === '' ? '' : ','}${style.string(name)}:${write(row[name]!, style)}`;
  return `{${members}}`;
}
