import {mapCase} from '#engine/functions/scalar/characters.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's functions that change how a text is spelt. */
export const spellingFunctions: TemplateFamily = {
  title: 'Spelling',
  functions: {
    snakecase: define('In small letters with underscores between words.', '{{snakecase "FirstName"}}', 1, text =>
      lowerCased(textArgument(text), '_'),
    ),
    kebabcase: define('In small letters with dashes between words.', '{{kebabcase "FirstName"}}', 1, text =>
      lowerCased(textArgument(text), '-'),
    ),
    camelcase: define('Words with capitals, without signs between.', '{{camelcase "http_server"}}', 1, text =>
      pascalCased(textArgument(text)),
    ),
    swapcase: define('Capitals and small letters exchanged.', '{{swapcase "Valve"}}', 1, text =>
      textArgument(text).replace(/(\p{Lu}+)|\p{Ll}+/gu, (part, upper?: string) => mapCase(part, upper === undefined ? 'upper' : 'lower')),
    ),
    untitle: define('Every word with a small letter.', '{{untitle "Main Valve"}}', 1, text =>
      textArgument(text).replace(/(?<!\P{White_Space})\P{White_Space}/gu, letter => mapCase(letter, 'lower')),
    ),
    initials: define('The first letters of the words.', '{{initials "Main Valve"}}', 1, text =>
      Array.from(textArgument(text).matchAll(/(?<!\P{White_Space})\P{White_Space}/gu), ([letter]) => letter).join(''),
    ),
  },
};

type Kind = 'connector' | 'punctuation' | 'upper' | 'letters' | 'number' | 'other';

/** Letters without those of scripts that have neither case nor spaces between words. */
const lowerLetter = '(?![\\p{Lu}\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}])\\p{L}';
const wordPattern = new RegExp(
  [
    '(?<connector>[-_\\p{White_Space}]+)',
    '(?<punctuation>\\p{P}+)',
    `(?<upper>\\p{Lu}+(?!${lowerLetter})|\\p{Lu}(?:${lowerLetter})+)`,
    `(?<letters>(?:${lowerLetter})+)`,
    '(?<number>\\p{N}+)',
    `(?<other>(?:(?!${lowerLetter}|\\p{Lu})[^-_\\p{White_Space}\\p{P}\\p{N}])+)`,
  ].join('|'),
  'gu',
);

interface Word {
  readonly kind: Kind;
  readonly text: string;
}

/** Words in small letters: a change from small to capital, and to a number after letters, begins a word; digits keep the letters after them. */
function lowerCased(text: string, connector: string): string {
  const words: Word[] = Array.from(text.matchAll(wordPattern), ({groups}) => {
    const [kind, word] = Object.entries(groups!).find(([, found]) => found !== undefined)!;
    return {kind: kind as Kind, text: word};
  });
  const spelt = ({kind, text: word}: Word): string => {
    if (kind === 'connector') return connector.repeat(Array.from(word).length);
    return kind === 'upper' ? mapCase(word, 'lower') : word;
  };
  const joins = (word: Word | undefined): boolean => word !== undefined && word.kind !== 'connector' && word.kind !== 'punctuation';
  let result = '';
  let at = 0;
  const takeLettersAndNumbers = (): void => {
    while (words[at]?.kind === 'letters' || words[at]?.kind === 'number') result += words[at++]!.text;
  };
  while (at < words.length - 1) {
    const word = words[at++]!;
    result += spelt(word);
    if (word.kind === 'connector' || word.kind === 'punctuation') continue;
    if (word.kind === 'number') {
      takeLettersAndNumbers();
      if (joins(words[at])) result += connector;
    } else if (words[at]!.kind !== 'number') {
      if (joins(words[at])) result += connector;
    } else if (at < words.length - 1) {
      const number = words[at++]!;
      if (words[at]!.kind === 'letters') {
        result += connector + number.text;
        takeLettersAndNumbers();
      } else result += number.text;
      if (joins(words[at])) result += connector;
    }
  }
  return at < words.length ? result + spelt(words[at]!) : result;
}

/** The last sign between two words goes; capitals after a first capital become small. */
function pascalCased(text: string): string {
  const start = /^[-_\p{White_Space}]*/u.exec(text)![0];
  if (start === text) return text === '' ? '' : text + Array.from(text).at(-1)!;
  return (
    start +
    text.slice(start.length).replace(/([-_\p{White_Space}]*)([^-_\p{White_Space}])([^-_\p{White_Space}]*)/gu, (_, between, first, rest) => {
      const signs = Array.from(between as string)
        .slice(0, -1)
        .join('');
      const tail = /\p{Lu}/u.test(first) ? (rest as string).replace(/^\p{Lu}+/u, capitals => mapCase(capitals, 'lower')) : rest;
      return signs + mapCase(first, 'upper') + tail;
    })
  );
}
