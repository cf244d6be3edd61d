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

/** A string as Go's `%q` prints it: JSON, but that control characters without a short form are `\x00`. */
export function goQuoted(text: string): string {
  if (!/[^ -~]|["\\]/.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\]|[\p{Cc}\p{Cf}\p{Cn}\p{Cs}]|(?! )\p{Z}/gu, quoteOne)}"`;
}

const entities: Readonly<Record<string, string>> = {'<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;'};

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function quoteOne(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function unicodeEscape(character: string): string {
  return `\\u${hex(character.codePointAt(0)!, 4)}`;
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
