import {nearest} from '#engine/base/nearest.ts';
import type {Span} from '../ast/span.ts';
import {isReservedWord} from '../grammar/words.ts';
import type {Situation} from './situation.ts';

/** What is said instead of, or beside, "found …, expected …". */
export interface Mistake {
  readonly reason?: string;
  readonly hint?: string;
  readonly span?: Span;
}

type Recognise = (situation: Situation) => Mistake | undefined;

const clauses = ['FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT'];
const operandEnds = ['IDENT', 'NUMBER', 'STRING', 'TRUE', 'FALSE', 'NULL', ')', ']', 'END'];
const comparisons = ['=', '!=', '<', '<=', '>', '>='];

const foreignClauses: Readonly<Record<string, string>> = {
  UNION: 'Write two rules with the same target.',
  INTERSECT: 'Join the streams instead.',
  OFFSET: 'LIMIT counts from the first row of a window.',
  INTO: 'The actions of a rule say where its rows go.',
  USING: 'Write ON a.id = b.id.',
};

/** Whether `word` is a keyword that would fit, misspelt; keywords of two letters are too near to everything. */
function keywordMeant(word: string, expected: ReadonlySet<string>, fits: (keyword: string) => boolean): string | undefined {
  if (word.length < 2) return undefined;
  const keywords = [...expected].filter(
    name => /^[A-Z]{3,}$/.test(name) && !['IDENT', 'EOF', 'STRING', 'NUMBER', 'SOURCE', 'UNIT'].includes(name),
  );
  const near = nearest(word, keywords);
  return near !== undefined && fits(near) ? near : undefined;
}

const misspeltKeyword: Recognise = situation => {
  const {token, next, expected, found} = situation;
  if (token.kind !== 'IDENT') return undefined;
  const meant = keywordMeant(token.value, expected, keyword => next === undefined || situation.fits(keyword, next.kind));
  return meant === undefined ? undefined : {reason: `found ${found}, expected ${meant}`, hint: `Did you mean ${meant}?`};
};

const misspeltKeywordBefore: Recognise = situation => {
  const {token, previous} = situation;
  if (previous.kind !== 'IDENT') return undefined;
  const meant = keywordMeant(previous.value, situation.expectedBefore(), keyword => situation.fitsBefore(keyword, token.kind));
  if (meant === undefined) return undefined;
  return {reason: `found "${situation.textOf(previous)}", expected ${meant}`, hint: `Did you mean ${meant}?`, span: previous.span};
};

const secondStatement: Recognise = ({previous, expected, found}) =>
  previous.kind === ';' && expected.size === 1 && expected.has('EOF')
    ? {reason: `found ${found} after the end of the statement`, hint: 'One statement may stand here.'}
    : undefined;

const closingBracket: Recognise = situation => {
  const {token} = situation;
  if (token.kind !== ')' && token.kind !== ']') return undefined;
  const open = situation.openBracket();
  if (open === undefined) return {reason: `"${token.kind}" has no opening "${token.kind === ')' ? '(' : '['}"`};
  const wanted = open.kind === '(' ? ')' : ']';
  if (wanted === token.kind) return undefined;
  return {reason: `found "${token.kind}", expected "${wanted}"`, hint: notClosed(open.kind, open.span)};
};

const openBracket: Recognise = situation => {
  const {token, expected, found} = situation;
  const open = situation.openBracket();
  if (open === undefined || !(token.kind === 'EOF' || token.kind === ';' || clauses.includes(token.kind))) return undefined;
  const wanted = open.kind === '(' ? ')' : ']';
  if (!expected.has(wanted) || !expected.has('/')) return undefined;
  return {reason: `found ${found}, expected "${wanted}"`, hint: notClosed(open.kind, open.span)};
};

function notClosed(bracket: string, {line, column}: Span): string {
  return `The "${bracket}" in line ${line}, column ${column} is not closed.`;
}

const subQuery: Recognise = ({token, previous, tokens}) => {
  const isInner = token.kind === 'SELECT' && tokens.length > 2 && previous.kind !== ';' && previous.kind !== 'EXPRESSION';
  if (!isInner && !(token.kind === '(' && (previous.kind === 'FROM' || previous.kind === 'JOIN'))) return undefined;
  return {reason: 'a statement cannot contain another', hint: 'Let one rule write to a memory topic and a stream read from it.'};
};

const otherDialect: Recognise = ({token, previous}) => {
  if (token.kind !== 'IDENT') return undefined;
  const word = token.value.toUpperCase();
  const hint = operandEnds.includes(previous.kind) ? foreignClauses[word] : undefined;
  return hint === undefined ? undefined : {reason: `${word} is not part of the language`, hint};
};

const severalStreams: Recognise = ({token, expected}) =>
  token.kind === ',' && expected.has('JOIN') && expected.has('WHERE')
    ? {reason: 'found ",", one stream stands after FROM', hint: 'Join others: INNER JOIN name ON condition.'}
    : undefined;

const optionValue: Recognise = situation => {
  const {token, tokens, previous, expected} = situation;
  if (previous.kind !== '=' || !expected.has('STRING') || expected.has('NUMBER')) return undefined;
  const key = tokens.at(-3)!;
  return {
    reason: `found ${situation.found}, expected a text in double quotes, TRUE or FALSE`,
    hint: `Write ${situation.textOf(key)}="${token.kind === 'IDENT' || token.kind === 'NUMBER' ? token.value : '…'}".`,
  };
};

const lengthOfType: Recognise = ({token, previous, definitionPart}) =>
  definitionPart === 'columns' && token.kind === 'NUMBER' && previous.kind === '('
    ? {reason: `found "${token.value}", a type has no length`, hint: 'Write STRING, BIGINT or FLOAT alone.'}
    : undefined;

const clauseOutOfPlace: Recognise = situation => {
  const {token, previous, tokens, found} = situation;
  if (!clauses.includes(token.kind) || !operandEnds.includes(previous.kind) || situation.openBracket() !== undefined) return undefined;
  const statement = tokens.slice(tokens.findLastIndex(({kind}) => kind === ';') + 1, -1);
  if (!statement.some(({kind}) => kind === 'FROM')) return undefined;
  const word = token.kind === 'GROUP' || token.kind === 'ORDER' ? `${token.kind} BY` : token.kind;
  if (statement.some(({kind}) => kind === token.kind)) return {reason: `${word} stands twice`};
  return {
    reason: `found ${found} too late`,
    hint: 'The order is SELECT, FROM, JOIN, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT.',
  };
};

const aliasOfWildcard: Recognise = ({token, expected, previous}) =>
  token.kind === 'AS' && !expected.has('AS') && (expected.has('EXCEPT') || expected.has('REPLACE') || previous.kind === ')')
    ? {reason: 'an alias cannot stand after "*"'}
    : undefined;

const textAsAlias: Recognise = ({token, previous, found}) =>
  previous.kind === 'AS' && token.kind === 'STRING'
    ? {reason: `found ${found}, expected a name after AS`, hint: 'Write the alias without quotes, or in back-quotes.'}
    : undefined;

const missingAs: Recognise = ({token, previous, expected, found}) => {
  if (token.kind !== 'IDENT' || !expected.has('AS')) return undefined;
  if (expected.has('WHERE')) {
    return {reason: `found ${found}, an alias needs AS`, hint: `Write AS ${token.value} for an alias of the stream.`};
  }
  if (!operandEnds.includes(previous.kind)) return undefined;
  return {reason: `found ${found}, expected ",", AS or FROM`, hint: 'Fields are separated by commas, and an alias needs AS.'};
};

const adjacentTexts: Recognise = ({token, previous, found}) =>
  token.kind === 'STRING' && previous.kind === 'STRING'
    ? {reason: `found ${found} right after another text`, hint: 'A quote inside a text is written \\\' or \\".'}
    : undefined;

const listInBrackets: Recognise = ({token, previous}) =>
  token.kind === '[' && !operandEnds.includes(previous.kind)
    ? {hint: 'A list stands in parentheses after IN; array_create(…) makes an array.'}
    : undefined;

const bareNot: Recognise = ({token, previous}) =>
  token.kind === 'NOT' && comparisons.includes(previous.kind) ? {hint: 'Put NOT and its operand in parentheses.'} : undefined;

const isTrue: Recognise = ({token, previous}) =>
  (previous.kind === 'IS' || previous.kind === 'NOT') && (token.kind === 'TRUE' || token.kind === 'FALSE')
    ? {hint: `Write = ${token.kind}.`}
    : undefined;

const nullsFirst: Recognise = ({token}) =>
  token.kind === 'FIRST' ? {reason: 'NULLS FIRST is not supported', hint: 'Null sorts last in both directions.'} : undefined;

/** A reserved word where a name would fit, and what follows it too. */
const reservedName: Recognise = situation => {
  const {token, next} = situation;
  const word = situation.textOf(token);
  if (!isReservedWord(word) || next === undefined || !situation.fits('IDENT', next.kind)) return undefined;
  return {reason: `"${word}" is a reserved word`, hint: `Write \`${word}\` in back-quotes for a name.`};
};

const trailingComma: Recognise = ({token, previous}) =>
  previous.kind === ',' && (token.kind === ')' || token.kind === 'EOF' || clauses.includes(token.kind))
    ? {hint: 'Remove the comma before it.'}
    : undefined;

/** What people often get wrong, the most telling first. */
export const typicalMistakes: readonly Recognise[] = [
  secondStatement,
  closingBracket,
  openBracket,
  subQuery,
  otherDialect,
  misspeltKeyword,
  severalStreams,
  optionValue,
  lengthOfType,
  aliasOfWildcard,
  textAsAlias,
  reservedName,
  misspeltKeywordBefore,
  clauseOutOfPlace,
  missingAs,
  adjacentTexts,
  listInBrackets,
  bareNot,
  isTrue,
  nullsFirst,
  trailingComma,
];
