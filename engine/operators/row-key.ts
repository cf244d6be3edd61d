import {compareBytes} from '#engine/values/byte-order.ts';
import type {Row} from '#engine/values/value.ts';

/** A text that two rows share exactly when they print alike: members by name, whole numbers alike in either form. */
export function rowKey(row: Row): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : {$int: String(value)};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareBytes(a, b)));
  });
}
