import {sortBytes} from './byte-order.ts';
import {decimalText, floatText} from './float-text.ts';
import type {DateTime, Row, Value} from './value.ts';

/**
 * A value in the untyped form as Go's `%v` prints it: what string functions see and what group and partition keys are made of.
 * `nullText` stands for a null: `''` for string functions, `<nil>` in keys; within arrays and objects it is always `<nil>`.
 */
export function toText(value: Value, nullText = ''): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return floatText(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? nullText : compositeText(value);
  }
}

/** A value as `cast(x, "string")` gives it: floats in plain decimals, bytes as the UTF-8 text they hold; else as `toText`. */
export function toPlainText(value: Value): string {
  if (typeof value === 'number') return decimalText(value);
  if (value instanceof Uint8Array) return decoder.decode(value);
  return toText(value);
}

const decoder = new TextDecoder();

function compositeText(value: Exclude<Value, null | boolean | number | bigint | string>): string {
  if (Array.isArray(value)) return `[${value.map(item => toText(item, '<nil>')).join(' ')}]`;
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  // JSON never makes a function, so that only a datetime has one under this name.
  if (typeof (value as DateTime).toJSON === 'function') return String(value);
  const row = value as Row;
  const members = sortBytes(Object.keys(row));
  return `map[${members.map(name => `${name}:${toText(row[name]!, '<nil>')}`).join(' ')}]`;
}
