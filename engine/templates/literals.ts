import {parseInt64} from '#engine/values/coercion.ts';

/** The value of a number as written: a float when it has a point or exponent, else an int. Undefined when it is none or does not fit. */
export function numberValue(text: string): bigint | number | undefined {
  if (/^[+-]?0[xX].*[.pP]/.test(text)) return hexFloat(text.replaceAll('_', ''));
  if (/[.eE]/.test(text) && !/^[+-]?0[xX]/.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : undefined;
  }
  return parseInt64(text);
}

/** `0x1.8p4`: hexadecimal digits times a power of two. */
function hexFloat(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (!match || match[2]! + match[3]! === '') return undefined;
  const [, sign, whole, fraction, exponent] = match;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction!.length);
  return Number.isFinite(value) ? (sign === '-' ? -value : value) : undefined;
}

/** The text of a quoted string, escapes as in Go; of a back-quoted one, as it stands. Undefined for a bad escape. */
export function stringValue(token: string): string | undefined {
  if (token.startsWith('`')) return token.slice(1, -1).replaceAll('\r', '');
  return unescaped(token.slice(1, -1));
}

/** The code point of `'x'`. */
export function characterValue(token: string): bigint | undefined {
  const text = unescaped(token.slice(1, -1));
  if (text === undefined || Array.from(text).length !== 1) return undefined;
  return BigInt(text.codePointAt(0)!);
}

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function unescaped(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let isValid = true;
  const plain = text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu,
    (_, x, u, wide, octal, other) => {
      const digits: string | undefined = x ?? u ?? wide;
      const code = digits === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number.parseInt(digits, 16);
      if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
      if (code === undefined && Object.hasOwn(simple, other)) return simple[other]!;
      isValid = false;
      return '';
    },
  );
  return isValid ? plain : undefined;
}
