import {toBoolean, toBytes, toFloat, toInt, toStringValue} from '#engine/values/coercion.ts';
import {boolean, bytea, type DataType, datetime, float, int, string} from '#engine/values/data-type.ts';
import {toDateTime} from '#engine/values/date-time.ts';
import type {Value} from '#engine/values/value.ts';
import type {Scope} from '../function.ts';

export interface CastTarget {
  readonly type: DataType;
  readonly convert: (value: Value, scope: Scope) => Value;
}

/** What a value can be cast to, by name. */
export const castTargets: ReadonlyMap<string, CastTarget> = new Map<string, CastTarget>([
  ['bigint', {type: int, convert: value => toInt(value, 'all')}],
  ['float', {type: float, convert: value => toFloat(value, 'all')}],
  ['string', {type: string, convert: value => toStringValue(value, 'all')}],
  ['boolean', {type: boolean, convert: value => toBoolean(value, 'all')}],
  ['datetime', {type: datetime, convert: (value, scope) => toDateTime(value, scope.timeZone, scope)}],
  ['bytea', {type: bytea, convert: value => toBytes(value, 'all')}],
]);
