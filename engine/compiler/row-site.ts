import type {BoundExpression, BoundMetadata, BoundSlot, BoundStar} from '#engine/planner/bound-expression.ts';
import {struct} from '#engine/values/data-type.ts';
import {analyticValue} from './analytic-value.ts';
import type {Code, Site} from './code.ts';
import type {Emission} from './emission.ts';
import {compileExpression} from './expression.ts';
import {type ColumnName, columnKey, metadataPath, readColumn} from './row-access.ts';
import type {RuleFacts} from './rule-facts.ts';
import {starValue} from './star-code.ts';
import {unconditionalAliases} from './unconditional.ts';

/**
 * The body of a loop over rows, written from top to bottom. Columns and aliases are read into variables by statements that stand before
 * the expression that first needs them; later expressions use the variable.
 *
 * An alias that only some rows need may fail for the others: its failure is kept and thrown where its value is used.
 */
export class RowSite implements Site {
  readonly emission: Emission;
  readonly swallow = undefined;
  readonly lines: string[] = [];
  needsScope = false;
  /** Statements that may fail were written. */
  fails = false;
  readonly #facts: RuleFacts;
  readonly #columns = new Map<string, string>();
  readonly #aliases = new Map<number, Code>();
  readonly #analytics = new Map<number, Code>();
  readonly #locals: string[] = [];
  #sure: ReadonlySet<number> | 'all' = 'all';

  constructor(emission: Emission, facts: RuleFacts) {
    this.emission = emission;
    this.#facts = facts;
  }

  /** Compiles an expression that may be evaluated for part of the rows only: a condition, what a condition decides about. */
  compileGuarded(node: BoundExpression, compile: (node: BoundExpression, site: Site) => Code, isReached = true): Code {
    this.#sure = isReached ? unconditionalAliases(node, this.#facts.aliases) : new Set();
    const code = compile(node, this);
    this.#sure = 'all';
    return code;
  }

  /** Compiles an expression; it fails also when a statement written for it may. */
  compile(node: BoundExpression): Code {
    this.fails = false;
    const code = compileExpression(node, this);
    return this.fails && !code.fails ? {...code, fails: true} : code;
  }

  column(stream: string, name: string): string {
    const key = columnKey({stream, name}, this.#facts);
    let variable = this.#columns.get(key);
    if (variable === undefined) {
      this.#columns.set(key, (variable = this.emission.local('v')));
      this.lines.push(`const ${variable} = ${readColumn('row', {stream, name}, this.#facts, this.emission)};`);
    }
    return variable;
  }

  slot(node: BoundSlot): Code {
    if (node.of === 'analytic')
      return this.#analytics.get(node.slot) ?? analyticValue(node.slot, this.#facts.streamOfAnalytic(node.slot), node.type, this);
    // `w` holds the aggregates over all rows of a window, for a WHERE above it.
    if (node.of === 'window') return {text: `w.r${node.slot}`, type: node.type, nullable: true, simple: true, fails: false};
    // Without a window every row is the first of its own.
    if (node.of === 'window-function') return {text: '1', type: node.type, nullable: false, simple: true, fails: false};
    if (node.of !== 'alias') throw new Error(`a row has no ${node.of} of its own`);
    let code = this.#aliases.get(node.slot);
    if (code === undefined) this.#aliases.set(node.slot, (code = this.#evaluateAlias(node.slot)));
    return code;
  }

  /** The variable of a column that has been read. */
  known(column: ColumnName): string | undefined {
    return this.#columns.get(columnKey(column, this.#facts));
  }

  /** The value of an alias that has been evaluated. */
  slotText(slot: number): string {
    return this.#aliases.get(slot)!.text;
  }

  star(node: BoundStar): Code {
    const text = starValue('row', node, this, this.#facts, compileExpression);
    return {text, type: struct(), nullable: false, simple: false, fails: node.replace !== undefined};
  }

  local(): string {
    const name = this.emission.local('t');
    this.#locals.push(name);
    return name;
  }

  metadataPath(node: BoundMetadata): readonly string[] {
    return metadataPath(node, this.#facts);
  }

  usesScope(): void {
    this.needsScope = true;
  }

  memory(initial: () => unknown): string {
    return this.emission.constant(this.#facts.memory.cell(initial()));
  }

  /** Tells the code of an analytic function that this loop evaluates. */
  defineAnalytic(slot: number, code: Code): void {
    this.#analytics.set(slot, code);
  }

  analyticText(slot: number): string {
    return this.#analytics.get(slot)!.text;
  }

  /** The declaration of the variables that expressions use for themselves. */
  get declarations(): string {
    return this.#locals.length === 0 ? '' : `let ${this.#locals.join(', ')};`;
  }

  #evaluateAlias(slot: number): Code {
    const {expression} = this.#facts.aliases[slot]!;
    const code = compileExpression(expression, this);
    const variable = this.emission.local('a');
    const mayStay = this.#sure === 'all' || this.#sure.has(slot) || !code.fails;
    if (mayStay) {
      this.fails ||= code.fails;
      this.lines.push(`const ${variable} = ${code.text};`);
      return {text: variable, type: code.type, nullable: code.nullable, simple: true, fails: false};
    }
    const failure = this.emission.local('e');
    this.lines.push(`let ${variable}, ${failure};`, `try { ${variable} = ${code.text}; } catch (error) { ${failure} = error; }`);
    const text = `(${failure} === undefined ? ${variable} : ${this.emission.call('rethrow', failure)})`;
    return {text, type: code.type, nullable: code.nullable, simple: false, fails: true};
  }
}
