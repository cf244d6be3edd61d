const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, with padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31];
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** The bytes of a text in base32; undefined when it is none. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const groups = /^([A-Z2-7]*)(?:={6}|={4}|={3}|=)?$/.exec(text);
  if (!groups || text.length % 8 !== 0) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const sign of groups[1]!) {
    held = (held << 5) | alphabet.indexOf(sign);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
    held &= (1 << bits) - 1;
  }
  return new Uint8Array(bytes);
}
