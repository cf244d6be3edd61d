import {parseTime} from './parse-time.ts';
import {isDateTime} from './type-name.ts';
import type {Value} from './value.ts';

/**
 * The instant that a value in the untyped form names, in ms since the epoch: a number of ms, its
 * fraction cut off, a datetime, a text of a known form, read in
 * `zone` unless it names its own offset. Undefined for anything else.
 */
export function instantOf(value: Value, zone: string): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Math.trunc(Number(value));
  if (typeof value === 'string') return parseTime(value, zone)?.epochMs;
  return isDateTime(value) ? value.epochMs : undefined;
}
