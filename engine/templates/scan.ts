import {TemplateError} from './template-error.ts';

/** A piece of a template: text as it stands, or an action with its tokens. */
export type Piece =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'action'; readonly tokens: readonly Token[]; readonly start: number; readonly end: number};

export interface Token {
  readonly kind: 'word' | 'field' | 'dot' | 'variable' | 'number' | 'string' | 'character' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** White space before it: `.a.b` is one operand, `.a .b` are two. */
  readonly spaced: boolean;
}

const blank = /[ \t\r\n]/;
const tokenPattern =
  /(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<field>\.[\p{L}_][\p{L}\p{N}_]*)|(?<variable>\$[\p{L}\p{N}_]*)|(?<number>[+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?\d+)?|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?))|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<character>'(?:[^'\\\n]|\\.)+')|(?<sign>:=|[=|(),])|(?<dot>\.)/uy;

/** Cuts a template into text and actions, trim markers (`{{-`, `-}}`) and comments already applied. Throws a TemplateError. */
export function scanTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    let plain = open < 0 ? text.slice(at) : text.slice(at, open);
    const trimsBefore = open >= 0 && text[open + 2] === '-' && blank.test(text[open + 3] ?? '');
    if (trimNext) plain = plain.replace(/^[ \t\r\n]+/, '');
    if (trimsBefore) plain = trimEnd(plain);
    if (plain !== '') pieces.push({kind: 'text', text: plain});
    if (open < 0) break;
    const inside = open + (trimsBefore ? 4 : 2);
    const action = scanComment(text, open, inside) ?? scanAction(text, open, inside);
    if (action.tokens) pieces.push({kind: 'action', tokens: action.tokens, start: open, end: action.end});
    at = action.end;
    trimNext = action.trimsAfter;
  }
  return pieces;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blank.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

interface Scanned {
  readonly tokens: Token[] | undefined;
  readonly end: number;
  readonly trimsAfter: boolean;
}

function scanComment(text: string, open: number, inside: number): Scanned | undefined {
  if (!text.startsWith('/*', inside)) return undefined;
  const close = text.indexOf('*/', inside + 2);
  if (close < 0) throw new TemplateError('the comment is not closed, expected "*/}}"', text, open, open + 2);
  const closing = closingAt(text, close + 2);
  if (!closing) throw new TemplateError('expected "}}" right after the comment', text, close + 2, close + 3);
  return {tokens: undefined, ...closing};
}

/** `}}`, or white space and `-}}`, at an offset. */
function closingAt(text: string, at: number): {end: number; trimsAfter: boolean} | undefined {
  if (text.startsWith('}}', at)) return {end: at + 2, trimsAfter: false};
  let next = at;
  while (blank.test(text[next] ?? '')) next++;
  if (next > at && text.startsWith('-}}', next)) return {end: next + 3, trimsAfter: true};
  return undefined;
}

function scanAction(text: string, open: number, inside: number): Scanned {
  const tokens: Token[] = [];
  let at = inside;
  for (;;) {
    const closing = closingAt(text, at);
    if (closing) return {tokens, ...closing};
    const from = at;
    while (blank.test(text[at] ?? '')) at++;
    if (at > from && text.startsWith('}}', at)) return {tokens, end: at + 2, trimsAfter: false};
    if (at >= text.length) throw new TemplateError('the action is not closed, expected "}}"', text, open, open + 2);
    tokenPattern.lastIndex = at;
    const groups = tokenPattern.exec(text)?.groups;
    if (!groups) throw new TemplateError(explainStray(text, at), text, at, at + 1);
    const [kind, token] = Object.entries(groups).find(([, matched]) => matched !== undefined)! as [Token['kind'], string];
    tokens.push({kind, text: token, start: at, end: at + token.length, spaced: at > from});
    at += token.length;
  }
}

function explainStray(text: string, at: number): string {
  const character = text[at]!;
  if (character === '"' || character === '`' || character === "'") return 'the quoted text is not closed within the action';
  return `found "${character}", expected a field, variable, function, literal or "}}"`;
}
