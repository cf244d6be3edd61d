import {isBareName} from './grammar/words.ts';

/** A name as it stands in a statement: in back-quotes unless it reads as a name without. */
export function printName(name: string): string {
  return isBareName(name) ? name : `\`${name}\``;
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** A string literal in the given quotes. */
export function printString(value: string, quote: '"' | "'"): string {
  const text = value.replace(/[\x00-\x1f\x7f\\'"]/g, character => {
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character;
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `${quote}${text}${quote}`;
}
