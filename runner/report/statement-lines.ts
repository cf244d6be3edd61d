/** Longer statements are broken at their clauses, longer clauses at their items. */
const longest = 80;

interface Token {
  readonly text: string;
  /** Upper case for words, empty for everything else. */
  readonly word: string;
  /** Brackets around it; a CASE counts as one. */
  readonly depth: number;
}

const tokenPattern = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|--[^\n]*|\/\*.*?\*\/|[\p{L}_$][\p{L}\p{N}_$]*|\s+|./gsu;
const joinWords = new Set(['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS']);

/**
 * The lines of one statement, or of two that are to be compared: both are broken in the same places, so that a difference shows in its
 * line. A statement that its author has broken already stays as it is.
 */
export function statementLines(...statements: readonly string[]): readonly (readonly string[])[] {
  const written = statements.map(text => text.trim());
  if (written.every(text => text.includes('\n'))) return written.map(text => text.split('\n').map(line => line.trimEnd()));
  const flat = written.map(tokensOf);
  if (flat.every(tokens => lengthOf(tokens) <= longest)) return flat.map(tokens => [textOf(tokens)]);
  const clauses = flat.map(clausesOf);
  // A clause that is long in one statement is broken in the other as well.
  const long = new Set(clauses.flat().flatMap(clause => (lengthOf(clause) > longest ? [clause[0]?.word ?? ''] : [])));
  return clauses.map(list => list.flatMap(clause => (long.has(clause[0]?.word ?? '') ? itemsOf(clause) : [textOf(clause)])));
}

/** White space is one blank, except behind a comment that needs its line. */
function tokensOf(text: string): readonly Token[] {
  let depth = 0;
  return (text.match(tokenPattern) ?? []).map(piece => {
    const word = /^[\p{L}_$]/u.test(piece) ? piece.toUpperCase() : '';
    if (piece === ')' || piece === ']' || word === 'END') depth--;
    const token = {text: /^\s+$/.test(piece) ? ' ' : piece.startsWith('--') ? `${piece}\n` : piece, word, depth};
    if (piece === '(' || piece === '[' || word === 'CASE') depth++;
    return token;
  });
}

function clausesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const words = tokens.filter(({text}) => text !== ' ');
  const begins = new Set<Token>();
  for (const [i, token] of words.entries()) {
    if (token.depth > 0) continue;
    const next = words[i + 1]?.word;
    const before = words[i - 1]?.word ?? '';
    const isClause =
      ['FROM', 'WHERE', 'HAVING', 'LIMIT', 'WITH'].includes(token.word) ||
      (['GROUP', 'ORDER'].includes(token.word) && next === 'BY') ||
      (joinWords.has(token.word) && next === 'JOIN') ||
      (token.word === 'JOIN' && !joinWords.has(before));
    if (isClause) begins.add(token);
  }
  return splitAt(tokens, token => begins.has(token));
}

/** A clause, one item a line: what commas separate, at the depth of its list, or conditions. */
function itemsOf(clause: readonly Token[]): readonly string[] {
  const hasList = /^(?:CREATE|WITH)$/.test(clause[0]?.word ?? '');
  const depth = hasList ? 1 : 0;
  let isBetween = false;
  let afterComma = false;
  const begins = new Set<Token>();
  for (const token of clause) {
    if (token.depth === depth && token.word === 'BETWEEN') isBetween = true;
    const isBound = isBetween && token.word === 'AND';
    if (token.depth === depth && isBound) isBetween = false;
    if (afterComma && token.text !== ' ') {
      begins.add(token);
      afterComma = false;
    }
    if (token.depth !== depth && !(hasList && token.depth === 0)) continue;
    if (token.depth === depth && token.text === ',') afterComma = true;
    else if (token.depth === depth && !hasList && !isBound && (token.word === 'AND' || token.word === 'OR')) begins.add(token);
    // The brackets of a list: what is in them begins a line, and so does the end of it.
    else if (hasList && token.depth === 0 && token.text === '(') afterComma = true;
    else if (hasList && token.depth === 0 && token.text === ')') begins.add(token);
  }
  return splitAt(clause, token => begins.has(token)).map((item, i) => {
    const text = textOf(item);
    return i === 0 || (hasList && item[0]?.text === ')') ? text : `  ${text}`;
  });
}

function splitAt(tokens: readonly Token[], isBegin: (token: Token) => boolean): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (isBegin(token) && parts.at(-1)!.length > 0) parts.push([]);
    parts.at(-1)!.push(token);
  }
  return parts;
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({text}) => text)
    .join('')
    .trim();
}

function lengthOf(tokens: readonly Token[]): number {
  return tokens.reduce((sum, {text}) => sum + text.length, 0);
}
