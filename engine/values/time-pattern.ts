import {EvaluationError} from '#engine/base/errors.ts';
import {offsetOf, offsetText, type WallClock, wallClockOf} from './date-time.ts';
import {zoneFacts} from './time-zone.ts';
import type {DateTime} from './value.ts';

/** Prints a datetime in a fixed form. */
export type TimeFormat = (value: DateTime) => string;

type Piece = string | ((wall: WallClock, value: DateTime) => string);

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const two = (value: number): string => String(value).padStart(2, '0');
const plain = String;

/** What each run of one letter prints; a length that is not listed is an error. */
const tokens: Readonly<Record<string, Readonly<Record<number, Piece>>>> = {
  y: {2: wall => two(wall.year % 100), 4: wall => String(wall.year).padStart(4, '0')},
  M: {
    1: wall => plain(wall.month),
    2: wall => two(wall.month),
    3: wall => months[wall.month - 1]!.slice(0, 3),
    4: wall => months[wall.month - 1]!,
  },
  d: {1: wall => plain(wall.day), 2: wall => two(wall.day)},
  E: {3: wall => days[wall.weekday]!.slice(0, 3), 4: wall => days[wall.weekday]!},
  H: {2: wall => two(wall.hour)},
  h: {1: wall => plain(wall.hour % 12 || 12), 2: wall => two(wall.hour % 12 || 12)},
  a: {1: wall => (wall.hour < 12 ? 'AM' : 'PM')},
  m: {1: wall => plain(wall.minute), 2: wall => two(wall.minute)},
  s: {1: wall => plain(wall.second), 2: wall => two(wall.second)},
  z: {1: (_, value) => zoneFacts(value.zone)!.abbreviationAt(value.epochMs)},
  Z: {1: (_, value) => offsetText(offsetOf(value), '')},
  X: {
    1: (_, value) => offsetText(offsetOf(value), '').slice(0, 3),
    2: (_, value) => offsetText(offsetOf(value), ''),
    3: (_, value) => offsetText(offsetOf(value), ':'),
  },
  G: {1: 'AD'},
};

const formats = new Map<string, TimeFormat>();

/** The format of a pattern such as `yyyy-MM-dd HH:mm:ssSSS`; throws an EvaluationError for a run of letters it does not know. */
export function timeFormat(pattern: string): TimeFormat {
  let format = formats.get(pattern);
  if (format === undefined) {
    // Patterns may come from rows: the table must not grow with them.
    if (formats.size > 200) formats.clear();
    format = compile(pattern);
    formats.set(pattern, format);
  }
  return format;
}

function compile(pattern: string): TimeFormat {
  const pieces = piecesOf(pattern);
  return value => {
    const wall = wallClockOf(value);
    let text = '';
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(wall, value);
    return text;
  };
}

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [run] of pattern.matchAll(/\\.|'(?:[^']|'')*'|([A-Za-z])\1*|./gsu)) {
    const letter = run[0] === 'Y' ? 'y' : run[0]!;
    if (letter === '\\') pieces.push(run.slice(1));
    else if (run === "''") pieces.push("'");
    else if (letter === "'") pieces.push(run.length > 1 ? run.slice(1, -1).replaceAll("''", "'") : run);
    else if (letter === 'S') pieces.push(fraction(run.length));
    else if (Object.hasOwn(tokens, letter)) {
      const piece = tokens[letter]![run.length];
      if (piece === undefined)
        throw new EvaluationError(`invalid time format "${pattern}": "${run}" is not known, expected ${expected(letter)}`);
      pieces.push(piece);
    } else pieces.push(run);
  }
  return pieces;
}

function expected(letter: string): string {
  return Object.keys(tokens[letter]!)
    .map(length => `"${letter.repeat(Number(length))}"`)
    .join(' or ');
}

/** `count` digits after a point of their own. */
function fraction(count: number): Piece {
  return wall => `.${String(wall.microsecond).padStart(6, '0').padEnd(count, '0').slice(0, count)}`;
}
