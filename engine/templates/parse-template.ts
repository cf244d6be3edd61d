import {characterValue, numberValue, stringValue} from './literals.ts';
import {type Piece, scanTemplate, type Token} from './scan.ts';
import {TemplateError} from './template-error.ts';
import type {Command, Definition, Operand, Pipeline, TemplateNode, TemplateTree} from './tree.ts';

type Action = Extract<Piece, {kind: 'action'}>;

/** Actions within one another; bounds the recursion of everything that walks the tree. */
const deepestNesting = 200;

/** Characters of the longest template: bounds the time that reading one can take. */
const longestTemplate = 256 * 1024;

/** Reads a Go text/template. `isFunction` tells the names of functions. Throws a TemplateError. */
export function parseTemplate(text: string, isFunction: (name: string) => boolean): TemplateTree {
  if (text.length > longestTemplate)
    throw new TemplateError(`the template has ${text.length} characters, expected at most ${longestTemplate}`, '', 0, 0);
  return new TemplateParser(text, isFunction).document();
}

class TemplateParser {
  readonly #text: string;
  readonly #isFunction: (name: string) => boolean;
  readonly #pieces: readonly Piece[];
  #next = 0;
  readonly #definitions = new Map<string, Definition>();
  #depth = 0;
  /** Names in scope, the innermost last; the position is not the number. */
  #scope: {readonly name: string; readonly number: number}[] = [];
  #variables = 0;
  #loops = 0;

  constructor(text: string, isFunction: (name: string) => boolean) {
    this.#text = text;
    this.#isFunction = isFunction;
    this.#pieces = scanTemplate(text);
  }

  document(): TemplateTree {
    const main = this.#definition(() => {
      const {nodes, end} = this.#nodes();
      if (end) throw this.#fault(`found {{${end.word}}} without anything to end`, end.action.start, end.action.end);
      return nodes;
    });
    return {main, definitions: this.#definitions};
  }

  #definition(read: () => readonly TemplateNode[]): Definition {
    const outer = {scope: this.#scope, variables: this.#variables, loops: this.#loops};
    this.#scope = [{name: '$', number: 0}];
    this.#variables = 1;
    this.#loops = 0;
    const nodes = read();
    const definition = {nodes, variables: this.#variables};
    this.#scope = outer.scope;
    this.#variables = outer.variables;
    this.#loops = outer.loops;
    return definition;
  }

  /** Nodes up to an `else` or `end`, which is consumed and given back, or to the end of the text. */
  #nodes(): {nodes: TemplateNode[]; end: {word: 'else' | 'end'; action: Action; reader: ActionReader} | undefined} {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next++];
      if (piece === undefined) return {nodes, end: undefined};
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const reader = new ActionReader(this.#text, piece, this);
      const word = reader.keyword();
      if (word === 'else' || word === 'end') return {nodes, end: {word, action: piece, reader}};
      const node = word === undefined ? reader.action() : this.#statement(word, piece, reader);
      if (node) nodes.push(node);
    }
  }

  #statement(word: Exclude<Keyword, 'else' | 'end'>, action: Action, reader: ActionReader): TemplateNode | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#block(word, action, reader);
      case 'break':
      case 'continue':
        reader.finish();
        if (this.#loops === 0) throw this.#fault(`{{${word}}} stands outside {{range}}`, action.start, action.end);
        return {kind: word};
      case 'define':
        if (this.#depth > 0) throw this.#fault('{{define}} stands within another action, expected it outside', action.start, action.end);
        this.#define(reader.name(), action, reader);
        return undefined;
      case 'template':
        return reader.invocation();
      case 'block': {
        const invocation = reader.invocation();
        this.#define(invocation.name, action, reader);
        return invocation;
      }
    }
  }

  #define(name: string, action: Action, reader: ActionReader): void {
    reader.finish();
    if (this.#definitions.has(name)) throw this.#fault(`template "${name}" is defined twice`, action.start, action.end);
    const definition = this.#nest(action, () =>
      this.#definition(() => {
        const {nodes, end} = this.#nodes();
        this.#expectEnd(end, action);
        return nodes;
      }),
    );
    this.#definitions.set(name, definition);
  }

  #block(kind: 'if' | 'with' | 'range', action: Action, reader: ActionReader): TemplateNode {
    const outerScope = this.#scope.length;
    const pipeline = reader.pipeline(kind === 'range' ? 2 : 1);
    reader.finish();
    if (kind === 'range') this.#loops++;
    const first = this.#nest(action, () => this.#nodes());
    if (kind === 'range') this.#loops--;
    let otherwise: readonly TemplateNode[] = [];
    if (first.end?.word === 'else') {
      // Variables of the condition stay known, as in Go.
      const chained = first.end.reader.keyword();
      if (chained === undefined) {
        first.end.reader.finish();
        const second = this.#nest(action, () => this.#nodes());
        if (second.end?.word === 'else')
          throw this.#fault('found a second {{else}}, expected {{end}}', second.end.action.start, second.end.action.end);
        this.#expectEnd(second.end, action);
        otherwise = second.nodes;
      } else if ((chained === 'if' || chained === 'with') && kind === chained) {
        otherwise = [this.#nest(action, () => this.#block(chained, action, first.end!.reader))];
      } else throw this.#fault(`found {{else ${chained}}}, expected {{else}}`, first.end.action.start, first.end.action.end);
    } else this.#expectEnd(first.end, action);
    this.#scope.length = outerScope;
    return {kind, pipeline, body: first.nodes, otherwise};
  }

  #expectEnd(end: {word: 'else' | 'end'; action: Action; reader: ActionReader} | undefined, opening: Action): void {
    if (end?.word === 'end') end.reader.finish();
    else if (end) throw this.#fault('found {{else}}, expected {{end}}', end.action.start, end.action.end);
    else throw this.#fault('this action is never closed, expected {{end}}', opening.start, opening.end);
  }

  #nest<T>(action: Action, read: () => T): T {
    if (++this.#depth > deepestNesting)
      throw this.#fault(`more than ${deepestNesting} actions within one another`, action.start, action.end);
    const scope = this.#scope.length;
    const result = read();
    this.#scope.length = Math.min(scope, this.#scope.length);
    this.#depth--;
    return result;
  }

  isFunction(name: string): boolean {
    return this.#isFunction(name);
  }

  declare(name: string): number {
    const number = this.#variables++;
    this.#scope.push({name, number});
    return number;
  }

  resolve(token: Token): number {
    const known = this.#scope.findLast(({name}) => name === token.text);
    if (!known) throw this.#fault(`variable "${token.text}" is not declared`, token.start, token.end);
    return known.number;
  }

  nestPipeline<T>(at: number, read: () => T): T {
    if (++this.#depth > deepestNesting) throw this.#fault(`more than ${deepestNesting} parentheses within one another`, at, at + 1);
    const result = read();
    this.#depth--;
    return result;
  }

  #fault(reason: string, start: number, end: number): TemplateError {
    return new TemplateError(reason, this.#text, start, end);
  }
}

const keywords = ['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue'] as const;
type Keyword = (typeof keywords)[number];

/** Reads the tokens of one action. */
class ActionReader {
  readonly #text: string;
  readonly #action: Action;
  readonly #parser: TemplateParser;
  #next = 0;

  constructor(text: string, action: Action, parser: TemplateParser) {
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

  invocation(): Extract<TemplateNode, {kind: 'template'}> {
    const name = this.name();
    const argument = this.#peek() ? this.pipeline(1) : undefined;
    return {kind: 'template', name, argument, at: this.#action.start};
  }

  finish(): void {
    if (this.#peek()) throw this.#unexpected('"}}"');
  }

  /** `mostVariables` may be declared before `:=`: two in a range. */
  pipeline(mostVariables: 1 | 2): Pipeline {
    const declared = this.#declaration(mostVariables);
    const commands = [this.#command()];
    while (this.#takes('|')) commands.push(this.#command(true));
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
    if (!this.#parser.isFunction(token.text))
      throw new TemplateError(`function "${token.text}" does not exist (a column is written .${token.text})`, this.#text, at, token.end);
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
