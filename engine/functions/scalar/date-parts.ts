import {int, string} from '#engine/values/data-type.ts';
import {toDateTime, type WallClock, wallClockOf} from '#engine/values/date-time.ts';
import {timeFormat} from '#engine/values/time-pattern.ts';
import type {Value} from '#engine/values/value.ts';
import {scopedScalar} from '../define.ts';
import type {Example, ScalarFunction, Scope} from '../function.ts';
import {time} from './date-parameters.ts';

/** A function that reads one part off the clock of a time's zone. */
function part(
  name: string,
  summary: string,
  of: (wall: WallClock) => number,
  examples: readonly Example[],
  aliases: readonly string[] = [],
): ScalarFunction {
  return scopedScalar({
    name,
    aliases,
    summary,
    params: [time],
    examples,
    // A null is no time: an error, as in eKuiper.
    nullRule: 'seen',
    returns: int,
    call: (scope: Scope, value: Value) => of(wallClockOf(toDateTime(value, scope.timeZone, scope))),
  });
}

/** A function that prints one part of a time by a pattern. */
function name(name: string, summary: string, pattern: string, examples: readonly Example[]): ScalarFunction {
  return scopedScalar({
    name,
    summary,
    params: [time],
    examples,
    nullRule: 'seen',
    returns: string,
    call: (scope: Scope, value: Value) => timeFormat(pattern)(toDateTime(value, scope.timeZone, scope)),
  });
}

function dayOfYear({year, month, day}: WallClock): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const first = new Date(0);
  first.setUTCFullYear(year, 0, 1);
  return Math.round((date.getTime() - first.getTime()) / 86_400_000) + 1;
}

const t = {t: '2019-01-01 01:23:45.123456'};

export const datePartFunctions: readonly ScalarFunction[] = [
  name('day_name', 'The English name of the weekday.', 'EEEE', [['day_name(t)', 'Tuesday', t]]),
  part('day_of_month', 'The day of the month, 1 to 31.', wall => wall.day, [['day_of_month(t)', 1n, t]], ['day']),
  part('day_of_week', 'The day of the week, from 0 for Sunday to 6 for Saturday.', wall => wall.weekday, [['day_of_week(t)', 2n, t]]),
  part('day_of_year', 'The day of the year, 1 to 366.', dayOfYear, [
    ['day_of_year(t)', 1n, t],
    ['day_of_year(t)', 366n, {t: '2024-12-31'}],
  ]),
  part('hour', 'The hour of the day, 0 to 23.', wall => wall.hour, [['hour(t)', 1n, t]]),
  part('microsecond', 'The fraction of the second in microseconds, 0 to 999999.', wall => wall.microsecond, [
    ['microsecond(t)', 123456n, t],
    ['microsecond(t)', 5000n, {t: 5n}],
  ]),
  part('minute', 'The minute of the hour, 0 to 59.', wall => wall.minute, [['minute(t)', 23n, t]]),
  part('month', 'The month, 1 to 12.', wall => wall.month, [['month(t)', 1n, t]]),
  name('month_name', 'The English name of the month.', 'MMMM', [['month_name(t)', 'January', t]]),
  part('second', 'The second of the minute, 0 to 59.', wall => wall.second, [['second(t)', 45n, t]]),
];
