/** Where a string literal goes wrong. `offset` counts from the opening quote. */
export interface StringMistake {
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
  readonly hint: string | undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const numericEscape = /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-3][0-7]{2}))/y;

/**
 * The value of a literal, its quotes included in `raw`. Escapes are Go's: `\x` and octal ones give bytes, so that `"\xe6\xb8\xa9"` is `温`.
 */
export function readString(raw: string): string | StringMistake {
  const quote = raw[0]!;
  const body = raw.slice(1, -1);
  if (!body.includes('\\')) return body;
  let value = '';
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    value += new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = [];
  };
  let at = 1;
  while (at < raw.length - 1) {
    if (raw[at] !== '\\') {
      flush();
      const next = raw.indexOf('\\', at);
      const to = next === -1 ? raw.length - 1 : next;
      value += raw.slice(at, to);
      at = to;
      continue;
    }
    const letter = raw[at + 1]!;
    const simple = simpleEscapes[letter];
    if (simple !== undefined && !(letter === "'" && quote === '"')) {
      flush();
      value += simple;
      at += 2;
      continue;
    }
    numericEscape.lastIndex = at;
    const match = numericEscape.exec(raw);
    if (match === null) return wrongEscape(at, letter);
    const [text, byte, short, long, octal] = match;
    if (byte !== undefined || octal !== undefined) {
      bytes.push(byte === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(byte, 16));
    } else {
      const codePoint = Number.parseInt((short ?? long)!, 16);
      if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
        return {offset: at, length: text.length, reason: `"${text}" is not a character`, hint: undefined};
      }
      flush();
      value += String.fromCodePoint(codePoint);
    }
    at += text.length;
  }
  flush();
  return value;
}

function wrongEscape(offset: number, letter: string): StringMistake {
  const expected = {x: '\\x and two hexadecimal digits', u: '\\u and four hexadecimal digits', U: '\\U and eight hexadecimal digits'}[
    letter
  ];
  if (expected !== undefined) return {offset, length: 2, reason: `found "\\${letter}", expected ${expected}`, hint: undefined};
  if (/[0-7]/.test(letter)) {
    return {offset, length: 2, reason: `found "\\${letter}", expected three octal digits up to \\377`, hint: undefined};
  }
  return {offset, length: 2, reason: `unknown escape "\\${letter}"`, hint: `Write "\\\\${letter}" for a backslash followed by ${letter}.`};
}
