const names = (full: string): string =>
  full
    .split(' ')
    .map(name => `${name.slice(0, 3)}(?:${name.slice(3)})?`)
    .join('|');

const monthName = `(?<monthName>${names('January February March April May June July August September October November December')})`;
const dayName = `(?:${names('Monday Tuesday Wednesday Thursday Friday Saturday Sunday')})`;
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?`;
const time = String.raw`(?:[ T](?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?)?)?)?`;
const offset = String.raw`(?: ?(?<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?: [A-Z]{3,4})?)?`;
const zone = String.raw`(?:(?<offset>[+-]\d{2}:?\d{2})|(?<abbreviation>[A-Z]{1,5}(?:[+-]\d{1,2})?))`;
const day = String.raw`(?<day>\d{1,2})`;
const year = String.raw`(?<year>\d{4})`;

/**
 * The written forms of a time that are read without being told, as expressions with named groups. Forms that name the year
 * in digits come first: they are what devices send.
 */
export const timeLayouts: readonly RegExp[] = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-${day}${time}${offset}`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/${day}${time}`,
  String.raw`(?<year>\d{4})\.(?<month>\d{1,2})\.${day}${time}`,
  String.raw`(?<month>\d{1,2})/${day}/(?<year>\d{4})${time}`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})`,
  String.raw`(?<year>\d{4})(?:-(?<month>\d{1,2}))?`,
  // The clock alone: today.
  String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d{1,9}))?)?)?`,
  String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?<half>[AP]M)`,
  // A day of this year.
  String.raw`(?<month>\d{1,2})-${day}`,
  `${monthName} {1,2}${day} ${clock}`,
  // ANSIC, UnixDate, RubyDate
  `${dayName} ${monthName} {1,2}${day} ${clock}(?: ${zone})? ${year}`,
  // RFC 1123, 822 and 850
  `${dayName}, ${day} ${monthName} ${year} ${clock} ${zone}`,
  String.raw`${day} ${monthName} (?<shortYear>\d{2}) (?<hour>\d{1,2}):(?<minute>\d{2}) ${zone}`,
  String.raw`${dayName}, ${day}-${monthName}-(?<shortYear>\d{2}) ${clock} ${zone}`,
  `${clock} ${monthName} ${day}, ${year} ${zone}`,
].map(layout => new RegExp(`^${layout}$`, 'i'));
