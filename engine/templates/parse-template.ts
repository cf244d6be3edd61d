import {type Action, type ActionContext, ActionReader, type Keyword} from './read-action.ts';
import {type Piece, scanTemplate, type Token} from './scan.ts';
import {TemplateError} from './template-error.ts';
import type {Definition, TemplateNode, TemplateTree} from './tree.ts';

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

class TemplateParser implements ActionContext {
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
        const invocation = reader.invocation(true);
        this.#define(invocation.name, action, reader);
        return invocation;
      }
    }
  }

  #define(name: string, action: Action, reader: ActionReader): void {
    reader.finish();
    const definition = this.#nest(action, () =>
      this.#definition(() => {
        const {nodes, end} = this.#nodes();
        this.#expectEnd(end, action);
        return nodes;
      }),
    );
    const earlier = this.#definitions.get(name);
    // As in Go, one without content gives way.
    if (earlier && !isBlank(definition) && !isBlank(earlier))
      throw this.#fault(`template "${name}" is defined twice`, action.start, action.end);
    if (!earlier || isBlank(earlier)) this.#definitions.set(name, definition);
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

function isBlank({nodes}: Definition): boolean {
  return nodes.every(node => node.kind === 'text' && node.text.trim() === '');
}
