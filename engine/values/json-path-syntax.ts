/** A path such as `$.rings[? @.weight > 1].name`, as read. */
export interface JsonPath {
  readonly steps: readonly Step[];
}

export type Step =
  | {readonly kind: 'key'; readonly key: string}
  | {readonly kind: 'index'; readonly index: number}
  | {readonly kind: 'union'; readonly keys: readonly (string | number)[]}
  | {readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number}
  | {readonly kind: 'all'}
  | {readonly kind: 'descend'}
  | {readonly kind: 'filter'; readonly condition: Condition};

export type Condition =
  | {readonly kind: 'literal'; readonly value: string | number | boolean | null}
  | {readonly kind: 'path'; readonly fromRoot: boolean; readonly path: JsonPath}
  | {readonly kind: 'not'; readonly of: Condition}
  | {readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition}
  | {readonly kind: 'compare'; readonly operator: Comparison; readonly left: Condition; readonly right: Condition};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** How deep conditions may be nested: they come from users and are walked by recursion. */
const deepest = 50;

/** Reads a path; throws a plain Error that tells where it is wrong. Time is linear in its length. */
export function parseJsonPath(text: string): JsonPath {
  return new PathParser(text).parse();
}

class PathParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonPath {
    this.#skipSpace();
    if (!this.#take('$')) throw this.#wrong('"$"');
    const steps = this.#steps();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#wrong('"." or "["');
    return {steps};
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take('..')) {
        steps.push({kind: 'descend'});
        steps.push(this.#peek('[') ? this.#bracket() : this.#name());
      } else if (this.#take('.')) steps.push(this.#name());
      else if (this.#peek('[')) steps.push(this.#bracket());
      else return steps;
    }
  }

  #name(): Step {
    if (this.#take('*')) return {kind: 'all'};
    const name = this.#match(/[\p{L}\p{N}_-]+/uy);
    if (name === undefined) throw this.#wrong('a name');
    return {kind: 'key', key: name};
  }

  #bracket(): Step {
    this.#take('[');
    this.#skipSpace();
    const step = this.#selector();
    this.#skipSpace();
    if (!this.#take(']')) throw this.#wrong('"]"');
    return step;
  }

  #selector(): Step {
    if (this.#take('*')) return {kind: 'all'};
    if (this.#take('?')) return {kind: 'filter', condition: this.#condition()};
    const first = this.#key();
    this.#skipSpace();
    if (typeof first !== 'string' && this.#take(':')) return this.#slice(first);
    if (first === undefined) throw this.#wrong('a name in quotes, an index, "*" or "?"');
    const keys = [first];
    while (this.#take(',')) {
      this.#skipSpace();
      const key = this.#key();
      if (key === undefined) throw this.#wrong('a name in quotes or an index');
      keys.push(key);
      this.#skipSpace();
    }
    if (keys.length > 1) return {kind: 'union', keys};
    return typeof first === 'string' ? {kind: 'key', key: first} : {kind: 'index', index: first};
  }

  #slice(from: number | undefined): Step {
    this.#skipSpace();
    const to = this.#integer();
    this.#skipSpace();
    const by = this.#take(':') ? this.#integer() : undefined;
    if (by === 0) throw this.#wrong('a step other than 0');
    return {kind: 'slice', from, to, by: by ?? 1};
  }

  #key(): string | number | undefined {
    return this.#string() ?? this.#integer();
  }

  #integer(): number | undefined {
    const digits = this.#match(/-?\d{1,15}/y);
    return digits === undefined ? undefined : Number(digits);
  }

  #string(): string | undefined {
    const quoted = this.#match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy);
    if (quoted === undefined) return undefined;
    return quoted.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/gsu, (_, escaped: string) => {
      if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
      return controls[escaped] ?? escaped;
    });
  }

  #condition(): Condition {
    if (++this.#depth > deepest) throw new Error(`json path "${this.#text}": conditions nest at most ${deepest} deep`);
    let left = this.#conjunction();
    while (this.#takeSpaced('||')) left = {kind: 'or', left, right: this.#conjunction()};
    this.#depth--;
    return left;
  }

  #conjunction(): Condition {
    let left = this.#comparison();
    while (this.#takeSpaced('&&')) left = {kind: 'and', left, right: this.#comparison()};
    return left;
  }

  #comparison(): Condition {
    const left = this.#operand();
    this.#skipSpace();
    const operator = this.#match(/==|!=|<=|>=|<|>/y) as Comparison | undefined;
    return operator === undefined ? left : {kind: 'compare', operator, left, right: this.#operand()};
  }

  #operand(): Condition {
    this.#skipSpace();
    if (this.#take('(')) {
      const inner = this.#condition();
      if (!this.#takeSpaced(')')) throw this.#wrong('")"');
      return inner;
    }
    if (this.#take('!')) return this.#negation();
    if (this.#take('@')) return this.#path(false);
    if (this.#take('$')) return this.#path(true);
    const text = this.#string();
    if (text !== undefined) return {kind: 'literal', value: text};
    const number = this.#match(/-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return {kind: 'literal', value: Number(number)};
    const word = this.#match(/(?:true|false|null|nil)(?![\w])/y);
    if (word === undefined) throw this.#wrong('"@", "$", a number, a text in quotes, true, false or null');
    return {kind: 'literal', value: word === 'true' ? true : word === 'false' ? false : null};
  }

  #negation(): Condition {
    if (++this.#depth > deepest) throw new Error(`json path "${this.#text}": conditions nest at most ${deepest} deep`);
    const of = this.#operand();
    this.#depth--;
    return {kind: 'not', of};
  }

  #path(fromRoot: boolean): Condition {
    if (++this.#depth > deepest) throw new Error(`json path "${this.#text}": conditions nest at most ${deepest} deep`);
    const steps = this.#steps();
    this.#depth--;
    return {kind: 'path', fromRoot, path: {steps}};
  }

  #takeSpaced(sign: string): boolean {
    this.#skipSpace();
    return this.#take(sign);
  }

  #skipSpace(): void {
    this.#match(/\s+/y);
  }

  #peek(sign: string): boolean {
    return this.#text.startsWith(sign, this.#at);
  }

  #take(sign: string): boolean {
    if (!this.#peek(sign)) return false;
    this.#at += sign.length;
    return true;
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #wrong(expected: string): Error {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return new Error(
      `json path "${this.#text}": expected ${expected} ${rest === '' ? 'at the end' : `before "${rest}" (character ${this.#at + 1})`}`,
    );
  }
}

const controls: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', b: '\b', f: '\f'};
