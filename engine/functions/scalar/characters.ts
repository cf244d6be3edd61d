/** Whether every UTF-16 unit is one byte of UTF-8, so that offsets are the same. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit < 0xe000 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** Of the UTF-8 form. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** The byte of the UTF-8 form at which the UTF-16 unit `at` begins; −1 stays −1. */
export function byteOffset(text: string, at: number): number {
  return at < 0 ? -1 : Buffer.byteLength(text.slice(0, at));
}

/** Bytes `from` up to `to` of the UTF-8 form; a cut within a character leaves U+FFFD. */
export function byteSlice(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to);
  const bytes = Buffer.from(text);
  return bytes.toString('utf8', from, Math.min(to, bytes.length));
}

export function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}

/** Each code point on its own, as Go does it: `ß` stays and no letter's case depends on its neighbours. */
export function mapCase(text: string, to: 'upper' | 'lower'): string {
  const convert = to === 'upper' ? (part: string) => part.toUpperCase() : (part: string) => part.toLowerCase();
  if (isAscii(text)) return convert(text);
  return Array.from(text, character => {
    const converted = convert(character);
    return codePoints(converted) === 1 ? converted : character;
  }).join('');
}
