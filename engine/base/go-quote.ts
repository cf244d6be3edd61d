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

/** A string as Go's strconv.Quote prints it: what cannot be seen as `\n`, `\x00`, `\u200b` or `\U000e0001`; a lone surrogate as the replacement character. */
export function goQuoted(text: string): string {
  if (!/[^ -~]|["\\]/.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\]|[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}]|(?! )\p{Z}/gu, quoteOne)}"`;
}

function quoteOne(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

/** `code` in hexadecimal, at least `length` digits. */
export function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
