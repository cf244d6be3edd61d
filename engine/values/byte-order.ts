/**
 * Orders strings as their UTF-8 bytes do. JavaScript's own order differs in one place: surrogates, which stand for the highest code points,
 * are numerically below U+E000 – U+FFFF.
 */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Sorts strings in place as their UTF-8 bytes do. */
export function sortBytes(list: string[]): string[] {
  return list.some(text => surrogateOrAbove.test(text)) ? list.sort(compareBytes) : list.sort();
}

/** Below, UTF-16 and UTF-8 have the same order. */
const surrogateOrAbove = /[\ud800-\uffff]/;

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
