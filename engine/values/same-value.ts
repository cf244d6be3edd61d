import {isDateTime, isRow} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * Whether two values in the untyped form are the same through and through: an int is no float, the order of members does not count, and a
 * NaN is itself.
 */
export function sameValue(a: Value, b: Value): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]!));
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (isRow(a)) {
    if (Array.isArray(b) || !isRow(b)) return false;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && sameValue(a[name]!, b[name]!));
  }
  return isDateTime(b) && String(a) === String(b);
}
