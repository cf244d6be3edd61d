import {DateTime} from 'luxon';

/** Milliseconds since the epoch of a text in the form of `pattern` (`yyyy-MM-dd HH:mm:ss`), read in `zone`; undefined when it has another form. */
export function parseTimePattern(text: string, pattern: string, zone: string): number | undefined {
  const parsed = DateTime.fromFormat(text, luxonPattern(pattern), {zone, setZone: true});
  return parsed.isValid ? parsed.toMillis() : undefined;
}

/** The dialect writes years as YYYY too, the fraction with its dot (`ssSSS`) and the offset as Z, X or XXX. */
function luxonPattern(pattern: string): string {
  return pattern
    .replaceAll(/Y+/g, years => 'y'.repeat(years.length))
    .replaceAll(/s(S+)/g, (_, fraction: string) => `s.${fraction}`)
    .replaceAll('XXX', 'ZZ')
    .replaceAll(/X+|Z(?!Z)/g, 'ZZZ');
}
