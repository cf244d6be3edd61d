import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {Catalog} from '#engine/catalog/catalog.ts';
import type {ConnectorEnvironment, ConnectorRegistry} from '#engine/connectors/connector.ts';
import {parseSelect} from '#engine/language/parse.ts';
import type {Plan, SchemaLookup} from '#engine/planner/plan.ts';
import {planRule} from '#engine/planner/plan-rule.ts';
import {untypedColumns} from '#engine/values/stream-schema.ts';
import {LookupTables} from './lookup-tables.ts';
import {planOptimizations} from './plan-optimizations.ts';
import {parseRule, type RuleDefinition} from './rule-definition.ts';
import type {SourcePool} from './source-pool.ts';
import {Topology} from './topology.ts';

export interface PreparationParts {
  readonly catalog: Catalog;
  readonly pool: SourcePool;
  readonly connectors: ConnectorRegistry;
  /** Of the connectors when undefined. */
  readonly lookups?: LookupTables;
  readonly environment: ConnectorEnvironment;
  readonly timeZone: string;
  /** The `rule:` section of kuiper.yaml. */
  readonly optionDefaults: Readonly<Record<string, unknown>>;
}

export interface PreparedRule {
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
  /** Built and not open, the caller's to open or close; undefined for a rule that is not to run. */
  readonly topology: Topology | undefined;
}

/** The way of a rule from its text to a topology: everything that can refuse a rule happens here, before anything runs. */
export class RulePreparation {
  readonly #parts: PreparationParts;
  readonly #schemas: SchemaLookup;
  readonly #lookupTables: LookupTables;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
    const {catalog, connectors, environment, pool} = parts;
    this.#lookupTables = parts.lookups ?? new LookupTables(catalog, connectors, environment);
    this.#schemas = {
      source: name => {
        const found = catalog.source(name);
        if (found === undefined) return undefined;
        const schema = catalog.schema(found);
        return {kind: found.kind, schema: pool.givesRows(found) ? untypedColumns(schema) : schema, options: found.options};
      },
      names: () => [...catalog.sources('stream'), ...catalog.sources('table')].map(source => source.name),
    };
  }

  /** The definition in a rule's text; `prefix` begins the message of what is wrong with it. */
  read(text: string, pathId: string | undefined, prefix: string): RuleDefinition {
    try {
      return parseRule(text, this.#parts.optionDefaults, pathId);
    } catch (thrown) {
      throw new ArrokothError(`${prefix}${messageOf(thrown)}`, {code: thrown instanceof ArrokothError ? thrown.code : errorCode.undefined});
    }
  }

  plan(definition: RuleDefinition): Plan {
    return planRule(parseSelect(definition.sql), definition.sql, this.#schemas, {
      ...planOptimizations(definition.options.planOptimizeStrategy),
      isEventTime: definition.options.isEventTime,
      lateToleranceMs: definition.options.lateTolerance,
      sendNilField: definition.options.sendNilField,
      sendMetaToSink: definition.options.sendMetaToSink,
    });
  }

  /** Streams and tables that the statement names, whether they exist or not. */
  sourcesNamed(definition: RuleDefinition): readonly string[] {
    const {from, joins} = parseSelect(definition.sql);
    return [from, ...joins.map(join => join.source)].map(({name}) => name);
  }

  /** What can be told of a rule without building it. */
  check(definition: RuleDefinition): {readonly sources: readonly string[]; readonly warnings: readonly string[]} {
    const plan = this.plan(definition);
    this.#checkSources(definition, plan);
    return {sources: streamsOf(plan), warnings: [...definition.warnings, ...plan.warnings]};
  }

  /** Plans and builds without opening. */
  prepare(definition: RuleDefinition, callbacks: {readonly onEnd: () => void; readonly onCrash: (error: Error) => void}): PreparedRule {
    const {catalog, pool, connectors, environment, timeZone} = this.#parts;
    const plan = this.plan(definition);
    this.#checkSources(definition, plan);
    const topology = new Topology({
      definition,
      plan,
      catalog,
      pool,
      lookups: this.#lookupTables,
      connectors,
      environment,
      timeZone,
      ...callbacks,
    });
    // Building is the only way to know that a rule can be built; its windows have timers by now.
    if (!definition.triggered) void topology.close();
    return {
      sources: streamsOf(plan),
      warnings: [...definition.warnings, ...plan.warnings],
      topology: definition.triggered ? topology : undefined,
    };
  }

  #checkSources(definition: RuleDefinition, plan: Plan): void {
    for (const {stream} of plan.sources) {
      const source = this.#parts.catalog.source(stream)!;
      if (source.temporary && !definition.temporary) {
        throw new ArrokothError(`temp stream ${stream} can only be used by temp rules`, {
          hint: 'Give the rule "temp": true, or declare the stream without TEMP.',
        });
      }
      if (LookupTables.isLookup(source)) this.#lookupTables.check(source);
      else this.#parts.pool.check(source);
    }
  }
}

/** Each once, also where a statement reads one under two aliases. */
function streamsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.sources.map(source => source.stream))];
}
