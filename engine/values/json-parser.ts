import {EvaluationError} from '#engine/base/errors.ts';
import {defineMember} from './member.ts';
import type {Row, Value} from './value.ts';

/** Arrays and objects within one another; everything that walks a value recursively relies on this bound. */
export const maxDepth = 512;

/**
 * Reads JSON text exactly: numbers without fraction and exponent become bigint, others number. Slower than JSON.parse, which cannot tell
 * `12` from `12.0` and rounds beyond 2^53; also the source of error positions. Throws an EvaluationError.
 */
export function parseJsonExactly(text: string): Value {
  return new JsonParser(text).document();
}

class JsonParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Value {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#fault('expected the end of the text');
    return value;
  }

  #value(): Value {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): Row {
    this.#enter();
    const object: Row = {};
    if (this.#follows('}')) return this.#leave(object);
    for (;;) {
      this.#skipBlanks();
      if (this.#text[this.#at] !== '"') throw this.#fault('expected a name in double quotes');
      const name = this.#string();
      if (!this.#follows(':')) throw this.#fault('expected ":"');
      defineMember(object, name, this.#value());
      if (this.#follows('}')) return this.#leave(object);
      if (!this.#follows(',')) throw this.#fault('expected "," or "}"');
    }
  }

  #array(): Value[] {
    this.#enter();
    const items: Value[] = [];
    if (this.#follows(']')) return this.#leave(items);
    for (;;) {
      items.push(this.#value());
      if (this.#follows(']')) return this.#leave(items);
      if (!this.#follows(',')) throw this.#fault('expected "," or "]"');
    }
  }

  #string(): string {
    stringToken.lastIndex = this.#at;
    const token = stringToken.exec(this.#text)?.[0];
    if (token === undefined) throw this.#fault('expected a closing quote, found none or a bad escape or control character');
    this.#at += token.length;
    return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
  }

  #number(): number | bigint {
    numberToken.lastIndex = this.#at;
    const match = numberToken.exec(this.#text);
    if (!match) throw this.#fault(this.#at < this.#text.length ? 'expected a value' : 'the text ends where a value was expected');
    const [token, fraction] = match;
    // BigInt of a number of a million digits takes minutes.
    if (token.length > 400 && fraction === '') throw this.#fault('the number has too many digits');
    this.#at += token.length;
    return fraction === '' ? BigInt(token) : Number(token);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('expected a value');
    this.#at += word.length;
    return value;
  }

  #follows(sign: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > maxDepth) throw this.#fault(`more than ${maxDepth} levels of nesting`);
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #fault(what: string): EvaluationError {
    const near = this.#text.slice(Math.max(0, this.#at - 10), this.#at + 20);
    return new EvaluationError(`the payload is not JSON: ${what} at character ${this.#at + 1}, near ${JSON.stringify(near)}`);
  }
}

const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const numberToken = /-?(?:0|[1-9]\d*)((?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/** Whether JSON text nests deeper than `maxDepth`. JSON.parse itself has no bound. */
export function isNestedTooDeep(text: string): boolean {
  // Each level takes two characters at least, and most payloads are shorter.
  if (text.length <= 2 * maxDepth) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

function endOfString(text: string, opening: number): number {
  for (let at = opening; ; ) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
}
