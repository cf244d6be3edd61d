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
 * The aliases of a statement by name. Reports aliases given twice and aliases that refer to each other in a circle; a circle counts by
 * names alone, as in eKuiper, so that `SELECT a AS b, b AS a` never depends on which of the two is read as a column.
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
  reportCycles(aliases, columns, problems);
  return aliases;
}

function reportCycles(aliases: ReadonlyMap<string, AliasDefinition>, columns: ColumnResolver, problems: Problems): void {
  const isSource = (name: string): boolean => columns.source(name) !== undefined;
  const done = new Set<string>();
  const visit = (alias: AliasDefinition, path: readonly string[]): void => {
    if (path.includes(alias.name)) {
      const circle = [...path.slice(path.indexOf(alias.name)), alias.name].map(name => `"${name}"`).join(' → ');
      problems.mistake(`aliases refer to each other: ${circle}`, alias.span, 'Qualify the columns among them with the name of the stream.');
      return;
    }
    if (done.has(alias.name)) return;
    for (const name of columnNamesIn(alias.expression, isSource)) {
      const next = aliases.get(name);
      if (next !== undefined && next !== alias) visit(next, [...path, alias.name]);
    }
    done.add(alias.name);
  };
  for (const alias of aliases.values()) visit(alias, []);
}
