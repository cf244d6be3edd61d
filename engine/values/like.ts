import {EvaluationError} from '#engine/base/errors.ts';
import {toText} from './text.ts';
import type {Value} from './value.ts';

/** Whether a whole text fits a pattern. */
export type TextMatcher = (text: string) => boolean;

/** One character of a stretch between two `%`: itself, or any one. */
type Piece = string | undefined;

interface Stretch {
  readonly pieces: readonly Piece[];
  /** The text of a stretch without `_`. */
  readonly literal: string | undefined;
}

/**
 * LIKE: `%` stands for any run of characters, `_` for one, `\` before one of the three for itself; everything else is
 * itself. Time is the text's length times the pattern's at worst: each stretch between two `%` is taken at its first place.
 */
export function compileLike(pattern: string): TextMatcher {
  const stretches = split(pattern);
  const [first, ...others] = stretches;
  if (others.length === 0) return fixed(first!);
  const last = others.pop()!;
  const middle = others.map((pieces): Stretch => ({pieces, literal: pieces.includes(undefined) ? undefined : pieces.join('')}));
  return text => {
    const from = matchAt(text, 0, first!);
    if (from < 0) return false;
    const to = startOfSuffix(text, last);
    if (to < from) return false;
    let at = from;
    for (const stretch of middle) {
      at = findEnd(text, at, to, stretch);
      if (at < 0) return false;
    }
    return matchAt(text, to, last) === text.length;
  };
}

/** `left LIKE pattern` with values known only at run time; both must be strings. */
export function like(left: Value, pattern: Value): boolean {
  const text = likeText(left);
  if (typeof pattern !== 'string')
    throw new EvaluationError(`LIKE operator right operand expects string, but found ${toText(pattern, '<nil>')}`);
  return compileLike(pattern)(text);
}

/** The left operand of LIKE. */
export function likeText(left: Value): string {
  if (typeof left === 'string') return left;
  throw new EvaluationError(`LIKE operator left operand expects string, but found ${toText(left, '<nil>')}`);
}

function fixed(stretch: readonly Piece[]): TextMatcher {
  if (!stretch.includes(undefined)) {
    const whole = stretch.join('');
    return text => text === whole;
  }
  return text => matchAt(text, 0, stretch) === text.length;
}

function split(pattern: string): readonly (readonly Piece[])[] {
  let current: Piece[] = [];
  const stretches: Piece[][] = [current];
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    const next = characters[i + 1];
    if (character === '\\' && (next === '%' || next === '_' || next === '\\')) {
      current.push(next);
      i++;
    } else if (character === '%') {
      stretches.push((current = []));
    } else current.push(character === '_' ? undefined : character);
  }
  return stretches;
}

/** The end of `stretch` when it stands at `at`, else −1. */
function matchAt(text: string, at: number, stretch: readonly Piece[]): number {
  for (const piece of stretch) {
    if (at >= text.length) return -1;
    if (piece === undefined) at += widthAt(text, at);
    else if (text.startsWith(piece, at)) at += piece.length;
    else return -1;
  }
  return at;
}

/** The end of the first `stretch` that stands between `from` and `to`, else −1. */
function findEnd(text: string, from: number, to: number, {pieces, literal}: Stretch): number {
  if (literal !== undefined) {
    const at = text.indexOf(literal, from);
    return at >= 0 && at + literal.length <= to ? at + literal.length : -1;
  }
  for (let at = from; at <= to; at += at < text.length ? widthAt(text, at) : 1) {
    const end = matchAt(text, at, pieces);
    if (end >= 0 && end <= to) return end;
  }
  return -1;
}

/** Where a text must continue with `stretch` to end with it, counted in characters from the end; −1 when it is too short. */
function startOfSuffix(text: string, stretch: readonly Piece[]): number {
  let at = text.length;
  for (let left = stretch.length; left > 0; left--) {
    if (at === 0) return -1;
    at -= isLowSurrogate(text.charCodeAt(at - 1)) && at > 1 && isHighSurrogate(text.charCodeAt(at - 2)) ? 2 : 1;
  }
  return at;
}

function widthAt(text: string, at: number): number {
  return isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
