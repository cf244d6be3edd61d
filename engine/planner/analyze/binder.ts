import type {CaseExpression, ElementAccess, Expression, InExpression, MemberAccess, SliceAccess} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {boolean, float, int, string} from '#engine/values/data-type.ts';
import type {BoundAggregate, BoundAnalytic, BoundExpression, BoundLiteral, BoundWindowFunction} from '../bound-expression.ts';
import {some} from '../bound-walk.ts';
import {expressionKey} from '../expression-key.ts';
import type {Problems} from '../problems.ts';
import type {AliasDefinition} from './aliases.ts';
import {bindCall} from './calls.ts';
import {columnNamesIn} from './column-names.ts';
import type {ColumnResolver} from './columns.ts';
import type {Clause, Site} from './site.ts';
import {binaryType, elementType, isNull, memberType, nameOf, nullLiteral, sliceType, unaryType, unifiedType} from './types.ts';
import {warnOfBinary} from './warnings.ts';

/** An alias whose expression is bound. */
export interface BoundAlias {
  readonly name: string;
  readonly expression: BoundExpression;
  /** The expression contains an aggregate, itself or through another alias. */
  readonly isAggregate: boolean;
  /** The expression contains a window function, itself or through another alias. */
  readonly isNumbered: boolean;
}

/**
 * Turns the expressions of one statement into bound ones. Aliases and aggregates met on the way are collected: `aliases` in an order in
 * which each needs only earlier ones, `aggregates` with equal calls shared.
 *
 * A wrong expression is reported and replaced by NULL, so that binding goes on and finds the next mistake.
 */
export class Binder {
  readonly columns: ColumnResolver;
  readonly problems: Problems;
  readonly aliases: BoundAlias[] = [];
  readonly aggregates: BoundAggregate[] = [];
  /** Aggregates of WHERE: over the whole window, before it is filtered. */
  readonly whereAggregates: BoundAggregate[] = [];
  /** Analytic functions, inner before outer; equal calls share one. */
  readonly analytics: BoundAnalytic[] = [];
  readonly windowFunctions: BoundWindowFunction[] = [];
  /** Calls that ask how often WHERE, or the condition of a window, was true. */
  readonly hitCalls: {readonly name: string; readonly span: Span; readonly clause: Clause}[] = [];
  /** Something asks how often HAVING was true. */
  usesAggregateHits = false;
  readonly #analyticSlots = new Map<string, number>();
  readonly #definitions: ReadonlyMap<string, AliasDefinition>;
  readonly #slots = new Map<string, number>();
  readonly #binding = new Set<string>();
  readonly #aggregateSlots = new Map<string, number>();
  readonly #whereSlots = new Map<string, number>();

  /** `sum` and `avg` are floats, whatever they add up. */
  readonly isIncremental: boolean;

  constructor(columns: ColumnResolver, definitions: ReadonlyMap<string, AliasDefinition>, problems: Problems, isIncremental = false) {
    this.isIncremental = isIncremental;
    this.columns = columns;
    this.#definitions = definitions;
    this.problems = problems;
  }

  bind(node: Expression, at: Site): BoundExpression {
    const {span} = node;
    const site: Site = at.isPart || node.kind === 'call' ? at : {...at, isPart: true};
    switch (node.kind) {
      case 'integer':
        return {kind: 'literal', value: node.value, type: int, span};
      case 'float':
        return {kind: 'literal', value: node.value, type: float, span};
      case 'string':
        return {kind: 'literal', value: node.value, type: string, span};
      case 'boolean':
        return {kind: 'literal', value: node.value, type: boolean, span};
      case 'null':
        return nullLiteral(span);
      case 'time-unit':
        return this.wrong(`"${node.unit}" is a time unit`, span, `Write \`${node.unit}\` in back-quotes for the column of that name.`);
      case 'column':
        return this.#bindName(node.name, span, site);
      case 'member':
        return this.#bindMember(node, site);
      case 'element':
        return this.#bindElement(node, site);
      case 'slice':
        return this.#bindSlice(node, site);
      case 'wildcard':
        return this.wrong('a star stands for all columns and cannot be part of an expression', span, 'Name the column.');
      case 'unary': {
        const operand = this.bind(node.operand, site);
        if (node.operator === '-' && operand.kind === 'literal') return negated(operand, span);
        return {kind: 'unary', operator: node.operator, operand, type: unaryType(node.operator, operand.type), span};
      }
      case 'binary': {
        const left = this.bind(node.left, site);
        const right = this.bind(node.right, site);
        warnOfBinary(node, left, right, this.problems);
        return {kind: 'binary', operator: node.operator, left, right, type: binaryType(node.operator, left.type, right.type), span};
      }
      case 'between': {
        const [operand, low, high] = [this.bind(node.operand, site), this.bind(node.low, site), this.bind(node.high, site)];
        return {kind: 'between', operand, low, high, negated: node.negated, type: boolean, span};
      }
      case 'in':
        return this.#bindIn(node, site);
      case 'like': {
        const [operand, pattern] = [this.bind(node.operand, site), this.bind(node.pattern, site)];
        return {kind: 'like', operand, pattern, negated: node.negated, type: boolean, span};
      }
      case 'is-null':
        return {kind: 'is-null', operand: this.bind(node.operand, site), negated: node.negated, type: boolean, span};
      case 'case':
        return this.#bindCase(node, site);
      case 'call':
        return bindCall(node, site, this);
    }
  }

  /** Reports a mistake and gives the NULL that stands in for the expression. */
  wrong(reason: string, span: Span, hint?: string): BoundLiteral {
    this.problems.mistake(reason, span, hint);
    return nullLiteral(span);
  }

  /** The slot of the alias called `name`, bound when first asked for; undefined for a name that is none or is being bound itself. */
  aliasSlot(name: string, span: Span): (BoundExpression & {readonly kind: 'slot'}) | undefined {
    const slot = this.#slots.get(name) ?? this.#bindAlias(name);
    return slot === undefined ? undefined : {kind: 'slot', of: 'alias', slot, type: this.aliases[slot]!.expression.type, span};
  }

  /** The slot of an aggregate; the same for an equal one. Those of WHERE have slots of their own. */
  aggregateSlot(aggregate: BoundAggregate, {clause}: Site): BoundExpression {
    const [of, aggregates, slots] =
      clause === 'WHERE'
        ? (['window', this.whereAggregates, this.#whereSlots] as const)
        : (['aggregate', this.aggregates, this.#aggregateSlots] as const);
    const key = expressionKey(aggregate);
    const slot = slots.get(key) ?? aggregates.push(aggregate) - 1;
    slots.set(key, slot);
    return {kind: 'slot', of, slot, type: aggregate.type, span: aggregate.span};
  }

  /** The slot of an analytic function; the same for an equal one. */
  analyticSlot(analytic: BoundAnalytic): BoundExpression {
    const key = expressionKey(analytic);
    const slot = this.#analyticSlots.get(key) ?? this.analytics.push(analytic) - 1;
    this.#analyticSlots.set(key, slot);
    return {kind: 'slot', of: 'analytic', slot, type: analytic.type, span: analytic.span};
  }

  windowFunctionSlot(one: BoundWindowFunction): BoundExpression {
    const slot = this.windowFunctions.push(one) - 1;
    return {kind: 'slot', of: 'window-function', slot, type: one.type, span: one.span};
  }

  containsAggregate(node: BoundExpression): boolean {
    return some(node, part => {
      if (part.kind === 'call') return part.definition.needs === 'aggregateHits';
      return part.kind === 'slot' && (part.of === 'aggregate' || (part.of === 'alias' && this.aliases[part.slot]!.isAggregate));
    });
  }

  #containsWindowFunction(node: BoundExpression): boolean {
    return some(
      node,
      part => part.kind === 'slot' && (part.of === 'window-function' || (part.of === 'alias' && this.aliases[part.slot]!.isNumbered)),
    );
  }

  #bindAlias(name: string): number | undefined {
    const definition = this.#definitions.get(name);
    if (definition === undefined || this.#binding.has(name)) return undefined;
    this.#binding.add(name);
    const expression = this.bind(definition.expression, {clause: 'SELECT', field: definition.field});
    this.#binding.delete(name);
    const isNumbered = this.#containsWindowFunction(expression);
    const slot = this.aliases.push({name, expression, isAggregate: this.containsAggregate(expression), isNumbered}) - 1;
    this.#slots.set(name, slot);
    return slot;
  }

  /** An alias where its name is in reach, else a column. */
  #bindName(name: string, span: Span, site: Site): BoundExpression {
    const definition = this.#definitions.get(name);
    if (definition !== undefined && this.#inReach(definition, span, site)) {
      const slot = this.aliasSlot(name, span);
      if (slot !== undefined && this.#mayStand(slot.slot, name, span, site)) return slot;
    }
    return this.columns.unqualified(name, span, this.#definitions.keys()) ?? nullLiteral(span);
  }

  /**
   * Whether a name means the alias. In its own expression it means the column; in later fields and other clauses the alias. In an earlier
   * field it means the alias only when no column can have the name.
   */
  #inReach(alias: AliasDefinition, span: Span, site: Site): boolean {
    if (site.field === undefined || alias.field < site.field) return true;
    if (alias.field === site.field || this.columns.isDeclared(alias.name)) return false;
    if (!this.columns.anyOpen) return true;
    this.problems.warning(`"${alias.name}" is read as a column here: the alias of that name is defined later`, span);
    return false;
  }

  /** Whether the alias may stand here: one that holds an aggregate may not in WHERE or in another aggregate. A declared column goes before. */
  #mayStand(slot: number, name: string, span: Span, site: Site): boolean {
    if (this.aliases[slot]!.isNumbered && (site.aggregate !== undefined || (site.clause !== 'SELECT' && site.clause !== 'ORDER BY'))) {
      if (this.columns.isDeclared(name)) return false;
      const hint = 'It is known only after HAVING.';
      this.problems.mistake(`"${name}", the alias of a window function, cannot stand in ${site.aggregate ?? site.clause}`, span, hint);
      return true;
    }
    if (!this.aliases[slot]!.isAggregate) return true;
    const allowed = site.aggregate === undefined && (site.clause === 'SELECT' || site.clause === 'HAVING' || site.clause === 'ORDER BY');
    if (allowed) return true;
    if (this.columns.isDeclared(name)) return false;
    // `max(v) AS v … WHERE v > 2` means the column that the aggregate reads.
    if (site.clause === 'WHERE' && site.aggregate === undefined && this.#readsItself(name)) return false;
    this.refuseAggregate(`"${name}", the alias of an aggregate,`, span, site);
    return true;
  }

  /** Whether the expression of an alias reads a column of the alias's name. */
  #readsItself(name: string): boolean {
    return columnNamesIn(this.#definitions.get(name)!.expression, source => this.columns.source(source) !== undefined).includes(name);
  }

  /** Reports an aggregate (or an alias of one) that may not stand at `site`. */
  refuseAggregate(subject: string, span: Span, site: Site): void {
    if (site.aggregate !== undefined) {
      this.problems.mistake(
        `${subject} cannot stand in the argument of ${site.aggregate}()`,
        span,
        'An aggregate takes values of single rows.',
      );
    } else {
      this.problems.mistake(`${subject} cannot stand in ${site.clause}`, span, 'Aggregates belong to SELECT, HAVING and ORDER BY.');
    }
  }

  #bindMember(node: MemberAccess, site: Site): BoundExpression {
    const source = node.operator === '.' && node.target.kind === 'column' ? this.columns.source(node.target.name) : undefined;
    if (source !== undefined) return this.columns.qualified(source, node.name, node.span) ?? nullLiteral(node.span);
    const target = this.bind(node.target, site);
    if (target.type.kind === 'struct' && target.type.fields?.every(field => field.name !== node.name)) {
      this.problems.warning(`"${node.name}" is not declared in the object and is always null`, node.span);
    }
    return {kind: 'member', target, name: node.name, type: memberType(target.type, node.name), span: node.span};
  }

  #bindElement(node: ElementAccess, site: Site): BoundExpression {
    const target = this.bind(node.target, site);
    if (node.index.kind === 'wildcard') return this.wrong('"[*]" is not supported: an index is a number', node.index.span);
    const index = this.bind(node.index, site);
    this.#checkIndex(index);
    return {kind: 'element', target, index, type: elementType(target.type), span: node.span};
  }

  #bindSlice(node: SliceAccess, site: Site): BoundExpression {
    const target = this.bind(node.target, site);
    const from = node.from && this.bind(node.from, site);
    const to = node.to && this.bind(node.to, site);
    for (const bound of [from, to]) if (bound !== undefined) this.#checkIndex(bound);
    return {kind: 'slice', target, from, to, type: sliceType(target.type), span: node.span};
  }

  #checkIndex(index: BoundExpression): void {
    const {kind} = index.type;
    if (kind === 'any' || kind === 'int' || kind === 'float') return;
    this.problems.mistake(
      `an index is a number, not ${nameOf(index.type)}`,
      index.span,
      'The member of an object is written object->name.',
    );
  }

  #bindIn(node: InExpression, site: Site): BoundExpression {
    const operand = this.bind(node.operand, site);
    const items = node.items?.map(item => this.bind(item, site));
    const set = node.set && this.bind(node.set, site);
    return {kind: 'in', operand, items, set, negated: node.negated, type: boolean, span: node.span};
  }

  #bindCase(node: CaseExpression, site: Site): BoundExpression {
    const operand = node.operand && this.bind(node.operand, site);
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    const branches = node.branches.map(({when, then}) => ({when: this.bind(when, site), then: this.bind(then, site)}));
    const otherwise = node.otherwise && this.bind(node.otherwise, site);
    if (operand === undefined) for (const {when} of branches) this.#checkCondition(when);
    const results = [...branches.map(branch => branch.then), otherwise].map(result =>
      result === undefined || isNull(result) ? undefined : result.type,
    );
    return {kind: 'case', operand, branches, otherwise, type: unifiedType(results), span: node.span};
  }

  #checkCondition({type, span}: BoundExpression): void {
    if (type.kind === 'any' || type.kind === 'boolean') return;
    this.problems.mistake(`the condition after WHEN must be true or false, not ${nameOf(type)}`, span, 'Compare it with something.');
  }
}

function negated(operand: BoundLiteral, span: Span): BoundExpression {
  const {value, type} = operand;
  if (typeof value === 'number') return {kind: 'literal', value: type.kind === 'int' && value === 0 ? 0 : -value, type, span};
  // Saturated at 2^63 − 1, so that the negative always fits.
  if (typeof value === 'bigint') return {kind: 'literal', value: -value, type, span};
  return {kind: 'unary', operator: '-', operand, type: unaryType('-', type), span};
}
