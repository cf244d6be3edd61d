/** Reserved everywhere but in back-quotes, in any case. */
const reservedWords: ReadonlySet<string> = new Set(
  (
    'SELECT AS FROM WHERE AND OR GROUP HAVING ORDER BY DESC ASC FILTER INNER LEFT RIGHT FULL CROSS JOIN ON CASE WHEN THEN DEFAULT ELSE END ' +
    'IN NOT BETWEEN LIKE OVER PARTITION REPLACE EXCEPT INVISIBLE TRUE FALSE DD HH MI SS MS LIMIT'
  ).split(' '),
);

const timeUnits: ReadonlySet<string> = new Set(['DD', 'HH', 'MI', 'SS', 'MS']);

/** Words that a printed statement puts in back-quotes though most places would read them as names. */
const guardedWords: ReadonlySet<string> = new Set(['NULL', 'IS', 'DISTINCT', 'OUTER', 'NULLS']);

/** What stands around a word: decides whether a contextual word is a keyword. */
export interface Neighbours {
  /** The token before; `''` at the beginning of a statement. */
  readonly previous: string;
  /** Whether the token before ends an operand, so that an operator may follow. */
  readonly afterOperand: boolean;
  /** Whether the token before is the parenthesis of a call. */
  readonly opensCall: boolean;
  /** Whether the statement is a CREATE. */
  readonly inDefinition: boolean;
  /** Whether what comes after the word, blanks and comments passed over, matches the sticky `pattern`. */
  follows(pattern: RegExp): boolean;
}

type Rule = (around: Neighbours) => boolean;

const startsStatement: Rule = around => around.previous === '';
const namesSource: Rule = around => ['CREATE', 'DESCRIBE', 'EXPLAIN', 'DROP'].includes(around.previous);
const listsSources: Rule = around => around.previous === 'SHOW';

const nullTest = /(?:NULL|NOT|TRUE|FALSE|DISTINCT|UNKNOWN)\b/iy;
const nullsPlace = /(?:FIRST|LAST)\b/iy;
const parenthesis = /\(/y;
const operandStart = /[\w`'"(*+-]|\.[0-9]/y;
/** After DISTINCT these say that it was a name: `SELECT distinct FROM demo`. */
const afterName = /(?:AS|FROM|AND|OR|IN|LIKE|BETWEEN|IS|INVISIBLE)\b/iy;

/** Words that are keywords only where their neighbours leave no other reading; elsewhere they are names. */
const contextualWords: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['CREATE', startsStatement],
  ['SHOW', startsStatement],
  ['DESCRIBE', startsStatement],
  ['EXPLAIN', startsStatement],
  ['DROP', startsStatement],
  ['STREAM', namesSource],
  ['TABLE', namesSource],
  ['STREAMS', listsSources],
  ['TABLES', listsSources],
  ['WITH', around => around.inDefinition && around.previous === ')'],
  ['OUTER', around => ['LEFT', 'RIGHT', 'FULL'].includes(around.previous)],
  ['IS', around => around.afterOperand && around.follows(nullTest)],
  ['NULL', around => !around.inDefinition && !['.', '->', 'AS', 'FROM', 'JOIN'].includes(around.previous) && !around.follows(parenthesis)],
  [
    'DISTINCT',
    around =>
      (around.previous === 'SELECT' || (around.opensCall && !around.inDefinition)) &&
      !around.follows(afterName) &&
      around.follows(operandStart),
  ],
  ['NULLS', around => (around.afterOperand || ['ASC', 'DESC'].includes(around.previous)) && around.follows(nullsPlace)],
  ['FIRST', around => around.previous === 'NULLS'],
  ['LAST', around => around.previous === 'NULLS'],
]);

const longestWord = 9;

/** The keyword that `word` is among its neighbours; undefined for a name. Time units are the keyword UNIT. */
export function keywordOf(word: string, around: Neighbours): string | undefined {
  if (word.length > longestWord) return undefined;
  const upper = word.toUpperCase();
  if (reservedWords.has(upper)) return timeUnits.has(upper) ? 'UNIT' : upper;
  return contextualWords.get(upper)?.(around) ? upper : undefined;
}

/** Whether a name reads as one outside back-quotes, whatever stands around it. */
export function isBareName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !isReservedWord(name) && !guardedWords.has(name.toUpperCase());
}

/** Whether a name can stand bare after FROM and JOIN because it looks like a topic. */
export function isTopicName(name: string): boolean {
  return /^[A-Za-z0-9_]*[/#+][A-Za-z0-9_/#+]*$/.test(name);
}

/** Whether a word is reserved, in any case. */
export function isReservedWord(word: string): boolean {
  return reservedWords.has(word.toUpperCase());
}
