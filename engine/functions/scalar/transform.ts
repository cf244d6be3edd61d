import {EvaluationError} from '#engine/base/errors.ts';
import {any, datetime, int} from '#engine/values/data-type.ts';
import {dateTime, toDateTime} from '#engine/values/date-time.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, scopedScalar} from '../define.ts';
import type {Scope} from '../function.ts';
import {type CastTarget, castTargets} from './cast-target.ts';
import {compressionFunctions} from './compression.ts';
import {time} from './date-parameters.ts';
import {notationFunctions} from './notation.ts';

const targetNames = [...castTargets.keys()].join(', ');

const cast = scopedScalar({
  name: 'cast',
  summary: 'Converts a value to another type; what cannot be converted is an error.',
  params: [
    param(
      'x',
      'any',
      'A bigint of text may be written `0x1f`; a datetime is milliseconds or a text such as `2006-01-02 15:04:05`; bytea is base64 or the text itself.',
    ),
    param('type', 'string', `One of ${targetNames}.`),
  ],
  examples: [
    ["cast(101.5, 'bigint')", 101n],
    ["cast('0x1f', 'bigint')", 31n],
    ["cast(1, 'boolean')", true],
    ["cast(1000000.0, 'string')", '1000000'],
    ["cast('2.5e-3', 'float')", 0.0025],
    ["cast(cast('Ynl0ZWE=', 'bytea'), 'string')", 'bytea'],
    ["cast(cast(1000, 'datetime'), 'string')", '1970-01-01 00:00:01 +0000 UTC'],
  ],
  returns: (_, literals) => targetOf(literals?.[1])?.type ?? any,
  check: ([, type]) =>
    type === undefined || targetOf(type) !== undefined ? undefined : `Expect one of following value for the 2nd parameter: ${targetNames}.`,
  call: (scope: Scope, value: Value, type: Value) => {
    const target = targetOf(type);
    if (target === undefined) throw new EvaluationError(`not supported type conversion: expected one of ${targetNames}`);
    return target.convert(value, scope);
  },
});

function targetOf(name: Value | undefined): CastTarget | undefined {
  return typeof name === 'string' ? castTargets.get(name) : undefined;
}

const convert_tz = scopedScalar({
  name: 'convert_tz',
  summary: 'The same instant as a datetime of another time zone.',
  params: [time, param('zone', 'string', 'A time zone, such as `Asia/Shanghai` or `UTC`.')],
  examples: [
    ["to_json(convert_tz(t, 'Asia/Shanghai'))", '"2022-04-13T14:22:32.233+08:00"', {t: '2022-04-13T06:22:32.233Z'}],
    ["to_json(convert_tz(0, 'Europe/Berlin'))", '"1970-01-01T01:00:00+01:00"'],
  ],
  returns: datetime,
  call: (scope: Scope, value: Value, zone: Value) => dateTime(toDateTime(value, scope.timeZone, scope).epochMs, toText(zone)),
});

const to_seconds = scopedScalar({
  name: 'to_seconds',
  summary: 'The whole seconds from 1970 to a time.',
  params: [time],
  examples: [
    ['to_seconds(t)', 1714979289n, {t: '2024-05-06 07:08:09'}],
    ['to_seconds(-1)', -1n],
  ],
  returns: int,
  call: (scope: Scope, value: Value) => Math.floor(toDateTime(value, scope.timeZone, scope).epochMs / 1000),
});

export const transformFunctions = family('Transform functions', [
  cast,
  convert_tz,
  to_seconds,
  ...notationFunctions,
  ...compressionFunctions,
]);
