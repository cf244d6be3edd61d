import type {BoundExpression, BoundSlot, BoundStar} from '#engine/planner/bound-expression.ts';
import {struct} from '#engine/values/data-type.ts';
import type {Code, Site} from './code.ts';
import type {Emission} from './emission.ts';
import {compileExpression} from './expression.ts';
import {hasNull, readColumn} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';
import {starValue} from './star-code.ts';

/**
 * What the items of one rule's windows consist of, found out while the clauses after the window are compiled.
 *
 * `groups`: an item is a group and holds the columns of its first row that are asked for. `rows`: an item holds its row.
 */
export class ItemShape {
  readonly kind: 'groups' | 'rows';
  /** Columns by name, under the member that holds each. */
  readonly columns = new Map<string, string>();
  /** Columns whose null is shown, under the member that tells of it. */
  readonly nulls = new Map<string, string>();
  readonly aliases = new Set<number>();
  /** Functions of the program that compute aliases, once each. */
  readonly aliasFunctions: string[] = [];
  readonly #aliasCodes = new Map<number, Code>();
  needsRow: boolean;
  needsScope = false;

  constructor(kind: 'groups' | 'rows') {
    this.kind = kind;
    this.needsRow = kind === 'rows';
  }

  /** The member that holds a column of the group's first row. */
  columnMember(name: string): string {
    let member = this.columns.get(name);
    if (member === undefined) this.columns.set(name, (member = `c${this.columns.size}`));
    return member;
  }

  /** The member that tells whether the first row has a column that is null. */
  nullMember(name: string): string {
    let member = this.nulls.get(name);
    if (member === undefined) this.nulls.set(name, (member = `n${this.nulls.size}`));
    return member;
  }

  aliasCode(slot: number): Code | undefined {
    return this.#aliasCodes.get(slot);
  }

  defineAlias(slot: number, code: Code, definition: string): void {
    this.aliases.add(slot);
    this.#aliasCodes.set(slot, code);
    this.aliasFunctions.push(definition);
  }
}

/** A generated function of one item, `g`. Its statements stand before the expression that needs them. */
export class ItemSite implements Site {
  readonly emission: Emission;
  readonly swallow: string | undefined;
  readonly lines: string[] = [];
  readonly #facts: RuleFacts;
  readonly #shape: ItemShape;
  /** Whether `g` is the summary of a window whose items are rows. */
  readonly #isSummary: boolean;
  readonly #columns = new Map<string, string>();
  readonly #locals: string[] = [];
  #needsScope = false;

  constructor(
    emission: Emission,
    facts: RuleFacts,
    shape: ItemShape,
    options: {readonly swallow: string | undefined; readonly isSummary?: boolean},
  ) {
    this.emission = emission;
    this.swallow = options.swallow;
    this.#facts = facts;
    this.#shape = shape;
    this.#isSummary = options.isSummary ?? false;
  }

  compile(node: BoundExpression): Code {
    return compileExpression(node, this);
  }

  column(_stream: string, name: string): string {
    if (this.#shape.kind === 'groups') return `g.${this.#shape.columnMember(name)}`;
    // A summary of no group has no row: HAVING takes no columns there.
    if (this.#isSummary) return 'null';
    let variable = this.#columns.get(name);
    if (variable === undefined) {
      this.#columns.set(name, (variable = this.emission.local('v')));
      this.lines.push(`const ${variable} = ${readColumn('g.row', name, this.emission)};`);
    }
    return variable;
  }

  slot(node: BoundSlot): Code {
    if (node.of === 'alias') return this.#alias(node.slot);
    const holder = this.#shape.kind === 'rows' && !this.#isSummary ? 'g.summary' : 'g';
    return {text: `${holder}.r${node.slot}`, type: node.type, nullable: true, simple: true, fails: false};
  }

  star(node: BoundStar): Code {
    this.#shape.needsRow = true;
    return {text: starValue('g.row', node, this.#facts, this.emission), type: struct(), nullable: false, simple: false, fails: false};
  }

  hasNull(column: string): string {
    return this.#shape.kind === 'groups' ? `g.${this.#shape.nullMember(column)}` : hasNull('g.row', column, this.emission);
  }

  rowText(): string {
    this.#shape.needsRow = true;
    return 'g.row';
  }

  local(): string {
    const name = this.emission.local('t');
    this.#locals.push(name);
    return name;
  }

  usesScope(): void {
    this.#needsScope = true;
    this.#shape.needsScope = true;
  }

  /** The text of a function whose last statement is `last`. */
  define(name: string, last: string): string {
    const locals = this.#locals.length === 0 ? '' : `let ${this.#locals.join(', ')};\n`;
    // The time of a group is its window's end, which is set when the window fires.
    const time = this.#shape.kind === 'rows' && !this.#isSummary ? ['scope.timestamp = g.t;'] : [];
    const scope = this.#needsScope ? ['scope.metadata = g.m;', ...time] : [];
    return `function ${name}(g) {\n${locals}${[...scope, ...this.lines, last].join('\n')}\n}`;
  }

  /** An alias is a function that keeps its value in the item. */
  #alias(slot: number): Code {
    const known = this.#shape.aliasCode(slot);
    if (known !== undefined) return known;
    const site = new ItemSite(this.emission, this.#facts, this.#shape, {swallow: this.swallow, isSummary: this.#isSummary});
    const code = site.compile(this.#facts.aliases[slot]!.expression);
    const name = this.emission.local('a');
    site.lines.unshift(`if (g.a${slot} !== undefined) return g.a${slot};`);
    const definition = site.define(name, `return g.a${slot} = ${code.text};`);
    const use: Code = {text: `${name}(g)`, type: code.type, nullable: code.nullable, simple: false, fails: code.fails};
    this.#shape.defineAlias(slot, use, definition);
    return use;
  }
}
