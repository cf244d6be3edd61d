/**
 * Numbers and booleans as Go's strconv reads and writes them: mappers are Go programs, and these are the texts they send.
 */
const whole = /^[+-]?\d+$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;
/** No 64-bit number needs more; a longer text is not worth reading. */
const maxDigits = 400;

/** ParseInt base 10, 64 bits: undefined when the text is no whole number, `'range'` when it does not fit. A bigint beyond safe numbers. */
export function parseInt64(text: string): number | bigint | 'range' | undefined {
  if (!whole.test(text)) return undefined;
  // `+ 0` makes zero of Go's "-0".
  if (text.length <= 15) return Number(text) + 0;
  if (text.length > maxDigits) return 'range';
  return int64(BigInt(text.startsWith('+') ? text.slice(1) : text));
}

/** A bigint as an int: a number while that is exact, `'range'` beyond 64 bits. */
export function int64(value: bigint): number | bigint | 'range' {
  if (value < minInt64 || value > maxInt64) return 'range';
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** ParseFloat, 64 bits, without its words for infinity and not-a-number, which no sink could write. */
export function parseFloat64(text: string): number | 'range' | undefined {
  if (text.length > maxDigits || !decimal.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : 'range';
}

/** ParseBool. */
export function parseBool(text: string): boolean | undefined {
  switch (text) {
    case 'true':
    case 'True':
    case 'TRUE':
    case 't':
    case 'T':
    case '1':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
    case 'f':
    case 'F':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** FormatFloat 'f' with the fewest digits that read back as the same number: never an exponent. */
export function formatFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign, first, rest = '', exponent] = parts;
  const digits = first! + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length ? sign + digits.padEnd(point, '0') : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
