/**
 * A float as Go's `%v` and `%g` print it: the shortest digits that read back as the same number, in exponent form when the decimal exponent
 * is below −4 or from 6 on (`1e+06`); `+Inf`, `-Inf`, `NaN`, `-0`.
 */
export function floatText(value: number): string {
  if (Number.isInteger(value) && value < 1e6 && value > -1e6) return value === 0 && 1 / value < 0 ? '-0' : String(value);
  if (!Number.isFinite(value)) return notFinite(value);
  const parts = value.toExponential();
  const mark = parts.lastIndexOf('e');
  const exponent = Number(parts.slice(mark + 1));
  if (exponent >= -4 && exponent < 6) return String(value);
  const size = Math.abs(exponent);
  return `${parts.slice(0, mark)}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
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
