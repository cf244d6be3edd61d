import {instantOfWallClock, zoneFacts} from './time-zone.ts';

export interface ParsedTime {
  readonly epochMs: number;
  /** The offset the text names, or the zone given. */
  readonly zone: string;
}

const time = String.raw`(?:[ T](?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?)?)?)?`;
const offset = String.raw`(?: ?(?<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?: [A-Z]{3,4})?)?`;

const layouts: readonly RegExp[] = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})${time}${offset}`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/(?<day>\d{1,2})${time}`,
  String.raw`(?<year>\d{4})\.(?<month>\d{1,2})\.(?<day>\d{1,2})${time}`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})${time}`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})`,
  String.raw`(?<year>\d{4})(?:-(?<month>\d{1,2}))?`,
].map(layout => new RegExp(`^${layout}$`));

/**
 * Reads the written forms of a date that name the year in digits (spec sql §5.4), to the microsecond; undefined when the text is none of
 * them or names no day of the calendar.
 */
export function parseTime(text: string, zone: string): ParsedTime | undefined {
  for (const layout of layouts) {
    const groups = layout.exec(text)?.groups;
    if (groups) return assemble(groups, zone);
  }
  return undefined;
}

function assemble(groups: Readonly<Record<string, string | undefined>>, zone: string): ParsedTime | undefined {
  const part = (name: string, absent: number): number => (groups[name] === undefined ? absent : Number(groups[name]));
  const year = part('year', 0);
  const month = part('month', 1);
  const day = part('day', 1);
  const hour = part('hour', 0);
  const minute = part('minute', 0);
  const second = part('second', 0);
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  wall.setUTCHours(hour, minute, second);
  const fractionMs = Math.round(Number(`0.${groups['fraction'] ?? '0'}`) * 1e6) / 1000;
  const ownZone = groups['offset'] === undefined ? zone : zoneOfOffset(groups['offset']);
  const facts = zoneFacts(ownZone);
  return facts && {epochMs: instantOfWallClock(wall.getTime(), facts) + fractionMs, zone: ownZone};
}

function zoneOfOffset(text: string): string {
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 'UTC';
  const full = text.length === 3 ? `${text}00` : text;
  const zone = full.includes(':') ? full : `${full.slice(0, 3)}:${full.slice(3)}`;
  return zone.endsWith('00:00') ? 'UTC' : zone;
}
