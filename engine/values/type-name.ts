import {toText} from './text.ts';
import type {DateTime, Row, Value} from './value.ts';

/** Whether a value is an object of named members: neither array, bytes nor datetime. */
export function isRow(value: Value): value is Row {
  // JSON never makes a function, so that a member of a row named toJSON is not mistaken for a datetime's method.
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    typeof (value as {toJSON?: unknown}).toJSON !== 'function'
  );
}

/** Whether a value is an instant of SQL type datetime. */
export function isDateTime(value: Value): value is DateTime {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  return typeof (value as {toJSON?: unknown}).toJSON === 'function';
}

/** The type of a value in the untyped form, as eKuiper's messages name it. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int64';
    case 'number':
      return 'float64';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
  }
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Uint8Array) return '[]uint8';
  return isDateTime(value) ? 'time.Time' : 'map[string]interface {}';
}

/** A value with its type for messages: `string(12)`, `<nil>(<nil>)`. */
export function describe(value: Value): string {
  return value === null ? '<nil>(<nil>)' : `${typeNameOf(value)}(${toText(value)})`;
}
