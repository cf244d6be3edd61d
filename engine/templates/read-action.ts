import {refusedFunctions} from './functions/refused.ts';
import {characterValue, numberValue, stringValue} from './literals.ts';
import type {Piece, Token} from './scan.ts';
import {TemplateError} from './template-error.ts';
import type {Command, Operand, Pipeline, TemplateNode} from './tree.ts';

export type Action = Extract<Piece, {kind: 'action'}>;

const keywords = ['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue'] as const;
export type Keyword = (typeof keywords)[number];

/** What an action needs to know of the template around it. */
export interface ActionContext {
  isFunction(name: string): boolean;
  /** Brings a variable into scope and gives its number. */
  declare(name: string): number;
  /** The number of a variable in scope. Throws a TemplateError when it is not. */
  resolve(token: Token): number;
  /** Throws a TemplateError when too many parentheses stand within one another. */
  nestPipeline<T>(at: number, read: () => T): T;
}

/** Reads the tokens of one action. */
export class ActionReader {
  readonly #text: string;
  readonly #action: Action;
  readonly #parser: ActionContext;
  #next = 0;

  constructor(text: string, action: Action, parser: ActionContext) {
    this.#text = text;
    this.#action = action;
    this.#parser = parser;
  }

  /** The keyword that stands next, consumed. */
  keyword(): Keyword | undefined {
    const token = this.#peek();
    const word = token?.kind === 'word' ? keywords.find(keyword => keyword === token.text) : undefined;
    if (word) this.#next++;
    return word;
  }

  action(): TemplateNode {
    const pipeline = this.pipeline(1);
    this.finish();
    return {kind: 'action', pipeline};
  }

  /** A name in quotes. */
  name(): string {
    const token = this.#peek();
    if (token?.kind !== 'string') throw this.#unexpected('the name of a template in quotes');
    this.#next++;
    return this.#string(token);
  }

  /** `needsData`: whether the data must follow the name. */
  invocation(needsData = false): Extract<TemplateNode, {kind: 'template'}> {
    const name = this.name();
    const argument = needsData || this.#peek() ? this.pipeline(1) : undefined;
    return {kind: 'template', name, argument, at: this.#action.start};
  }

  finish(): void {
    if (this.#peek()) throw this.#unexpected('"}}"');
  }

  /** `mostVariables` may be declared before `:=`: two in a range. */
  pipeline(mostVariables: 1 | 2): Pipeline {
    const declared = this.#declaration(mostVariables);
    const commands = [this.#command()];
    // As in Go, nothing may follow the last sign.
    while (this.#takes('|') && this.#peek() && !this.#isNext(')')) commands.push(this.#command(true));
    // The variable is in scope after its own pipeline, not within.
    return {variables: declared(), commands};
  }

  #declaration(mostVariables: number): () => number[] {
    const names: Token[] = [];
    let ahead = this.#next;
    for (;;) {
      const token = this.#action.tokens[ahead];
      if (token?.kind !== 'variable') return () => [];
      names.push(token);
      const sign = this.#action.tokens[ahead + 1]?.text;
      ahead += 2;
      if (sign === ',' && names.length < mostVariables) continue;
      if (sign !== ':=' && sign !== '=') return () => [];
      if (sign === '=') {
        this.#next = ahead;
        const numbers = names.map(name => this.#parser.resolve(name));
        return () => numbers;
      }
      this.#next = ahead;
      return () => names.map(name => this.#parser.declare(name.text));
    }
  }

  #command(isFed = false): Command {
    const first = this.#operand();
    const operands: [Operand, ...Operand[]] = [first];
    for (let token = this.#peek(); token && !(token.kind === 'sign' && '|)'.includes(token.text)); token = this.#peek()) {
      if (!token.spaced) throw this.#unexpected('a space or "}}"');
      operands.push(this.#operand());
    }
    if (first.kind === 'literal' && first.value === null)
      throw new TemplateError('"nil" cannot stand alone, expected a value', this.#text, first.at, first.at + 3);
    if (first.kind !== 'function' && (operands.length > 1 || isFed)) {
      const what = isFed ? 'only a function can take the value of a pipeline' : 'only a function can take arguments';
      throw new TemplateError(`${what}, this is none`, this.#text, first.at, first.at + 1);
    }
    return {operands};
  }

  #operand(): Operand {
    const token = this.#peek();
    if (!token) throw this.#unexpected('a value');
    this.#next++;
    const at = token.start;
    switch (token.kind) {
      case 'dot':
        return {kind: 'dot', path: [], at};
      case 'field':
        return {kind: 'dot', path: [token.text.slice(1), ...this.#path()], at};
      case 'variable':
        return {kind: 'variable', variable: this.#parser.resolve(token), path: this.#path(), at};
      case 'number':
        return {kind: 'literal', value: numberValue(token.text) ?? this.#bad(token, 'no number'), at};
      case 'string':
        return {kind: 'literal', value: this.#string(token), at};
      case 'character':
        return {kind: 'literal', value: characterValue(token.text) ?? this.#bad(token, 'not one character'), at};
      case 'word':
        return this.#word(token);
      case 'sign':
        if (token.text === '(') return this.#group(at);
    }
    this.#next--;
    throw this.#unexpected('a value');
  }

  #word(token: Token): Operand {
    const at = token.start;
    if (token.text === 'true' || token.text === 'false') return {kind: 'literal', value: token.text === 'true', at};
    if (token.text === 'nil') return {kind: 'literal', value: null, at};
    if (!this.#parser.isFunction(token.text)) throw new TemplateError(explainUnknown(token.text), this.#text, at, token.end);
    return {kind: 'function', name: token.text, path: this.#path(), at};
  }

  #group(at: number): Operand {
    const pipeline = this.#parser.nestPipeline(at, () => this.pipeline(1));
    if (!this.#takes(')')) throw this.#unexpected('")"');
    return {kind: 'group', pipeline, path: this.#path(), at};
  }

  /** Fields that follow without a space. */
  #path(): string[] {
    const path: string[] = [];
    for (let token = this.#peek(); token?.kind === 'field' && !token.spaced; token = this.#peek()) {
      path.push(token.text.slice(1));
      this.#next++;
    }
    return path;
  }

  #string(token: Token): string {
    return stringValue(token.text) ?? this.#bad(token, 'not a text with valid escapes');
  }

  #bad(token: Token, what: string): never {
    throw new TemplateError(`${token.text} is ${what}`, this.#text, token.start, token.end);
  }

  #isNext(sign: string): boolean {
    const token = this.#peek();
    return token?.kind === 'sign' && token.text === sign;
  }

  #takes(sign: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #peek(): Token | undefined {
    return this.#action.tokens[this.#next];
  }

  #unexpected(expected: string): TemplateError {
    const token = this.#peek();
    if (token) return new TemplateError(`found "${token.text}", expected ${expected}`, this.#text, token.start, token.end);
    return new TemplateError(`the action ends where ${expected} was expected`, this.#text, this.#action.end - 2, this.#action.end);
  }
}

function explainUnknown(name: string): string {
  const reason = refusedFunctions.get(name);
  if (reason !== undefined) return `function "${name}" is refused in templates: ${reason}`;
  return `function "${name}" does not exist (a column is written .${name})`;
}
