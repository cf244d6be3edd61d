import {nearest} from '#engine/base/nearest.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {any} from '#engine/values/data-type.ts';
import {anyStream, type BoundColumn} from '../bound-expression.ts';
import type {SchemaLookup} from '../plan.ts';
import type {Problems} from '../problems.ts';
import {arrivingType, type ResolvedSource} from './sources.ts';

/** Finds the source of a column. Names compare exactly. */
export class ColumnResolver {
  readonly #sources: readonly ResolvedSource[];
  readonly #lookup: SchemaLookup;
  readonly #problems: Problems;

  constructor(sources: readonly ResolvedSource[], lookup: SchemaLookup, problems: Problems) {
    this.#sources = sources;
    this.#lookup = lookup;
    this.#problems = problems;
  }

  /** Rows of some source may have columns nobody declared. */
  get anyOpen(): boolean {
    return this.#sources.some(source => source.schema.open);
  }

  /** The source that `name` qualifies columns of: its own name or its alias. An alias hides a stream of the same name. */
  source(name: string): ResolvedSource | undefined {
    return this.#sources.find(source => source.alias === name) ?? this.#sources.find(source => source.stream === name);
  }

  /** Rows are tuples of several sources. */
  get isJoin(): boolean {
    return this.#sources.length > 1;
  }

  /** The source whose `id` a column carries. */
  byId(id: string): ResolvedSource | undefined {
    return this.#sources.find(source => source.id === id);
  }

  /** `id` of every source, in FROM and JOIN order. */
  get ids(): readonly string[] {
    return this.#sources.map(source => source.id);
  }

  isDeclared(name: string): boolean {
    return this.#sources.some(source => source.schema.columns.some(column => column.name === name));
  }

  /** An unqualified column; reported and undefined when no source or more than one can have it. `others` are names that would do as well. */
  unqualified(name: string, span: Span, others: Iterable<string>): BoundColumn | undefined {
    const owners = this.#sources.filter(source => source.schema.columns.some(column => column.name === name));
    if (owners.length > 1 && !this.anyOpen) {
      const forms = owners.map(source => `"${source.alias ?? source.stream}.${name}"`).join(' or ');
      this.#problems.mistake(`ambiguous field "${name}": more than one stream has it`, span, `Write ${forms}.`);
      return undefined;
    }
    const candidates = this.#sources.filter(source => source.schema.open || owners.includes(source));
    if (candidates.length > 1) return {kind: 'column', stream: anyStream, name, type: any, span};
    const [owner] = candidates;
    if (owner !== undefined) {
      const column = this.#columnOf(owner, name, span);
      return this.isJoin && this.anyOpen ? {...column, isUnqualified: true} : column;
    }
    if (this.#lookup.source(name) !== undefined) {
      this.#problems.mistake(`unknown field "${name}"`, span, `"${name}" is a stream, but not one of this statement.`);
      return undefined;
    }
    const declared = this.#sources.flatMap(source => source.schema.columns.map(column => column.name));
    this.#problems.mistake(`unknown field "${name}"`, span, suggestion(name, [...declared, ...others]));
    return undefined;
  }

  /** `source.name`. */
  qualified(source: ResolvedSource, name: string, span: Span): BoundColumn | undefined {
    const declared = source.schema.columns.map(column => column.name);
    if (source.schema.open || declared.includes(name)) return this.#columnOf(source, name, span);
    this.#problems.mistake(`unknown field "${source.alias ?? source.stream}.${name}"`, span, suggestion(name, declared));
    return undefined;
  }

  #columnOf(source: ResolvedSource, name: string, span: Span): BoundColumn {
    const declared = source.schema.columns.find(column => column.name === name);
    if (declared === undefined) this.#warnOfMisspelling(source, name, span);
    const type = declared === undefined ? any : arrivingType(declared.type, source);
    return {kind: 'column', stream: source.id, name, type, span};
  }

  #warnOfMisspelling(source: ResolvedSource, name: string, span: Span): void {
    const near = nearest(
      name,
      source.schema.columns.map(column => column.name),
    );
    if (near !== undefined)
      this.#problems.warning(`"${name}" is not among the typed columns of "${source.stream}"; did you mean "${near}"?`, span);
  }
}

/** The hint for a name that is none of `candidates`: the one it is nearest to, or what there is. */
function suggestion(name: string, candidates: readonly string[]): string | undefined {
  const near = nearest(name, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const shown = [...new Set(candidates)].slice(0, 8).map(candidate => `"${candidate}"`);
  return shown.length === 0 ? undefined : `Columns are ${shown.join(', ')}${candidates.length > shown.length ? ' …' : ''}.`;
}
