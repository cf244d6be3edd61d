import type {Timestamp} from '#engine/base/clock.ts';
import {EvaluationError} from '#engine/base/errors.ts';
import {parseTime} from '#engine/values/parse-time.ts';
import {parseTimePattern} from '#engine/values/parse-time-pattern.ts';
import {describe, isDateTime} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';

/** The furthest instants a date can name. */
const furthestMs = 8.64e15;

/**
 * Reads the event time of rows from a column: whole milliseconds of an int, a float or a datetime, of a text in the form of `format`, else in
 * one of the known forms, read in `timeZone`. Rows without a time are an EvaluationError.
 */
export function rowTime(column: string, format: string | undefined, timeZone: string): (row: Row) => Timestamp {
  return row => {
    const value = Object.hasOwn(row, column) ? row[column]! : null;
    if (value === null) throw new EvaluationError(`cannot find timestamp field ${column} in tuple`);
    const at = instantOf(value, format, timeZone);
    if (typeof at === 'number' && Math.abs(at) <= furthestMs) return Math.trunc(at);
    throw new EvaluationError(
      `cannot convert timestamp field ${column} to timestamp with error ${typeof at === 'string' ? at : `${at} is no time`}`,
    );
  };
}

/** The instant, or why there is none. */
function instantOf(value: Value, format: string | undefined, timeZone: string): number | string {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const at = format === undefined ? undefined : parseTimePattern(value, format, timeZone);
    return at ?? parseTime(value, timeZone)?.epochMs ?? `cannot parse "${value}"${format === undefined ? '' : ` as "${format}"`}`;
  }
  return isDateTime(value) ? value.epochMs : `unsupported type to convert to timestamp ${describe(value)}`;
}
