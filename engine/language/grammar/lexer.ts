import type {Span} from '../ast/span.ts';
import {readString} from './string-literal.ts';
import {SyntaxFault} from './syntax-fault.ts';
import {keywordOf, type Neighbours} from './words.ts';

/** `kind` is the name of a terminal of the grammar; `value` what its action gets: the name, the decoded string, the digits, the text. */
export interface Token {
  readonly kind: string;
  readonly value: string;
  readonly span: Span;
}

export type StartToken = 'STATEMENT' | 'STATEMENTS' | 'EXPRESSION';

const wordPattern = /[A-Za-z_][A-Za-z0-9_]*/y;
const numberPattern = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const numberTail = /[A-Za-z0-9_.]+/y;
/** A source named like a topic: `plant/+/temp`, `#`. A slash before a star begins a comment. */
const topicPattern = /(?=[A-Za-z0-9_]*(?:[#+]|\/(?!\*)))(?:[A-Za-z0-9_#+]|\/(?!\*))+/y;
/** The original allows blanks inside two-character operators. */
const operatorPattern = /![ \t\r\n]*=|<[ \t\r\n]*[=>]|>[ \t\r\n]*=|-[ \t\r\n]*>|\.[ \t\r\n]*\*|[-+*/%&|^=<>()[\],;:.]/y;
const stringPattern = {'"': /"(?:[^"\\\r\n]|\\[^\r\n])*"/y, "'": /'(?:[^'\\\r\n]|\\[^\r\n])*'/y} as const;

const operandEnds: ReadonlySet<string> = new Set(['IDENT', 'NUMBER', 'STRING', 'TRUE', 'FALSE', 'NULL', 'UNIT', ')', ']', 'END']);

const operatorAdvice: Readonly<Record<string, readonly [expected: string, hint: string | undefined]>> = {
  '==': ['=', 'Compare with a single "=".'],
  '===': ['=', 'Compare with a single "=".'],
  '||': ['an operator of the language', 'Join texts with concat(a, b), conditions with OR.'],
  '&&': ['AND', 'Join conditions with AND.'],
  '!': ['!= or NOT', 'Write NOT before a condition.'],
};

/** Cuts a statement into tokens, one a call. Throws a SyntaxFault at what cannot be one. */
export class Lexer implements Neighbours {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  #start: StartToken | undefined;

  previous = '';
  opensCall = false;
  inDefinition = false;

  /** `start` is the first token: what the text is to be read as. */
  constructor(text: string, start: StartToken) {
    this.#text = text;
    this.#start = start;
  }

  get afterOperand(): boolean {
    return operandEnds.has(this.previous);
  }

  next(): Token {
    if (this.#start !== undefined) return this.#begin(this.#start);
    this.#skipGap();
    const span = this.#spanHere();
    const token = this.#at >= this.#text.length ? {kind: 'EOF', value: '', span} : this.#read(span);
    this.#remember(token.kind);
    return token;
  }

  follows(pattern: RegExp): boolean {
    pattern.lastIndex = this.#afterGap(this.#at);
    return pattern.test(this.#text);
  }

  #begin(kind: StartToken): Token {
    this.#start = undefined;
    this.previous = kind === 'EXPRESSION' ? kind : '';
    return {kind, value: '', span: this.#spanHere()};
  }

  #remember(kind: string): void {
    this.opensCall = kind === '(' && this.previous === 'IDENT';
    if (kind === 'CREATE') this.inDefinition = true;
    if (kind === ';') this.inDefinition = false;
    this.previous = kind === ';' ? '' : kind;
  }

  #read(start: Span): Token {
    const code = this.#text.charCodeAt(this.#at);
    if (this.previous === 'FROM' || this.previous === 'JOIN') {
      const topic = this.#take(topicPattern);
      if (topic !== undefined) return this.#token('SOURCE', topic, start);
    }
    if (isLetter(code)) {
      const word = this.#take(wordPattern)!;
      const keyword = keywordOf(word, this);
      return this.#token(keyword ?? 'IDENT', word, start);
    }
    switch (code) {
      case 0x60:
        return this.#readQuotedName(start);
      case 0x22:
      case 0x27:
        return this.#readString(start, code === 0x22 ? '"' : "'");
    }
    if (this.#startsNumber(code)) return this.#readNumber(start);
    return this.#readOperator(start);
  }

  #readOperator(start: Span): Token {
    const operator = this.#take(operatorPattern);
    const mistaken = mistakenOperator(this.#text, start.start, operator);
    if (mistaken !== undefined) {
      const [expected, hint] = operatorAdvice[mistaken]!;
      throw new SyntaxFault(`found "${mistaken}", expected ${expected}`, {...start, end: start.start + mistaken.length}, hint);
    }
    if (operator === undefined) throw this.#strangeCharacter(start);
    if (operator.length === 1) return this.#token(operator, operator, start);
    this.#countLines(start.start, operator);
    const kind = operator[0]! + operator.at(-1)!;
    return this.#token(kind === '<>' ? '!=' : kind, kind, start);
  }

  /** A minus where an operand is expected belongs to the number after it. */
  #startsNumber(code: number): boolean {
    if (isDigit(code)) return true;
    if (code === 0x2e) return isDigit(this.#text.charCodeAt(this.#at + 1));
    if (code !== 0x2d || this.afterOperand) return false;
    const at = afterBlanks(this.#text, this.#at + 1);
    const next = this.#text.charCodeAt(at);
    return isDigit(next) || (next === 0x2e && isDigit(this.#text.charCodeAt(at + 1)));
  }

  #readNumber(start: Span): Token {
    let sign = '';
    if (this.#text.charCodeAt(this.#at) === 0x2d) {
      sign = '-';
      const digits = afterBlanks(this.#text, this.#at + 1);
      this.#countLines(this.#at, this.#text.slice(this.#at, digits));
      this.#at = digits;
    }
    const from = this.#at;
    const digits = this.#take(numberPattern)!;
    const tail = this.#take(numberTail);
    if (tail !== undefined) {
      const found = this.#text.slice(from, this.#at);
      const isNumber = /^[0-9.]+$/.test(found);
      const hint = isNumber ? undefined : `A name that begins with a digit stands in back-quotes: \`${found}\`.`;
      throw new SyntaxFault(
        `found "${found}", ${isNumber ? 'expected a number' : 'expected a number or a name'}`,
        this.#close(start),
        hint,
      );
    }
    if (!Number.isFinite(Number(digits))) throw new SyntaxFault(`the number "${digits}" is too large`, this.#close(start));
    return this.#token('NUMBER', sign + digits, start);
  }

  #readQuotedName(start: Span): Token {
    const end = this.#text.indexOf('`', this.#at + 1);
    if (end === -1) throw new SyntaxFault('the back-quote is not closed', {...start, end: start.start + 1});
    const name = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    if (name === '') throw new SyntaxFault('a name in back-quotes is empty', this.#close(start));
    this.#countLines(start.start, name, 1);
    return this.#token('IDENT', name, start);
  }

  #readString(start: Span, quote: '"' | "'"): Token {
    const raw = this.#take(stringPattern[quote]);
    if (raw === undefined) {
      const other = quote === '"' ? 'double' : 'single';
      throw new SyntaxFault(
        `the ${other} quote is not closed on its line`,
        {...start, end: start.start + 1},
        'Write \\n for a line break in a text.',
      );
    }
    const value = readString(raw);
    if (typeof value === 'string') return this.#token('STRING', value, start);
    const {offset, length, reason, hint} = value;
    const at = start.start + offset;
    throw new SyntaxFault(reason, {start: at, end: at + length, line: start.line, column: start.column + offset}, hint);
  }

  #strangeCharacter(start: Span): SyntaxFault {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    const span = {...start, end: start.start + character.length};
    if (/[‘’“”„´]/.test(character))
      return new SyntaxFault(`found the typographic quote ${character}`, span, 'Write a straight quote: \' or ".');
    if (/\p{L}/u.test(character)) {
      return new SyntaxFault(
        `found "${character}", names outside back-quotes have ASCII letters only`,
        span,
        'Put the name in back-quotes.',
      );
    }
    const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    const shown = /[\p{C}\p{Z}]/u.test(character) ? code : `"${character}"`;
    const hint = /[$@#]/.test(character) ? 'A name with other characters than letters, digits and "_" stands in back-quotes.' : undefined;
    return new SyntaxFault(`${shown} has no meaning here`, span, hint);
  }

  #skipGap(): void {
    const end = this.#afterGap(this.#at, true);
    this.#countLines(this.#at, this.#text.slice(this.#at, end));
    this.#at = end;
  }

  /** The offset behind blanks and comments. */
  #afterGap(at: number, isStrict = false): number {
    const text = this.#text;
    for (;;) {
      at = afterBlanks(text, at);
      if (text.startsWith('--', at)) {
        const end = text.indexOf('\n', at);
        at = end === -1 ? text.length : end;
      } else if (text.startsWith('/*', at)) {
        const end = text.indexOf('*/', at + 2);
        if (end === -1) {
          if (!isStrict) return text.length;
          this.#countLines(this.#at, text.slice(this.#at, at));
          this.#at = at;
          throw new SyntaxFault('the comment is not closed', {...this.#spanHere(), end: at + 2}, 'End it with "*/".');
        }
        at = end + 2;
      } else {
        return at;
      }
    }
  }

  #countLines(from: number, piece: string, offset = 0): void {
    for (let i = piece.indexOf('\n'); i !== -1; i = piece.indexOf('\n', i + 1)) {
      this.#line++;
      this.#lineStart = from + offset + i + 1;
    }
  }

  #take(pattern: RegExp): string | undefined {
    const found = this.#peek(pattern);
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #spanHere(): Span {
    return {start: this.#at, end: this.#at, line: this.#line, column: this.#at - this.#lineStart + 1};
  }

  #close({start, line, column}: Span): Span {
    return {start, end: this.#at, line, column};
  }

  #token(kind: string, value: string, start: Span): Token {
    return {kind, value, span: this.#close(start)};
  }
}

/** What other languages write and this one does not, beginning with the `operator` found at `at`. */
function mistakenOperator(text: string, at: number, operator: string | undefined): string | undefined {
  if (operator === undefined) return text[at] === '!' ? '!' : undefined;
  if ((operator !== '=' && operator !== '|' && operator !== '&') || text[at + 1] !== operator) return undefined;
  return text.startsWith('===', at) ? '===' : operator + operator;
}

function afterBlanks(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at++;
  }
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
