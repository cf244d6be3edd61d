import type {Scalar} from 'yaml';

/**
 * Where the characters of a YAML scalar's value stand in the text. Indentation, folding and line ends only move white space about, so the
 * n-th visible character of the value is the n-th visible character of the source, escapes taken as one; a blank stands behind the visible
 * character before it.
 */
export function valueOffsets(text: string, value: string, style: Scalar.Type, start: number, end: number): (offset: number) => number {
  const places = visiblePlaces(text, style, start, end);
  return offset => {
    const visible = value.slice(0, offset).replace(/\s/g, '').length;
    const isBlank = offset >= value.length || /\s/.test(value[offset]!);
    if (!isBlank) return places[visible] ?? start;
    const before = places[visible - 1];
    return before === undefined
      ? start
      : Math.min(before + value.slice(0, offset).length - value.slice(0, offset).trimEnd().length + 1, end);
  };
}

const escapeLengths: Readonly<Record<string, number>> = {x: 4, u: 6, U: 10};
const blankEscapes = new Set(['n', 't', 'r', 'v', 'f', ' ', '\n', '\t', '_', 'L', 'P']);

/** Offsets of all characters of the source that are not white space in the value. */
function visiblePlaces(text: string, style: Scalar.Type, start: number, end: number): readonly number[] {
  const places: number[] = [];
  const isBlock = style === 'BLOCK_LITERAL' || style === 'BLOCK_FOLDED';
  const isQuoted = style === 'QUOTE_DOUBLE' || style === 'QUOTE_SINGLE';
  // Behind the header of a block, inside quotes.
  let at = isBlock ? text.indexOf('\n', start) + 1 : isQuoted ? start + 1 : start;
  const last = isQuoted ? end - 1 : end;
  while (at < last) {
    const character = text[at]!;
    if (style === 'QUOTE_DOUBLE' && character === '\\') {
      const kind = text[at + 1]!;
      if (!blankEscapes.has(kind)) {
        places.push(at);
        // A code beyond the first 65,536 makes two characters.
        if (kind === 'U' && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff) places.push(at);
      }
      at += escapeLengths[kind] ?? 2;
    } else {
      if (!/\s/.test(character)) places.push(at);
      at += style === 'QUOTE_SINGLE' && character === "'" ? 2 : 1;
    }
  }
  return places;
}
