import {timeLayouts} from './time-layouts.ts';
import {instantOfWallClock, zoneFacts} from './time-zone.ts';
import {usualTime} from './usual-time.ts';

export interface ParsedTime {
  readonly epochMs: number;
  /** The offset the text names, or the zone given. */
  readonly zone: string;
}

/** Tells the present, for texts that leave out the year or the day. */
export interface Present {
  now(): number;
}

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Reads the written forms of a time, to the microsecond; undefined when the text is none of them or names no day of the
 * calendar. A text without year is of this year, one without date of today; without a `present` they are not read.
 */
export function parseTime(text: string, zone: string, present?: Present): ParsedTime | undefined {
  const usual = usualTime(text);
  if (usual !== undefined) {
    const ownZone = usual.isUtc ? 'UTC' : zone;
    const facts = zoneFacts(ownZone);
    return facts && {epochMs: instantOfWallClock(usual.wallMs, facts) + usual.fractionMs, zone: ownZone};
  }
  for (const layout of timeLayouts) {
    const groups = layout.exec(text)?.groups;
    if (groups) return assemble(groups, zone, present);
  }
  return undefined;
}

function assemble(groups: Groups, zone: string, present: Present | undefined): ParsedTime | undefined {
  const date = dateOf(groups, zone, present);
  const hour = hourOf(groups);
  const minute = Number(groups['minute'] ?? 0);
  const second = Number(groups['second'] ?? 0);
  if (date === undefined || hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = new Date(0);
  wall.setUTCFullYear(date.year, date.month - 1, date.day);
  if (wall.getUTCMonth() !== date.month - 1 || wall.getUTCDate() !== date.day) return undefined;
  wall.setUTCHours(hour, minute, second);
  const fractionMs = Math.round(Number(`0.${groups['fraction'] ?? '0'}`) * 1e6) / 1000;
  const ownZone = zoneOf(groups, zone, wall.getTime());
  const facts = zoneFacts(ownZone);
  return facts && {epochMs: instantOfWallClock(wall.getTime(), facts) + fractionMs, zone: ownZone};
}

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dateOf(groups: Groups, zone: string, present: Present | undefined): CalendarDate | undefined {
  const month = groups['monthName'] === undefined ? groups['month'] : monthNumber(groups['monthName']);
  if (groups['year'] !== undefined) return {year: Number(groups['year']), month: Number(month ?? 1), day: Number(groups['day'] ?? 1)};
  if (groups['shortYear'] !== undefined) {
    const short = Number(groups['shortYear']);
    return {year: short + (short >= 69 ? 1900 : 2000), month: Number(month), day: Number(groups['day'])};
  }
  const facts = zoneFacts(zone);
  if (present === undefined || facts === undefined) return undefined;
  const now = present.now();
  const today = new Date(now + facts.offsetAt(now) * 60_000);
  return {
    year: today.getUTCFullYear(),
    month: month === undefined ? today.getUTCMonth() + 1 : Number(month),
    day: groups['day'] === undefined ? today.getUTCDate() : Number(groups['day']),
  };
}

function monthNumber(name: string): number {
  return ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** The hour of the day; undefined for an hour that a clock with two halves does not have. */
function hourOf(groups: Groups): number | undefined {
  const hour = Number(groups['hour'] ?? 0);
  const half = groups['half']?.toUpperCase();
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'PM' ? 12 : 0);
}

/**
 * The zone that a text names. Letters stand for the zone given where they are its own abbreviation at that time, and for UTC otherwise, as
 * Go reads them: `CST` has no one meaning.
 */
function zoneOf(groups: Groups, zone: string, wallMs: number): string {
  const offset = groups['offset']?.toUpperCase();
  if (offset !== undefined) return zoneOfOffset(offset);
  const letters = groups['abbreviation']?.toUpperCase();
  if (letters === undefined) return zone;
  const shifted = /^GMT([+-])(\d{1,2})$/.exec(letters);
  if (shifted) return zoneOfOffset(`${shifted[1]}${shifted[2]!.padStart(2, '0')}`);
  const facts = zoneFacts(zone);
  return facts?.abbreviationAt(instantOfWallClock(wallMs, facts)) === letters ? zone : 'UTC';
}

function zoneOfOffset(text: string): string {
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 'UTC';
  const full = text.length === 3 ? `${text}00` : text;
  const zone = full.includes(':') ? full : `${full.slice(0, 3)}:${full.slice(3)}`;
  return zone.endsWith('00:00') ? 'UTC' : zone;
}
