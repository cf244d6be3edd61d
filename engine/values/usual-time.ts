/**
 * What a clock shows, as UTC milliseconds, in a text of the form most devices send: `2006-01-02 15:04:05` or with `T`, with or without a
 * fraction and a final `Z`. Undefined for any other text, and for days that not every month has: those are left to the expressions of
 * `timeLayouts`, which take several times as long.
 */
export function usualTime(text: string): {readonly wallMs: number; readonly fractionMs: number; readonly isUtc: boolean} | undefined {
  const {length} = text;
  if (length < 19 || text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return undefined;
  const between = text.charCodeAt(10);
  if ((between !== space && between !== letterT) || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  // A comparison with NaN is false.
  const exists = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59 && second <= 59;
  if (!exists) return undefined;
  const isUtc = text.charCodeAt(length - 1) === letterZ;
  const end = isUtc ? length - 1 : length;
  let fractionMs = 0;
  if (end > 19) {
    if (text.charCodeAt(19) !== point || end < 21 || end > 29) return undefined;
    fractionMs = Math.round((digits(text, 20, end) / 10 ** (end - 20)) * 1e6) / 1000;
    if (Number.isNaN(fractionMs)) return undefined;
  }
  return {wallMs: Date.UTC(year, month - 1, day, hour, minute, second), fractionMs, isUtc};
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const zero = 0x30;
const dash = 0x2d;
const space = 0x20;
const letterT = 0x54;
const letterZ = 0x5a;
const colon = 0x3a;
const point = 0x2e;
