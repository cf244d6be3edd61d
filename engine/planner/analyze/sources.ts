import {nearest} from '#engine/base/nearest.ts';
import type {SelectStatement, SourceKind, SourceReference} from '#engine/language/ast/statement.ts';
import {any, type DataType} from '#engine/values/data-type.ts';
import {type StreamSchema, untypedColumns} from '#engine/values/stream-schema.ts';
import type {SchemaLookup} from '../plan.ts';
import type {Problems} from '../problems.ts';

/** A stream or table of FROM and JOIN. Columns may be qualified by its name and by its alias. */
export interface ResolvedSource {
  readonly stream: string;
  /** What columns of it carry as their stream: its name, or its alias where the statement reads the stream twice. */
  readonly id: string;
  readonly alias: string | undefined;
  readonly kind: SourceKind;
  /** A table that is asked by key. */
  readonly isLookup: boolean;
  readonly schema: StreamSchema;
  readonly options: ReadonlyMap<string, string>;
  readonly reference: SourceReference;
}

/** The sources in FROM, JOIN order. Those that are not declared are reported and left out. */
export function resolveSources(statement: SelectStatement, lookup: SchemaLookup, problems: Problems): readonly ResolvedSource[] {
  const references = [statement.from, ...statement.joins.map(join => join.source)];
  const taken = new Set<string>();
  const sources: ResolvedSource[] = [];
  for (const reference of references) {
    const declared = lookup.source(reference.name);
    if (declared === undefined) {
      problems.mistake(`stream "${reference.name}" is not declared`, reference.span, hintFor(reference.name, lookup));
      continue;
    }
    const label = reference.alias ?? reference.name;
    if (taken.has(label)) problems.mistake(`two sources are called "${label}"`, reference.span, 'Give one of them an alias with AS.');
    taken.add(label);
    const isLookup = declared.kind === 'table' && declared.options.get('KIND')?.toLowerCase() === 'lookup';
    const id = references.filter(other => other.name === reference.name).length > 1 ? label : reference.name;
    const schema = isLookup ? untypedColumns(declared.schema) : declared.schema;
    sources.push({stream: reference.name, id, alias: reference.alias, ...declared, isLookup, schema, reference});
  }
  return sources;
}

function hintFor(name: string, lookup: SchemaLookup): string {
  const names = [...lookup.names()];
  const near = nearest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return names.length === 0 ? 'Declare it with CREATE STREAM first.' : `Declared are ${listed(names)}.`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(name => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** The type a declared column has when a row arrives: a datetime is converted only by strict validation. */
export function arrivingType(type: DataType, source: ResolvedSource): DataType {
  const isStrict = source.options.get('STRICT_VALIDATION')?.toUpperCase() === 'TRUE';
  return type.kind === 'datetime' && !isStrict ? any : type;
}
