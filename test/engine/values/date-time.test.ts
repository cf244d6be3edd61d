import {describe, expect, it} from 'vitest';
import {dateTime, toDateTime} from '#engine/values/date-time.ts';
import {timeFormat} from '#engine/values/time-pattern.ts';
import type {Value} from '#engine/values/value.ts';

describe('toDateTime', () => {
  const cases: readonly [value: Value, zone: string, printed: string][] = [
    [1_714_979_289_123n, 'UTC', '2024-05-06T07:08:09.123Z'],
    [-1, 'UTC', '1969-12-31T23:59:59.999Z'],
    [0, 'Asia/Shanghai', '1970-01-01T08:00:00+08:00'],
    ['2024-05-06 07:08:09', 'UTC', '2024-05-06T07:08:09Z'],
    ['2024-05-06 07:08:09', 'Asia/Shanghai', '2024-05-06T07:08:09+08:00'],
    ['2024-05-06T07:08:09.123456Z', 'Asia/Shanghai', '2024-05-06T07:08:09.123456Z'],
    ['2024-05-06T07:08:09.12345+08:00', 'UTC', '2024-05-06T07:08:09.12345+08:00'],
    ['2024-05-06 07:08:09.5 -0300 BRT', 'UTC', '2024-05-06T07:08:09.5-03:00'],
    ['2024/05/06 07:08:09', 'UTC', '2024-05-06T07:08:09Z'],
    ['2024.5.6', 'UTC', '2024-05-06T00:00:00Z'],
    ['5/6/2024 7:8', 'UTC', '2024-05-06T07:08:00Z'],
    ['20240506', 'UTC', '2024-05-06T00:00:00Z'],
    ['2024-05-06 07', 'UTC', '2024-05-06T07:00:00Z'],
    ['2024', 'UTC', '2024-01-01T00:00:00Z'],
    ['2024-5', 'UTC', '2024-05-01T00:00:00Z'],
    ['2024-02-29', 'UTC', '2024-02-29T00:00:00Z'],
    ['2024-07-01 12:00:00', 'Europe/Berlin', '2024-07-01T12:00:00+02:00'],
    ['2024-12-01 12:00:00', 'Europe/Berlin', '2024-12-01T12:00:00+01:00'],
  ];
  it.each(cases)('reads %s in %s', (value, zone, printed) => expect(toDateTime(value, zone).toJSON()).toBe(printed));

  const present = {now: () => Date.UTC(2026, 2, 5, 22, 30)};
  const layouts: readonly [text: string, zone: string, printed: string][] = [
    ['1-2', 'UTC', '2026-01-02T00:00:00Z'],
    ['15:4:5', 'UTC', '2026-03-05T15:04:05Z'],
    ['15:4', 'Asia/Shanghai', '2026-03-06T15:04:00+08:00'],
    ['7', 'UTC', '2026-03-05T07:00:00Z'],
    ['3:04PM', 'UTC', '2026-03-05T15:04:00Z'],
    ['12:30AM', 'UTC', '2026-03-05T00:30:00Z'],
    ['Feb  3 04:05:06.789', 'UTC', '2026-02-03T04:05:06.789Z'],
    ['Mon May  6 07:08:09 2024', 'Asia/Shanghai', '2024-05-06T07:08:09+08:00'],
    ['Mon May  6 07:08:09 UTC 2024', 'Asia/Shanghai', '2024-05-06T07:08:09Z'],
    ['Mon May 06 07:08:09 -0700 2024', 'UTC', '2024-05-06T07:08:09-07:00'],
    ['06 May 24 07:08 EDT', 'America/New_York', '2024-05-06T07:08:00-04:00'],
    ['06 May 24 07:08 CST', 'Asia/Tokyo', '2024-05-06T07:08:00Z'],
    ['06 May 69 07:08 +0200', 'UTC', '1969-05-06T07:08:00+02:00'],
    ['Monday, 06-May-24 07:08:09 GMT+3', 'UTC', '2024-05-06T07:08:09+03:00'],
    ['Mon, 06 May 2024 07:08:09 GMT', 'Asia/Shanghai', '2024-05-06T07:08:09Z'],
    ['Mon, 06 May 2024 07:08:09 +0530', 'UTC', '2024-05-06T07:08:09+05:30'],
    ['07:08:09 May 6, 2024 UTC', 'UTC', '2024-05-06T07:08:09Z'],
    ['2024-05-06T07:08:09.123456789+08', 'UTC', '2024-05-06T07:08:09.123457+08:00'],
  ];
  it.each(layouts)('reads %s in %s where the present is known', (text, zone, printed) =>
    expect(toDateTime(text, zone, present).toJSON()).toBe(printed));

  it.each(['1-2', '7', '15:04', '3:04PM'])('refuses %s where it is not', text => expect(() => toDateTime(text, 'UTC')).toThrow());

  it.each(['13:04PM', '0:04AM', '2-30', 'Feb 30 04:05:06', '25', '07:60'])('refuses %s', text =>
    expect(() => toDateTime(text, 'UTC', present)).toThrow());

  it.each(['yesterday', '', '2023-02-29', '2024-13-01', '2024-05-06 24:00:00', true, null, [], 1e300] as Value[])('refuses %s', value =>
    expect(() => toDateTime(value, 'UTC')).toThrow());

  it('refuses a zone that does not exist', () => expect(() => dateTime(0, 'Mars/Olympus')).toThrow('unknown time zone Mars/Olympus'));
});

describe('timeFormat', () => {
  const cases: readonly [text: string, pattern: string, printed: string][] = [
    ['2024-05-06T07:08:09.123Z', 'YYYY-MM-ddTHH:mm:ssSSS', '2024-05-06T07:08:09.123'],
    ['2024-05-06T07:08:09.123456Z', 'ssSSSSSSSSS', '09.123456000'],
    ['2024-05-06T07:08:09Z', 'EEEE, d MMMM yyyy', 'Monday, 6 May 2024'],
    ['1999-12-31T12:00:00Z', 'EEE d MMM yy hh:mm a', 'Fri 31 Dec 99 12:00 PM'],
    ['2024-05-06T00:08:09Z', 'h:m:s', '12:8:9'],
    ['2024-05-06T07:08:09+05:30', 'X XX XXX Z z', '+05 +0530 +05:30 +0530 +0530'],
    ['2024-05-06T07:08:09Z', "G yyyy 'week of' '' \\y 年", "AD 2024 week of ' y 年"],
    ['2024-05-06T07:08:09Z', '', ''],
  ];
  it.each(cases)('prints %s by %s', (text, pattern, printed) => expect(timeFormat(pattern)(toDateTime(text, 'UTC'))).toBe(printed));

  it.each(['H', 'yyy', 'MMMMM', 'ddd'])('refuses the run %s and says what is known', pattern =>
    expect(() => timeFormat(pattern)).toThrow(/expected "/));
});
