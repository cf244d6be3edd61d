import {EvaluationError} from '#engine/base/errors.ts';
import {dateTime} from '#engine/values/date-time.ts';
import {zoneFacts} from '#engine/values/time-zone.ts';
import {isDateTime} from '#engine/values/type-name.ts';
import type {DateTime} from '#engine/values/value.ts';
import {goTypeOf, Opaque, type TemplateValue} from '../template-value.ts';
import {goDurationText, parseGoDuration} from './go-duration.ts';
import {formatLayout, parseLayout} from './go-layout.ts';
import {define, defineAtTime, type TemplateFamily, textArgument} from './template-function.ts';
import {whole} from './to-number.ts';

const second = 1_000_000_000n;
const isoDay = '2006-01-02';
/** What Go's zero time is: the first of January of the year 1. */
const zeroTime = -62_135_596_800_000;

const sample = 'toDate "2006-01-02 15:04" "2026-03-05 08:30"';

/** Sprig's dates. A time is a datetime or a number of seconds since 1970; the local zone is UTC. */
export const dateFunctions: TemplateFamily = {
  title: 'Dates',
  functions: {
    now: defineAtTime('The present.', '{{now | unixEpoch | len}}', 0, now => () => dateTime(now(), 'UTC')),
    date: define(
      'A time, in UTC, in a layout that shows how Go’s reference time looks in it.',
      '{{date "2 Jan 2006 15:04" 1700000000}}',
      2,
      (layout, time) => formatLayout(timeArgument(time, 'UTC'), textArgument(layout)),
    ),
    dateInZone: define(
      'As `date`, in a zone.',
      '{{dateInZone "15:04 -0700" 1700000000 "Europe/Berlin"}}',
      3,
      (layout, time, zone) => formatLayout(timeArgument(time, zoneArgument(zone)), textArgument(layout)),
      {aliases: ['date_in_zone']},
    ),
    htmlDate: define('The day of a time, as forms of HTML have it.', '{{htmlDate 1700000000}}', 1, time =>
      formatLayout(timeArgument(time, 'UTC'), isoDay),
    ),
    htmlDateInZone: define('As `htmlDate`, in a zone.', '{{htmlDateInZone 1700000000 "Asia/Tokyo"}}', 2, (time, zone) =>
      formatLayout(timeArgument(time, zoneArgument(zone)), isoDay),
    ),
    toDate: define(
      'The time that a text in a layout stands for; the year 1 where it does not fit.',
      `{{${sample} | unixEpoch}}`,
      2,
      (layout, text) => parseLayout(textArgument(text), textArgument(layout)) ?? dateTime(zeroTime, 'UTC'),
    ),
    mustToDate: define('As `toDate`; fails where the text does not fit.', '{{mustToDate "2006-01-02" "2026-03-05"}}', 2, (layout, text) => {
      const time = parseLayout(textArgument(text), textArgument(layout));
      if (time === undefined) throw new EvaluationError(`"${textArgument(text)}" is no time in the layout "${textArgument(layout)}"`);
      return time;
    }),
    dateModify: define(
      'A time later by a duration, earlier by a negative one.',
      `{{${sample} | dateModify "-1h30m"}}`,
      2,
      (duration, time) => later(momentArgument(time), parseGoDuration(textArgument(duration)) ?? 0n),
      {aliases: ['date_modify']},
    ),
    mustDateModify: define(
      'As `dateModify`; fails where the duration is none.',
      `{{${sample} | mustDateModify "24h"}}`,
      2,
      (duration, time) => {
        const nanoseconds = parseGoDuration(textArgument(duration));
        if (nanoseconds === undefined)
          throw new EvaluationError(`"${textArgument(duration)}" is no duration: expected a form such as -1h30m`);
        return later(momentArgument(time), nanoseconds);
      },
      {aliases: ['must_date_modify']},
    ),
    unixEpoch: define('The seconds since 1970.', `{{${sample} | unixEpoch}}`, 1, time =>
      String(Math.floor(momentArgument(time).epochMs / 1000)),
    ),
    ago: defineAtTime('How long ago a time was.', '{{ago now}}', 1, now => time => {
      const seconds = Math.round((now() - timeArgument(time, 'UTC').epochMs) / 1000);
      return goDurationText(BigInt(seconds) * second);
    }),
    duration: define('Seconds as a duration.', '{{duration "95"}}', 1, seconds =>
      goDurationText(typeof seconds === 'string' || typeof seconds === 'bigint' ? whole(seconds) * second : 0n),
    ),
    durationRound: defineAtTime(
      'The largest unit of a duration, or of the time since a time.',
      '{{durationRound "2h10m5s"}}',
      1,
      now => value => roundDuration(value, now),
    ),
  },
};

/** A time in a zone, of a datetime or seconds since 1970. */
function timeArgument(value: TemplateValue, zone: string): DateTime {
  if (typeof value === 'bigint' || typeof value === 'number') return dateTime(Number(value) * 1000, zone);
  return dateTime(momentArgument(value).epochMs, zone);
}

function momentArgument(value: TemplateValue): DateTime {
  if (value !== undefined && isDateTime(value) && !(value instanceof Opaque)) return value;
  throw new EvaluationError(`expected a time, found ${goTypeOf(value)}`);
}

/** Sprig takes UTC for a zone that does not exist. */
function zoneArgument(value: TemplateValue): string {
  const name = textArgument(value);
  return zoneFacts(name) === undefined ? 'UTC' : name;
}

function later(time: DateTime, nanoseconds: bigint): DateTime {
  return dateTime(time.epochMs + Number(nanoseconds) / 1e6, time.zone);
}

const hour = 3600n * second;
const roundUnits: readonly [letters: string, nanoseconds: bigint][] = [
  ['y', 24n * 365n * hour],
  ['mo', 24n * 30n * hour],
  ['d', 24n * hour],
  ['h', hour],
  ['m', 60n * second],
  ['s', second],
];

function roundDuration(value: TemplateValue, now: () => number): string {
  const signed = durationOf(value, now);
  const size = signed < 0n ? -signed : signed;
  const unit = roundUnits.find(([, nanoseconds]) => size > nanoseconds);
  return unit ? `${size / unit[1]}${unit[0]}` : '0s';
}

function durationOf(value: TemplateValue, now: () => number): bigint {
  if (typeof value === 'string') return parseGoDuration(value) ?? 0n;
  if (typeof value === 'bigint') return value;
  if (value === null || value === undefined || typeof value !== 'object') return 0n;
  return BigInt(Math.round((now() - momentArgument(value).epochMs) * 1000)) * 1000n;
}
