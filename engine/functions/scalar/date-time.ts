import {parseDuration} from '#engine/base/duration.ts';
import {EvaluationError} from '#engine/base/errors.ts';
import {toInt, toStringValue} from '#engine/values/coercion.ts';
import {int, string} from '#engine/values/data-type.ts';
import {dateTime, toDateTime, wallClockOf} from '#engine/values/date-time.ts';
import {toText} from '#engine/values/text.ts';
import {timeFormat} from '#engine/values/time-pattern.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, scalar, scopedScalar} from '../define.ts';
import type {Scope} from '../function.ts';
import {time} from './date-parameters.ts';
import {datePartFunctions} from './date-parts.ts';
import {presentFunctions} from './present.ts';

const dateAndTime = timeFormat('yyyy-MM-dd HH:mm:ss');
const dateAlone = timeFormat('yyyy-MM-dd');

const format_time = scopedScalar({
  name: 'format_time',
  summary: 'Writes a time by a pattern.',
  params: [
    time,
    param(
      'pattern',
      'string',
      '`yyyy` year, `MM` `MMM` `MMMM` month, `dd` day, `EEE` `EEEE` weekday, `HH` hour, `hh` and `a` hour with AM or PM, `mm` minute, `ss` second, `SSS` fraction with its point, `z` `Z` `XXX` zone; text in single quotes stands for itself.',
    ),
  ],
  examples: [
    ["format_time(1568854515000, 'yyyy-MM-dd T HH:mm:ss')", '2019-09-19 T 00:55:15'],
    ["format_time(t, 'EEEE, d MMMM yyyy HH:mm:ssSSS XXX')", 'Monday, 6 May 2024 07:08:09.500 +05:30', {t: '2024-05-06T07:08:09.5+05:30'}],
  ],
  returns: string,
  call: (scope: Scope, value: Value, pattern: Value) => timeFormat(toText(pattern))(toDateTime(value, scope.timeZone, scope)),
});

const date_calc = scopedScalar({
  name: 'date_calc',
  summary: 'A time moved by a duration.',
  params: [
    time,
    param('duration', 'string', 'Such as `1h30m` or `-24h`; the units are `h`, `m`, `s`, `ms`, `us` and `ns`, a day is `24h`.'),
  ],
  examples: [
    ["date_calc(t, '24h')", '2019-01-02 00:00:00', {t: '2019-01-01 00:00:00'}],
    ["date_calc(t, '-1h30m')", '2018-12-31 22:30:00', {t: '2019-01-01 00:00:00'}],
  ],
  nullRule: 'seen',
  returns: string,
  call: (scope: Scope, value: Value, duration: Value) => {
    const from = toDateTime(value, scope.timeZone, scope);
    const text = toStringValue(duration, 'strict');
    const byMs = parseDuration(text);
    if (byMs === undefined) throw new EvaluationError(`invalid duration "${text}": expected a form such as 1h30m`);
    return dateAndTime(dateTime(from.epochMs + byMs, from.zone));
  },
});

const date_diff = scopedScalar({
  name: 'date_diff',
  summary: 'How much later the second time is than the first, in nanoseconds.',
  params: [
    {...time, name: 't1'},
    {...time, name: 't2'},
  ],
  examples: [
    ['date_diff(a, b)', 86_400_000_000_000n, {a: '2019-01-01', b: '2019-01-02'}],
    ['date_diff(a, b)', -1_500_000_000n, {a: 1500n, b: 0n}],
  ],
  nullRule: 'seen',
  returns: int,
  call: (scope: Scope, from: Value, to: Value) => {
    const earlier = microseconds(toDateTime(from, scope.timeZone, scope).epochMs);
    const nanoseconds = (microseconds(toDateTime(to, scope.timeZone, scope).epochMs) - earlier) * 1000n;
    // As Go's durations: 292 years are the most.
    if (nanoseconds >= 1n << 63n) return (1n << 63n) - 1n;
    return nanoseconds < -(1n << 63n) ? -(1n << 63n) : nanoseconds;
  },
});

function microseconds(epochMs: number): bigint {
  const whole = Math.floor(epochMs);
  return BigInt(whole) * 1000n + BigInt(Math.round((epochMs - whole) * 1000));
}

const from_days = scalar({
  name: 'from_days',
  summary: 'The date of a day counted from 1970-01-01, which is day 1; null of 0.',
  params: [param('n', 'int', 'The number of the day.')],
  examples: [
    ['from_days(n)', '1970-04-10', {n: 100n}],
    ['from_days(0)', null],
  ],
  returns: string,
  call: (days: Value) => {
    const count = toInt(days, 'strict');
    return count === 0n ? null : dateAlone(dateTime((Number(count) - 1) * 86_400_000, 'UTC'));
  },
});

const from_unix_time = scopedScalar({
  name: 'from_unix_time',
  summary: 'The date and time of a number of seconds since 1970; null of 0.',
  params: [param('seconds', 'int', 'Seconds since 1970.')],
  examples: [
    ['from_unix_time(n)', '2023-08-14 06:38:25', {n: 1_691_995_105n}],
    ['from_unix_time(0)', null],
  ],
  returns: string,
  call: (scope: Scope, seconds: Value) => {
    const count = toInt(seconds, 'strict');
    return count === 0n ? null : dateAndTime(dateTime(Number(count) * 1000, scope.timeZone));
  },
});

const last_day = scopedScalar({
  name: 'last_day',
  summary: 'The date of the last day of the month.',
  params: [time],
  examples: [
    ['last_day(t)', '2019-01-31', {t: '2019-01-01'}],
    ['last_day(t)', '2024-02-29', {t: '2024-02-10'}],
  ],
  nullRule: 'seen',
  returns: string,
  call: (scope: Scope, value: Value) => {
    const {year, month} = wallClockOf(toDateTime(value, scope.timeZone, scope));
    const last = new Date(0);
    last.setUTCFullYear(year, month, 0);
    return dateAlone(dateTime(last.getTime(), 'UTC'));
  },
});

export const dateTimeFunctions = family('Date and time functions', [
  ...presentFunctions,
  format_time,
  date_calc,
  date_diff,
  ...datePartFunctions,
  from_days,
  from_unix_time,
  last_day,
]);
