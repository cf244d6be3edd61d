import {dateTime, offsetOf, offsetText, wallClockOf} from '#engine/values/date-time.ts';
import {zoneFacts} from '#engine/values/time-zone.ts';
import type {DateTime} from '#engine/values/value.ts';

/** The parts of Go's reference time, `Mon Jan 2 15:04:05 MST 2006`, in any of their forms. */
const partPattern =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|0[1-6]|15|[1-5]|PM|pm|[-Z](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?!\d)/g;

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** A time in a layout of Go. */
export function formatLayout(time: DateTime, layout: string): string {
  const wall = wallClockOf(time);
  const hour12 = wall.hour % 12 === 0 ? 12 : wall.hour % 12;
  const yearDay = String(
    Math.floor((Date.UTC(2000, wall.month - 1, wall.day) - Date.UTC(2000, 0, 1)) / 86_400_000) + 1 - leapCorrection(wall.year, wall.month),
  );
  return layout.replace(partPattern, part => {
    switch (part) {
      case 'January':
        return months[wall.month - 1]!;
      case 'Jan':
        return months[wall.month - 1]!.slice(0, 3);
      case 'Monday':
        return days[wall.weekday]!;
      case 'Mon':
        return days[wall.weekday]!.slice(0, 3);
      case 'MST':
        return zoneFacts(time.zone)!.abbreviationAt(time.epochMs);
      case '2006':
        return String(wall.year).padStart(4, '0');
      case '06':
        return twoDigits(wall.year % 100);
      case '01':
        return twoDigits(wall.month);
      case '1':
        return String(wall.month);
      case '02':
        return twoDigits(wall.day);
      case '_2':
        return String(wall.day).padStart(2);
      case '2':
        return String(wall.day);
      case '__2':
        return yearDay.padStart(3);
      case '002':
        return yearDay.padStart(3, '0');
      case '15':
        return twoDigits(wall.hour);
      case '03':
        return twoDigits(hour12);
      case '3':
        return String(hour12);
      case '04':
        return twoDigits(wall.minute);
      case '4':
        return String(wall.minute);
      case '05':
        return twoDigits(wall.second);
      case '5':
        return String(wall.second);
      case 'PM':
        return wall.hour < 12 ? 'AM' : 'PM';
      case 'pm':
        return wall.hour < 12 ? 'am' : 'pm';
    }
    return part[0] === '.' || part[0] === ',' ? fractionText(part, wall.microsecond) : zoneText(part, offsetOf(time));
  });
}

function leapCorrection(year: number, month: number): number {
  return month > 2 && !isLeap(year) ? 1 : 0;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Zeros are kept, nines drop what is 0 at the end. */
function fractionText(part: string, microsecond: number): string {
  const digits = `${String(microsecond).padStart(6, '0')}000`.padEnd(part.length - 1, '0').slice(0, part.length - 1);
  if (part[1] === '0') return part[0] + digits;
  const significant = digits.replace(/0+$/, '');
  return significant === '' ? '' : part[0] + significant;
}

function zoneText(part: string, offset: number): string {
  if (part[0] === 'Z' && offset === 0) return 'Z';
  const text = offsetText(offset, part.includes(':') ? ':' : '');
  if (part.length === 3) return text.slice(0, 3);
  return part.length > 6 || part === '-070000' || part === 'Z070000' ? `${text}${part.includes(':') ? ':' : ''}00` : text;
}

/** What a part of a layout takes of a text. */
const shapes: Readonly<Record<string, string>> = {
  January: months.join('|'),
  Jan: months.map(name => name.slice(0, 3)).join('|'),
  Monday: days.join('|'),
  Mon: days.map(name => name.slice(0, 3)).join('|'),
  MST: 'GMT[+-]\\d{1,2}|[A-Z]{3,5}|[+-]\\d{2}(?:\\d{2})?',
  2006: '\\d{4}',
  '02': '\\d{2}',
  '2': '\\d{1,2}',
  _2: ' ?\\d{1,2}',
  __2: '[ \\d]{2}\\d',
  '002': '\\d{3}',
  15: '\\d{1,2}',
  '5': '\\d{1,2}(?:[.,]\\d+)?',
  '05': '\\d{2}(?:[.,]\\d+)?',
  PM: 'AM|PM',
  pm: 'am|pm',
};

function shapeOf(part: string, next: string | undefined): string {
  if (part[0] === '.' || part[0] === ',') return part[1] === '0' ? `[.,]\\d{${part.length - 1}}` : '(?:[.,]\\d+)?';
  if (part[0] === '-' || (part[0] === 'Z' && part.length > 1)) {
    const offset = `[+-]${part.slice(1).replace(/\d/g, '\\d')}`;
    return part[0] === 'Z' ? `Z|${offset}` : offset;
  }
  // The fraction that follows belongs to its own part.
  if (part === '05' || part === '5') return next?.[0] === '.' || next?.[0] === ',' ? shapes[part]!.replace(/\(.*/, '') : shapes[part]!;
  return shapes[part] ?? (part.length === 2 ? '\\d{2}' : '\\d{1,2}');
}

/** The time that a text in a layout of Go stands for, in UTC unless it names an offset; undefined when it does not fit. */
export function parseLayout(text: string, layout: string): DateTime | undefined {
  const parts = layout.match(partPattern) ?? [];
  const literals = layout.split(partPattern).map(literal => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const pattern = literals.map((literal, i) => literal + (i < parts.length ? `(${shapeOf(parts[i]!, parts[i + 1])})` : '')).join('');
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return undefined;
  const read = {year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: 0, half: '', zone: 'UTC', yearDay: 0};
  for (const [i, part] of parts.entries()) readPart(read, part, match[i + 1]!);
  const {year, month, minute, second, yearDay} = read;
  let {day, hour} = read;
  if (read.half !== '' && hour > 12) return undefined;
  if (read.half === 'PM' && hour < 12) hour += 12;
  if (read.half === 'AM' && hour === 12) hour = 0;
  if (yearDay > 0) day = yearDay;
  const lastDay = yearDay > 0 ? (isLeap(year) ? 366 : 365) : new Date(Date.UTC(isLeap(year) ? 2000 : 2001, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay || hour > 23 || minute > 59 || second > 59) return undefined;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second);
  const offset = zoneFacts(read.zone)?.offsetAt(wall.getTime());
  if (offset === undefined) return undefined;
  return dateTime(wall.getTime() + read.fraction * 1000 - offset * 60_000, offset === 0 ? 'UTC' : read.zone);
}

interface Read {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Of a second. */
  fraction: number;
  half: string;
  zone: string;
  yearDay: number;
}

function readPart(read: Read, part: string, text: string): void {
  const number = Number.parseInt(text, 10);
  if (part === 'January' || part === 'Jan') read.month = months.findIndex(name => name.startsWith(text)) + 1;
  else if (part === '01' || part === '1') read.month = number;
  else if (part === '2006') read.year = number;
  else if (part === '06') read.year = number + (number >= 69 ? 1900 : 2000);
  else if (part === '002' || part === '__2') read.yearDay = number;
  else if (part === '02' || part === '2' || part === '_2') read.day = Number(text);
  else if (part === '15' || part === '03' || part === '3') read.hour = number;
  else if (part === '04' || part === '4') read.minute = number;
  else if (part === '05' || part === '5') {
    read.second = number;
    const fraction = text.replace(/^\d+/, '');
    if (fraction !== '') read.fraction = Number(`0.${fraction.slice(1)}`);
  } else if (part === 'PM' || part === 'pm') read.half = text.toUpperCase();
  else if (part[0] === '.' || part[0] === ',') read.fraction = text === '' ? 0 : Number(`0.${text.slice(1)}`);
  else if (part[0] === '-' || (part[0] === 'Z' && part !== 'Z')) {
    const digits = text.replaceAll(':', '');
    read.zone = text === 'Z' ? 'UTC' : `${digits.slice(0, 3)}:${digits.slice(3, 5).padEnd(2, '0')}`;
  }
}
