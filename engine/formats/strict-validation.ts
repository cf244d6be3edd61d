import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {toBoolean, toBytes, toFloat, toInt, toStringValue} from '#engine/values/coercion.ts';
import type {DataType} from '#engine/values/data-type.ts';
import {dateTime, toDateTime} from '#engine/values/date-time.ts';
import {narrow} from '#engine/values/int.ts';
import {defineMember} from '#engine/values/member.ts';
import type {Present} from '#engine/values/parse-time.ts';
import {parseTimePattern} from '#engine/values/parse-time-pattern.ts';
import type {Column, StreamSchema} from '#engine/values/stream-schema.ts';
import {describe, isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';

/** How datetime columns are read: TIMESTAMP_FORMAT of the stream, empty for the forms everybody writes, and the engine's zone. */
export interface TimeReading {
  readonly pattern: string;
  readonly zone: string;
  /** For texts without year or day. */
  readonly present: Present;
}

/**
 * STRICT_VALIDATION: every declared column must be there, or has its DEFAULT, and must fit its type without a guess. Gives a
 * row of exactly the declared columns, in the typed form; throws an EvaluationError that names the column.
 */
export function compileStrictValidation({columns}: StreamSchema, time: TimeReading): (row: Row) => Row {
  return row => {
    const valid: Row = {};
    for (const column of columns) {
      const value = Object.hasOwn(row, column.name) ? row[column.name]! : undefined;
      defineMember(valid, column.name, validate(value, column, time));
    }
    return valid;
  };
}

function validate(value: Value | undefined, {name, type, defaultValue}: Column, time: TimeReading): Value {
  if (value === undefined) {
    if (defaultValue !== undefined) return defaultValue;
    throw new EvaluationError(`error in preprocessor: field ${name} is not found`);
  }
  try {
    return convert(value, type, time);
  } catch (thrown) {
    throw new EvaluationError(`error in preprocessor: field ${name} type mismatch: ${messageOf(thrown)}`);
  }
}

function convert(value: Value, type: DataType, time: TimeReading): Value {
  switch (type.kind) {
    case 'int':
      return narrow(toInt(value, 'same-kind', 'int64'));
    case 'float':
      return toFloat(value, 'same-kind');
    case 'string':
      return toStringValue(value, 'strict');
    case 'boolean':
      return toBoolean(value, 'strict');
    case 'bytea':
      return toBytes(value, 'strict');
    case 'datetime':
      return readTime(value, time);
    case 'array':
      if (value === null) return null;
      if (!Array.isArray(value)) throw new EvaluationError(`expect array but got ${describe(value)}`);
      return (value as readonly Value[]).map(element => convertElement(element, type.element, time));
    case 'struct':
      return value === null ? null : convertStruct(value, type.fields ?? [], time);
    default:
      return value;
  }
}

function convertElement(value: Value, type: DataType, time: TimeReading): Value {
  try {
    return convert(value, type, time);
  } catch (thrown) {
    throw new EvaluationError(`array element type mismatch: ${messageOf(thrown)}`);
  }
}

function readTime(value: Value, {pattern, zone, present}: TimeReading): Value {
  const epochMs = typeof value === 'string' && pattern !== '' ? parseTimePattern(value, pattern, zone) : undefined;
  return epochMs === undefined ? toDateTime(value, zone, present) : dateTime(epochMs, zone);
}

/** An object, or a text that holds one. */
function convertStruct(value: Value, fields: readonly {readonly name: string; readonly type: DataType}[], time: TimeReading): Value {
  const members = typeof value === 'string' ? (JSON.parse(value) as Value) : value;
  if (!isRow(members)) throw new EvaluationError(`expect struct but got ${describe(value)}`);
  const columns = fields.map(({name, type}) => ({name, type}));
  return compileStrictValidation({columns, open: false}, time)(members);
}
