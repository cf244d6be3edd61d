import type {Situation} from './situation.ts';

const operandWords: ReadonlySet<string> = new Set('IDENT STRING NUMBER TRUE FALSE NULL CASE NOT UNIT DISTINCT ( + - *'.split(' '));
const operatorWords: ReadonlySet<string> = new Set(
  '= != < <= > >= OR AND NOT BETWEEN IN LIKE IS + - | ^ * / % & [ ( . -> .* FILTER OVER'.split(' '),
);
const joinWords = ['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS'];

/** Names of what a name stands for, by the token before it. */
const namesAfter: Readonly<Record<string, string>> = {
  AS: 'an alias',
  FROM: 'the name of a stream',
  JOIN: 'the name of a stream',
  STREAM: 'the name of a stream',
  TABLE: 'the name of a table',
};

const phrases: Readonly<Record<string, string>> = {
  EOF: 'the end',
  GROUP: 'GROUP BY',
  ORDER: 'ORDER BY',
  PARTITION: 'PARTITION BY',
  NUMBER: 'a whole number',
  STRING: 'a text in double quotes',
  TRUE: 'TRUE',
  FALSE: 'FALSE',
};

/** What could stand in place of the wrong token, in a few words: `an expression`, `WHERE, GROUP BY or the end`. */
export function expectationOf(situation: Situation): string {
  const {expected, token} = situation;
  const left = new Set(expected);
  const phrasesFound: string[] = [];
  if (expected.has('CASE')) {
    phrasesFound.push('an expression');
    remove(left, operandWords);
  } else if (expected.has('IDENT')) {
    phrasesFound.push(nameOf(situation));
    left.delete('IDENT');
    left.delete('SOURCE');
    left.delete('NULL');
  } else if (expected.has('NUMBER') && expected.has('STRING')) {
    phrasesFound.push('a number, a text, TRUE or FALSE');
    remove(left, operandWords);
  }
  if (expected.has('/')) removeOperators(left, situation);
  if (joinWords.every(word => left.has(word))) remove(left, joinWords);
  if (left.has('EOF')) left.delete(';');
  if (token.kind === 'EOF') removeOptional(left, phrasesFound.length);
  return enumerate([...phrasesFound, ...[...left].sort(byPlace).map(phraseOf)]);
}

function nameOf({expected, previous, definitionPart}: Situation): string {
  if (expected.has('SOURCE')) return 'the name of a stream';
  if (definitionPart === 'options') return 'an option';
  if (definitionPart === 'columns') return previous.kind === 'IDENT' ? 'a type' : 'a column';
  return namesAfter[previous.kind] ?? 'a name';
}

/** After an operand any operator fits; AND tells something when it belongs to BETWEEN or when conditions follow each other. */
function removeOperators(left: Set<string>, {expected, token}: Situation): void {
  const isBound = expected.has('AND') && !expected.has('OR');
  const joinsConditions = expected.has('OR') && expected.has('EOF') && !expected.has(',') && token.kind !== 'EOF';
  remove(left, operatorWords);
  if (isBound || joinsConditions) left.add('AND');
  if (joinsConditions) left.add('OR');
  if (left.size === 0) left.add('an operator');
}

/** At the end of the text what is missing matters, not what could have been added. */
function removeOptional(left: Set<string>, others: number): void {
  const optional = [',', 'AS', 'INVISIBLE'].filter(word => left.has(word));
  if (left.size + others > optional.length) remove(left, optional);
}

const places =
  ', SELECT CREATE SHOW DESCRIBE EXPLAIN DROP AND OR AS INVISIBLE FROM JOIN ON WHERE PARTITION WHEN THEN ELSE END GROUP HAVING ORDER LIMIT ASC DESC'.split(
    ' ',
  );

/** In the order of a statement; what ends it comes last. */
function byPlace(a: string, b: string): number {
  return placeOf(a) - placeOf(b);
}

function placeOf(word: string): number {
  if (word === 'EOF') return places.length + 1;
  const place = places.indexOf(word);
  return place === -1 ? places.length : place;
}

function remove(from: Set<string>, words: Iterable<string>): void {
  for (const word of words) from.delete(word);
}

function phraseOf(word: string): string {
  return phrases[word] ?? (/^[A-Za-z]/.test(word) ? word : `"${word}"`);
}

/** `a, b or c`. */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
