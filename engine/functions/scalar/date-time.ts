import {string} from '#engine/values/data-type.ts';
import {toDateTime} from '#engine/values/date-time.ts';
import {toText} from '#engine/values/text.ts';
import {timeFormat} from '#engine/values/time-pattern.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, scopedScalar} from '../define.ts';
import type {Scope} from '../function.ts';

const format_time = scopedScalar({
  name: 'format_time',
  summary: 'Writes a time by a pattern.',
  params: [
    param('t', 'datetime', 'A datetime, milliseconds since 1970, or a text such as `2006-01-02 15:04:05`.'),
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
  call: (scope: Scope, time: Value, pattern: Value) => timeFormat(toText(pattern))(toDateTime(time, scope.timeZone)),
});

export const dateTimeFunctions = family('Date and time functions', [format_time]);
