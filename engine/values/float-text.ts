/**
 * A float as Go's `%v` and `%g` print it: the shortest digits that read back as the same number, in exponent form when the decimal exponent
 * is below −4 or from 6 on (`1e+06`); `+Inf`, `-Inf`, `NaN`, `-0`.
 */
export function floatText(value: number): string {
  const size = Math.abs(value);
  // Within these bounds JavaScript prints plain decimals too.
  if (size >= 1e-4 && size < 1e6) return String(value);
  if (size === 0) return 1 / value < 0 ? '-0' : '0';
  if (!Number.isFinite(value)) return notFinite(value);
  const parts = value.toExponential();
  const mark = parts.lastIndexOf('e');
  const exponent = Number(parts.slice(mark + 1));
  return `${parts.slice(0, mark)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A float in plain decimals, never with an exponent (Go's `'f', -1`). */
export function decimalText(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const text = Object.is(value, -0) ? '-0' : String(value);
  const mark = text.indexOf('e');
  if (mark < 0) return text;
  const sign = value < 0 ? '-' : '';
  const digits = text.slice(sign.length, mark).replace('.', '');
  const point = 1 + Number(text.slice(mark + 1));
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/**
 * A float with exactly `digits` decimals, 0 to 100, ties to even on the exact binary value, as Go's `'f'` rounds (toFixed rounds ties up).
 */
export function fixedText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  // A tie lies half way between two multiples of 10^-digits: it is a whole number of 2^-(digits + 1).
  const halves = size * 2 ** (digits + 1);
  if (!Number.isInteger(halves)) return sign + size.toFixed(digits);
  const doubled = BigInt(halves) * 5n ** BigInt(digits);
  let scaled = doubled / 2n;
  if (doubled % 2n === 1n && scaled % 2n === 1n) scaled += 1n;
  const text = scaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
