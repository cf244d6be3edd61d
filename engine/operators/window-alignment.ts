import type {Timestamp} from '#engine/base/clock.ts';
import {instantOfWallClock, zoneFacts} from '#engine/values/time-zone.ts';

/** Units of time windows, as in SQL. */
export type WindowUnit = 'dd' | 'hh' | 'mi' | 'ss' | 'ms';

const unitMs: Readonly<Record<WindowUnit, number>> = {dd: 86_400_000, hh: 3_600_000, mi: 60_000, ss: 1000, ms: 1};
/** The span in which the units of a window are counted. */
const baseMs: Readonly<Record<WindowUnit, number>> = {dd: 86_400_000, hh: 86_400_000, mi: 3_600_000, ss: 60_000, ms: 1000};

/** Length of a window of `length` units; a day counts 24 hours. */
export function windowLengthMs(unit: WindowUnit, length: number): number {
  return length * unitMs[unit];
}

/**
 * The first end of a window after `at`: the next multiple of `length` units counted from the start of the enclosing unit —
 * a second for ms, a minute for ss, an hour for mi, the day for hh — on the clock of `timeZone`; for dd, midnight `length` days after
 * today's.
 *
 * Where `at` lies on a multiple the end is the one after it; eKuiper gives a past end there and with it an almost empty first window.
 */
export function firstWindowEnd(unit: WindowUnit, length: number, at: Timestamp, timeZone: string): Timestamp {
  const zone = zoneFacts(timeZone) ?? zoneFacts('UTC')!;
  const wall = at + zone.offsetAt(at) * 60_000;
  const base = Math.floor(wall / baseMs[unit]) * baseMs[unit];
  const lengthMs = windowLengthMs(unit, length);
  const end = unit === 'dd' ? base + lengthMs : base + (Math.floor((wall - base) / lengthMs) + 1) * lengthMs;
  return instantOfWallClock(end, zone);
}
