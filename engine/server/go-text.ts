import {hex} from '#engine/base/go-quote.ts';

/**
 * JSON as Go's encoder writes it: compact (or indented), `<`, `>`, `&` and the line separators escaped. Members keep their order; what Go holds
 * in maps is sorted by the caller with `sorted`.
 */
export function goJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
}

/** An object with its members in the order of their names, as a Go map prints. */
export function sorted<V>(record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text with the characters that mean something in HTML as entities. */
export function htmlEscaped(text: string): string {
  return text.replace(/[<>&'"]/g, character => entities[character]!);
}

const entities: Readonly<Record<string, string>> = {'<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;'};

function unicodeEscape(character: string): string {
  return `\\u${hex(character.codePointAt(0)!, 4)}`;
}
