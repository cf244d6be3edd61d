import {expect, it} from 'vitest';
import {firstWindowEnd, type WindowUnit} from '#engine/operators/window-alignment.ts';

/** 2022-07-19 16:12:51.337 +08:00. */
const at = 1658218371337;
const shanghai = 'Asia/Shanghai';

it.each<[WindowUnit, number, number]>([
  ['ms', 10, 1658218371340],
  ['ms', 500, 1658218371500],
  ['ss', 1, 1658218372000],
  ['ss', 40, 1658218400000],
  ['mi', 1, 1658218380000],
  ['mi', 3, 1658218500000],
  ['hh', 1, 1658221200000],
  ['hh', 2, 1658224800000],
  ['hh', 5, 1658232000000],
  ['dd', 1, 1658246400000],
  ['dd', 7, 1658764800000],
])('the first window of %s %i ends where eKuiper’s does', (unit, length, end) => {
  expect(firstWindowEnd(unit, length, at, shanghai)).toBe(end);
});

it('a window that begins on a multiple ends at the next one', () => {
  expect(firstWindowEnd('ss', 10, 1_000_000_010_000, 'UTC')).toBe(1_000_000_020_000);
});

it('days end at midnight of the zone, also where the clock changes on the way', () => {
  const noonBeforeSummerTime = Date.UTC(2024, 2, 30, 11);
  expect(firstWindowEnd('dd', 1, noonBeforeSummerTime, 'Europe/Berlin')).toBe(Date.UTC(2024, 2, 30, 23));
  expect(firstWindowEnd('dd', 2, noonBeforeSummerTime, 'Europe/Berlin')).toBe(Date.UTC(2024, 2, 31, 22));
});

it('hours are the zone’s own where it is half an hour off', () => {
  expect(firstWindowEnd('hh', 1, Date.UTC(2024, 0, 1, 0, 10), 'Asia/Kolkata')).toBe(Date.UTC(2024, 0, 1, 0, 30));
});
