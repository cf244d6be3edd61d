import {EvaluationError} from '#engine/base/errors.ts';
import {type Present, parseTime} from './parse-time.ts';
import {toText} from './text.ts';
import {zoneFacts} from './time-zone.ts';
import {isDateTime} from './type-name.ts';
import type {DateTime, Value} from './value.ts';

/** The only DateTime the engine makes. The zone must be one that `zoneFacts` knows. */
class ZonedInstant implements DateTime {
  readonly epochMs: number;
  readonly zone: string;

  constructor(epochMs: number, zone: string) {
    this.epochMs = epochMs;
    this.zone = zone;
  }

  /** RFC 3339 with as many fraction digits as needed, up to microseconds. */
  toJSON(): string {
    const {date, time, offset} = this.#parts();
    const zone = offset === 0 ? 'Z' : offsetText(offset, ':');
    return `${date}T${time}${zone}`;
  }

  /** Go's `%v`: `2024-05-06 07:08:09.5 +0000 UTC`. */
  toString(): string {
    const {date, time, offset} = this.#parts();
    return `${date} ${time} ${offsetText(offset, '')} ${zoneFacts(this.zone)!.abbreviationAt(this.epochMs)}`;
  }

  #parts(): {date: string; time: string; offset: number} {
    const offset = zoneFacts(this.zone)!.offsetAt(this.epochMs);
    const wall = wallClock(this.epochMs, offset);
    const date = `${pad(wall.year, 4)}-${pad(wall.month, 2)}-${pad(wall.day, 2)}`;
    const fraction = pad(wall.microsecond, 6).replace(/0+$/, '');
    const time = `${pad(wall.hour, 2)}:${pad(wall.minute, 2)}:${pad(wall.second, 2)}${fraction === '' ? '' : `.${fraction}`}`;
    return {date, time, offset};
  }
}

/** An instant in a zone: IANA name, `UTC` or an offset such as `+05:30`. Throws an EvaluationError for a zone that does not exist. */
export function dateTime(epochMs: number, zone: string): DateTime {
  if (zoneFacts(zone) === undefined) throw new EvaluationError(`unknown time zone ${zone}`);
  // ±8.64e15 ms is what a JavaScript date can be.
  if (!(Math.abs(epochMs) <= 8.64e15)) throw new EvaluationError(`${epochMs} is no time: expected milliseconds since 1970`);
  return new ZonedInstant(epochMs, zone);
}

/**
 * A datetime of a value in the untyped form: numbers are whole milliseconds since the epoch, a fraction cut off; texts of a known form are
 * read in `zone` unless they name their own offset; a datetime keeps its zone. Texts without year or day need to know the present.
 */
export function toDateTime(value: Value, zone: string, present?: Present): DateTime {
  if (isDateTime(value)) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return dateTime(Math.trunc(Number(value)), zone);
  if (typeof value === 'string') {
    const parsed = parseTime(value, zone, present);
    if (parsed === undefined)
      throw new EvaluationError(`cannot parse string "${value}" as time: expected a form such as 2006-01-02 15:04:05`);
    return dateTime(parsed.epochMs, parsed.zone);
  }
  throw new EvaluationError(`unsupported type to convert to timestamp ${toText(value, '<nil>')}`);
}

/** What a clock in a zone shows. */
export interface WallClock {
  readonly year: number;
  /** 1 – 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** `offset`: minutes east of UTC. */
export function wallClock(epochMs: number, offset: number): WallClock {
  const seconds = Math.floor(epochMs / 1000);
  const microseconds = Math.round((epochMs - seconds * 1000) * 1000);
  const carried = microseconds === 1_000_000 ? 1 : 0;
  const date = new Date((seconds + carried) * 1000 + offset * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: carried ? 0 : microseconds,
  };
}

/** The clock of the datetime's own zone. */
export function wallClockOf(value: DateTime): WallClock {
  return wallClock(value.epochMs, offsetOf(value));
}

/** Minutes east of UTC at the instant. */
export function offsetOf(value: DateTime): number {
  return zoneFacts(value.zone)!.offsetAt(value.epochMs);
}

/** `+05:30` with the separator `:`, `+0530` without. */
export function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${separator}${pad(Math.floor(size % 60), 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
