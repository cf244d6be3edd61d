import type {Expression} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import type {SelectField} from '#engine/language/ast/statement.ts';
import type {Problems} from '../problems.ts';
import {columnNamesIn} from './column-names.ts';
import type {ColumnResolver} from './columns.ts';

/** `expression AS name` of the select list. */
export interface AliasDefinition {
  readonly name: string;
  readonly expression: Expression;
  /** Position in SELECT. */
  readonly field: number;
  readonly span: Span;
}

/**
 * The aliases of a statement by name. Reports aliases given twice; throws for aliases that refer to each other in a circle. A circle counts
 * by names alone, as in eKuiper, so that `SELECT a AS b, b AS a` never depends on which of the two is read as a column.
 */
export function collectAliases(
  fields: readonly SelectField[],
  columns: ColumnResolver,
  problems: Problems,
): ReadonlyMap<string, AliasDefinition> {
  const aliases = new Map<string, AliasDefinition>();
  fields.forEach(({alias, expression, span}, field) => {
    if (alias === undefined) return;
    if (aliases.has(alias)) {
      problems.mistake(`duplicate alias "${alias}"`, span, 'Give each field a name of its own.');
    } else {
      aliases.set(alias, {name: alias, expression, field, span});
    }
  });
  checkChains(aliases, columns, problems);
  return aliases;
}

/** Aliases that build on each other more deeply would let one rule exhaust the stack of a process that runs thousands. */
const deepestChain = 200;

/**
 * Takes away, again and again, the aliases that need no other one any more. What remains is in a circle or needs one; how often it took
 * is the length of the longest chain.
 */
function checkChains(aliases: ReadonlyMap<string, AliasDefinition>, columns: ColumnResolver, problems: Problems): void {
  const isSource = (name: string): boolean => columns.source(name) !== undefined;
  const needs = new Map<AliasDefinition, Set<AliasDefinition>>();
  const neededBy = new Map<AliasDefinition, AliasDefinition[]>();
  for (const alias of aliases.values()) {
    const needed = columnNamesIn(alias.expression, isSource).map(name => aliases.get(name));
    needs.set(alias, new Set(needed.filter(other => other !== undefined && other !== alias) as AliasDefinition[]));
    for (const other of needs.get(alias)!) {
      const list = neededBy.get(other);
      if (list === undefined) neededBy.set(other, [alias]);
      else list.push(alias);
    }
  }
  let free = [...needs.keys()].filter(alias => needs.get(alias)!.size === 0);
  for (let depth = 1; free.length > 0; depth++) {
    const [first] = free;
    if (depth > deepestChain) {
      problems.mistake(`more than ${deepestChain} aliases build on each other`, first!.span, 'Shorten the chain.');
      problems.throwIfAny();
    }
    const next: AliasDefinition[] = [];
    for (const alias of free) {
      needs.delete(alias);
      for (const other of neededBy.get(alias) ?? []) if (needs.get(other)!.delete(alias) && needs.get(other)!.size === 0) next.push(other);
    }
    free = next;
  }
  if (needs.size > 0) reportCircle(needs, problems);
}

/** Follows needs until an alias comes again; every alias here needs one that is here too. */
function reportCircle(needs: ReadonlyMap<AliasDefinition, ReadonlySet<AliasDefinition>>, problems: Problems): void {
  const path = new Set<AliasDefinition>();
  let [alias] = needs.keys();
  while (!path.has(alias!)) {
    path.add(alias!);
    [alias] = needs.get(alias!)!;
  }
  const trail = [...path];
  const circle = [...trail.slice(trail.indexOf(alias!)), alias!].map(({name}) => `"${name}"`).join(' → ');
  problems.mistake(`aliases refer to each other: ${circle}`, alias!.span, 'Qualify the columns among them with the name of the stream.');
  problems.throwIfAny();
}
