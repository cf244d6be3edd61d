import type {BoundExpression, BoundMetadata, BoundSlot, BoundStar} from '#engine/planner/bound-expression.ts';
import {struct} from '#engine/values/data-type.ts';
import {analyticValue} from './analytic-value.ts';
import type {Code, Site} from './code.ts';
import type {Emission} from './emission.ts';
import {compileExpression} from './expression.ts';
import {type ColumnName, columnKey, hasNull, metadataPath, readColumn} from './row-access.ts';
import type {RuleFacts} from './rule-facts.ts';
import {starValue} from './star-code.ts';

/**
 * What the items of one rule's windows consist of, found out while the clauses after the window are compiled.
 *
 * `groups`: an item is a group and holds the columns of its first row that are asked for. `rows`: an item holds its row.
 */
export class ItemShape {
  readonly kind: 'groups' | 'rows';
  readonly facts: RuleFacts;
  /** Columns by their key, and the member that holds each. */
  readonly columns = new Map<string, ItemColumn>();
  /** Columns whose null is shown, and the member that tells of it. */
  readonly nulls = new Map<string, ItemColumn>();
  readonly aliases = new Set<number>();
  /** Functions of the program that compute aliases, once each. */
  readonly aliasFunctions: string[] = [];
  readonly #aliasCodes = new Map<number, Code>();
  needsRow: boolean;
  needsScope = false;

  constructor(kind: 'groups' | 'rows', facts: RuleFacts) {
    this.kind = kind;
    this.facts = facts;
    this.needsRow = kind === 'rows';
  }

  /** The member that holds a column of the group's first row. */
  columnMember(column: ColumnName): string {
    return memberOf(this.columns, column, 'c', this.facts);
  }

  /** The member that tells whether the first row has a column that is null. */
  nullMember(column: ColumnName): string {
    return memberOf(this.nulls, column, 'n', this.facts);
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

interface ItemColumn {
  readonly column: ColumnName;
  readonly member: string;
}

function memberOf(members: Map<string, ItemColumn>, column: ColumnName, prefix: string, facts: RuleFacts): string {
  const key = columnKey(column, facts);
  let known = members.get(key);
  if (known === undefined) members.set(key, (known = {column, member: `${prefix}${members.size}`}));
  return known.member;
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

  column(stream: string, name: string): string {
    if (this.#shape.kind === 'groups') return `g.${this.#shape.columnMember({stream, name})}`;
    // A summary of no group has no row: HAVING takes no columns there.
    if (this.#isSummary) return 'null';
    const key = columnKey({stream, name}, this.#facts);
    let variable = this.#columns.get(key);
    if (variable === undefined) {
      this.#columns.set(key, (variable = this.emission.local('v')));
      this.lines.push(`const ${variable} = ${readColumn('g.row', {stream, name}, this.#facts, this.emission)};`);
    }
    return variable;
  }

  slot(node: BoundSlot): Code {
    if (node.of === 'alias') return this.#alias(node.slot);
    if (node.of === 'analytic') return analyticValue(node.slot, this.#facts.streamOfAnalytic(node.slot), node.type, this);
    if (node.of === 'window-function') return {text: `g.w${node.slot}`, type: node.type, nullable: false, simple: true, fails: false};
    const holder = this.#shape.kind === 'rows' && !this.#isSummary ? 'g.summary' : 'g';
    return {text: `${holder}.r${node.slot}`, type: node.type, nullable: true, simple: true, fails: false};
  }

  star(node: BoundStar): Code {
    this.#shape.needsRow = true;
    const text = starValue('g.row', node, this, this.#facts, compileExpression);
    return {text, type: struct(), nullable: false, simple: false, fails: node.replace !== undefined};
  }

  hasNull(column: ColumnName): string {
    return this.#shape.kind === 'groups' ? `g.${this.#shape.nullMember(column)}` : hasNull('g.row', column, this.#facts, this.emission);
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

  metadataPath(node: BoundMetadata): readonly string[] {
    return metadataPath(node, this.#facts);
  }

  memory(initial: () => unknown): string {
    return this.emission.constant(this.#facts.memory.cell(initial()));
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
