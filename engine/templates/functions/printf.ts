import {goQuoted} from '#engine/base/go-quote.ts';
import {fixedText, floatText} from '#engine/values/float-text.ts';
import {toText} from '#engine/values/text.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';

/** Wider fields are refused, as in Go. */
const widest = 1_000_000;
/** toFixed and toExponential go no further. */
const mostDigits = 100;

interface Flags {
  readonly left: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly sharp: boolean;
}

interface Verb {
  readonly flags: Flags;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly letter: string;
}

/** Go's fmt.Sprintf for the values of templates; a verb that does not fit its value prints as Go's complaint. */
export function printf(format: string, values: readonly TemplateValue[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)?/gsu,
    (_, flagText: string, width?: string, precision?: string, letter?: string) => {
      const readSize = (size: string | undefined): number | 'bad' | undefined => {
        if (size === undefined) return undefined;
        const number = size === '*' ? Number(values[next++] ?? Number.NaN) : Number(size);
        return Number.isInteger(number) && Math.abs(number) <= widest ? number : 'bad';
      };
      const w = readSize(width);
      const p = readSize(precision);
      if (letter === undefined) return '%!(NOVERB)';
      if (letter === '%') return '%';
      const problem = w === 'bad' ? '%!(BADWIDTH)' : p === 'bad' || (p ?? 0) < 0 ? '%!(BADPREC)' : '';
      if (next >= values.length) return `${problem}%!${letter}(MISSING)`;
      const size = typeof w === 'number' ? w : undefined;
      const verb: Verb = {
        flags: {
          left: flagText.includes('-') || (size ?? 0) < 0,
          plus: flagText.includes('+'),
          space: flagText.includes(' '),
          zero: flagText.includes('0') && !flagText.includes('-'),
          sharp: flagText.includes('#'),
        },
        width: size === undefined ? undefined : Math.abs(size),
        precision: typeof p === 'number' && p >= 0 ? p : undefined,
        letter,
      };
      return problem + formatValue(values[next++], verb);
    },
  );
  const extra = values.slice(next).map(value => (isNil(value) ? '<nil>' : `${goTypeOf(value)}=${toText(value!)}`));
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function isNil(value: TemplateValue): boolean {
  return value === undefined || value === null;
}

function formatValue(value: TemplateValue, verb: Verb): string {
  const {letter} = verb;
  if (letter === 'T') return pad(goTypeOf(value), verb);
  if (isNil(value)) return letter === 'v' ? pad('<nil>', verb) : `%!${letter}(<nil>)`;
  if (typeof value === 'bigint') return formatInt(value, verb);
  if (typeof value === 'number') return formatFloat(value, verb);
  if (typeof value === 'string') return formatString(value, verb);
  if (typeof value === 'boolean' && (letter === 't' || letter === 'v')) return pad(String(value), verb);
  if (Array.isArray(value) && letter !== 'v') return `[${value.map(item => formatValue(item, verb)).join(' ')}]`;
  if (letter === 'v' || letter === 's') return pad(toText(value!), verb);
  return badVerb(value, verb);
}

function badVerb(value: TemplateValue, {letter}: Verb): string {
  return `%!${letter}(${goTypeOf(value)}=${toText(value!)})`;
}

function formatInt(value: bigint, verb: Verb): string {
  const {flags, letter} = verb;
  const size = value < 0n ? -value : value;
  switch (letter) {
    case 'v':
    case 'd':
      return padNumber(value < 0n, withDigits(size.toString(), verb), verb);
    case 'x':
    case 'X': {
      const digits = withDigits(size.toString(16), verb);
      const text = `${flags.sharp ? '0x' : ''}${digits}`;
      return padNumber(value < 0n, letter === 'X' ? text.toUpperCase() : text, verb);
    }
    case 'o':
      return padNumber(value < 0n, (flags.sharp ? '0' : '') + withDigits(size.toString(8), verb), verb);
    case 'b':
      return padNumber(value < 0n, (flags.sharp ? '0b' : '') + withDigits(size.toString(2), verb), verb);
    case 'c':
      return pad(String.fromCodePoint(codePoint(value)), verb);
    case 'q':
      return pad(
        `'${goQuoted(String.fromCodePoint(codePoint(value)))
          .slice(1, -1)
          .replaceAll('\\"', '"')
          .replaceAll("'", "\\'")}'`,
        verb,
      );
    case 'U':
      return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, verb);
    default:
      return badVerb(value, verb);
  }
}

function codePoint(value: bigint): number {
  return value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n) ? Number(value) : 0xfffd;
}

function withDigits(digits: string, {precision}: Verb): string {
  return precision === undefined ? digits : digits.padStart(precision, '0');
}

function formatFloat(value: number, verb: Verb): string {
  const {letter} = verb;
  const precision = verb.precision === undefined ? undefined : Math.min(verb.precision, mostDigits);
  if (!'vgGfFeE'.includes(letter)) return badVerb(value, verb);
  const isNegative = value < 0 || Object.is(value, -0);
  const size = Math.abs(value);
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? 'NaN' : 'Inf';
  else if (letter === 'f' || letter === 'F') text = fixedText(size, precision ?? 6);
  else if (letter === 'e' || letter === 'E') text = exponentText(size.toExponential(precision ?? 6));
  else text = precision === undefined ? floatText(size) : shortText(size, precision);
  if (letter === 'E' || letter === 'G') text = text.toUpperCase();
  const isWord = !Number.isFinite(value);
  return padNumber(
    isNegative,
    text,
    isWord ? {...verb, flags: {...verb.flags, zero: false, plus: verb.flags.plus || (letter === 'v' && value > 0)}} : verb,
    true,
  );
}

/** `%.3g`: at most `precision` digits that count, without trailing zeros. */
function shortText(size: number, precision: number): string {
  const digits = Math.max(1, precision);
  const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa, tail] = size.toExponential(digits - 1).split('e');
    return exponentText(`${withoutTrailingZeros(mantissa!)}e${tail}`);
  }
  return withoutTrailingZeros(fixedText(size, Math.min(mostDigits, digits - 1 - exponent)));
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** At least two digits of exponent. */
function exponentText(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function formatString(value: string, verb: Verb): string {
  const cut = verb.precision === undefined ? value : Array.from(value).slice(0, verb.precision).join('');
  switch (verb.letter) {
    case 'v':
    case 's':
      return pad(cut, verb);
    case 'q':
      return pad(verb.flags.sharp && !/[`\p{C}]/u.test(cut) ? `\`${cut}\`` : goQuoted(cut), verb);
    case 'x':
    case 'X': {
      const text = Buffer.from(cut).toString('hex');
      return pad(verb.letter === 'X' ? text.toUpperCase() : text, verb);
    }
    default:
      return badVerb(value, verb);
  }
}

function padNumber(isNegative: boolean, digits: string, verb: Verb, zeroesWithPrecision = false): string {
  const {flags, width = 0} = verb;
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  const zeroes = flags.zero && !flags.left && (zeroesWithPrecision || verb.precision === undefined);
  return zeroes ? sign + digits.padStart(width - sign.length, '0') : pad(sign + digits, verb);
}

/** Widths count code points. */
function pad(text: string, {flags, width = 0}: Verb): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  return flags.left ? text + ' '.repeat(missing) : (flags.zero ? '0' : ' ').repeat(missing) + text;
}
