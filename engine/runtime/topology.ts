import type {Clock} from '#engine/base/clock.ts';
import {ArrokothError, errorCode, errorOf, messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {nearest} from '#engine/base/nearest.ts';
import {readSettings, type Settings} from '#engine/base/settings.ts';
import type {Catalog, SourceDefinition} from '#engine/catalog/catalog.ts';
import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {OperatorNode, Pipeline} from '#engine/compiler/pipeline.ts';
import type {ConnectorEnvironment, ConnectorRegistry} from '#engine/connectors/connector.ts';
import {sinkSettings} from '#engine/connectors/sink-settings.ts';
import {findFormat} from '#engine/formats/registry.ts';
import type {Plan, SourceNode} from '#engine/planner/plan.ts';
import type {ConnectionLog} from './connection-log.ts';
import type {LookupTables, LookupUse} from './lookup-tables.ts';
import type {RuleDefinition} from './rule-definition.ts';
import {selectedConnection} from './selected-connection.ts';
import {SinkTask} from './sink-task.ts';
import {compileTransform} from './sink-transform.ts';
import type {SourcePool} from './source-pool.ts';
import type {Subscription} from './subscription.ts';

/** What a topology needs of its surroundings. */
export interface TopologyParts {
  readonly definition: RuleDefinition;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly pool: SourcePool;
  readonly lookups: LookupTables;
  readonly connectors: ConnectorRegistry;
  readonly environment: ConnectorEnvironment;
  readonly timeZone: string;
  /** Every source of the rule is exhausted. */
  readonly onEnd: () => void;
  /** A defect in an operator: the rule must stop. */
  readonly onCrash: (error: Error) => void;
}

/** A source of a running rule as status and topology name it. */
export interface SourceTask {
  readonly stream: string;
  readonly subscription: Subscription;
  /** The stream says SHARED. Every source is shared; only names in answers depend on it. */
  readonly shared: boolean;
  /** The rule is in event time or the stream strictly validated: eKuiper shows a step for either. */
  readonly preprocesses: boolean;
  /** Its place among the sources of the plan. */
  readonly position: number;
}

/**
 * A running rule: shared sources → pipeline → sinks. Building one checks everything that can be checked without the network and throws an
 * ArrokothError otherwise; `open` starts the flow and returns at once.
 */
export class Topology {
  sources: readonly SourceTask[] = [];
  readonly pipeline: Pipeline;
  readonly sinks: readonly SinkTask[];
  readonly #parts: TopologyParts;
  readonly #lookups = new Map<string, LookupUse>();
  #ended = 0;

  constructor(parts: TopologyParts) {
    this.#parts = parts;
    this.sinks = parts.definition.actions.map((action, i) => createSink(action.type, action.properties, i, parts));
    this.pipeline = compilePlan(parts.plan, {
      clock: parts.environment.clock,
      ruleId: parts.definition.id,
      ruleStartMs: parts.environment.clock.now(),
      timeZone: parts.timeZone,
      hiddenColumns: stream => parts.plan.sources.find(source => source.stream === stream)?.schema.hidden ?? [],
      lookup: (table, fields, keys) => this.#lookupOf(table).find(fields, keys),
      output: {
        rows: rows => this.#offer(rows, false),
        collection: rows => this.#offer(rows, true),
        error: error => this.#offerError(error),
      },
    });
  }

  /** All or nothing: what was opened before a throw is closed again. */
  open(): void {
    try {
      this.#open();
    } catch (thrown) {
      void this.close();
      throw thrown;
    }
  }

  #open(): void {
    const {plan, catalog, pool} = this.#parts;
    for (const sink of this.sinks) sink.open();
    for (const lookup of this.#lookups.values()) lookup.open();
    // A table alone triggers nothing; a lookup table is asked.
    const isRead = ({sourceKind, isLookup}: SourceNode): boolean => !isLookup && (sourceKind === 'stream' || plan.sources.length > 1);
    const streams = plan.sources.filter(source => source.sourceKind === 'stream').length;
    const tasks: SourceTask[] = [];
    this.sources = tasks;
    for (const [i, source] of plan.sources.entries()) {
      if (!isRead(source)) continue;
      const definition = catalog.source(source.stream)!;
      const input = this.pipeline.inputs[i]!;
      const subscription = pool.source(definition).attach({
        guard: plan.sources.length === 1 ? plan.guard : undefined,
        columns: source.reads,
        push: batch => {
          try {
            input.push(batch);
          } catch (thrown) {
            this.#parts.onCrash(errorOf(thrown));
          }
        },
        fail: error => this.#offerError(error),
        end: () => {
          if (source.sourceKind === 'stream' && ++this.#ended === streams) this.#parts.onEnd();
        },
      });
      tasks.push({
        stream: source.stream,
        subscription,
        shared: says(definition, 'SHARED'),
        preprocesses: this.#parts.definition.options.isEventTime || says(definition, 'STRICT_VALIDATION'),
        position: i,
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.sources.map(({subscription}) => subscription.close()));
    this.pipeline.close();
    await Promise.all([...this.#lookups.values()].map(lookup => lookup.close()));
    await Promise.all(this.sinks.map(sink => sink.close()));
  }

  /** Connections of the lookup tables by their names. */
  get lookupConnections(): readonly (readonly [table: string, log: ConnectionLog])[] {
    return [...this.#lookups].flatMap(([table, {connectionLog}]) => (connectionLog === undefined ? [] : [[table, connectionLog] as const]));
  }

  get operators(): readonly OperatorNode[] {
    return this.pipeline.operators;
  }

  #lookupOf(table: string): LookupUse {
    let use = this.#lookups.get(table);
    if (use === undefined) this.#lookups.set(table, (use = this.#parts.lookups.use(this.#parts.catalog.source(table)!)));
    return use;
  }

  #offer(rows: Parameters<SinkTask['offer']>[0], isCollection: boolean): void {
    for (const sink of this.sinks) sink.offer(rows, isCollection);
  }

  #offerError(error: Error): void {
    if (this.#parts.definition.options.sendError) for (const sink of this.sinks) sink.offerError(error);
  }
}

function createSink(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  position: number,
  {definition, plan, environment, catalog, connectors}: TopologyParts,
): SinkTask {
  const connector = connectors.sinks.find(one => one.name === type);
  if (!connector) {
    const suggestion = nearest(
      type,
      connectors.sinks.map(one => one.name),
    );
    throw new ArrokothError(
      `unknown sink type "${type}" in action ${position + 1}${suggestion === undefined ? '' : `, did you mean "${suggestion}"`}`,
      {
        code: errorCode.executor,
        hint: `Known types: ${connectors.sinks.map(one => one.name).join(', ')}.`,
      },
    );
  }
  const where = `${type} sink`;
  const resource =
    typeof properties['resourceId'] === 'string' && properties['resourceId'] !== ''
      ? catalog.confKeys('sinks', type)[properties['resourceId']]
      : undefined;
  const own = {...resource, ...properties};
  const effective = {...selectedConnection(catalog, type, own, where), ...own};
  if (Number(effective['bufferLength'] ?? 0) < 0)
    throw new ArrokothError(`${where}: bufferLength: expected a whole number of at least 0, got ${effective['bufferLength']}`);
  const {values: common} = readProperties(sinkSettings, effective, where);
  const {values: settings, unknown} = readProperties(connector.settings, effective, where);
  const logger: Logger = environment.logger.child({rule: definition.id, sink: type});
  for (const {name, suggestion} of unknown) {
    if (!Object.keys(sinkSettings).some(known => known.toLowerCase() === name.toLowerCase()))
      logger.warn('unknown sink property', {property: name, suggestion});
  }
  const format = findFormat(common.format.toLowerCase());
  if (!format) throw new ArrokothError(`format type ${common.format} not supported`, {code: errorCode.executor});
  const clock: Clock = environment.clock;
  const encodes = connector.accepts === 'bytes';
  const encoder = format.encoder({
    delimiter: common.delimiter,
    fields: common.fields,
    hasHeader: common.hasHeader,
    wholeNumbersAsInt: false,
  });
  try {
    return new SinkTask({
      name: `${type}_${position}`,
      sink: connector.create(settings, {...environment, logger, ruleId: definition.id}),
      transform: compileTransform(common, encoder, connector.accepts, seesTypes(effective, connector.accepts) ? intColumns(plan) : []),
      encodes,
      bufferLength: common.bufferLength ?? definition.options.bufferLength,
      resendIntervalMs: common.resendInterval ?? 0,
      clock,
      logger,
    });
  } catch (thrown) {
    if (thrown instanceof ArrokothError) throw thrown;
    throw new ArrokothError(messageOf(thrown), {code: errorCode.executor, cause: thrown});
  }
}

function readProperties<S extends Settings>(
  settings: S,
  properties: Readonly<Record<string, unknown>>,
  where: string,
): ReturnType<typeof readSettings<S>> {
  try {
    return readSettings(settings, properties, where);
  } catch (thrown) {
    throw new ArrokothError(messageOf(thrown), {code: errorCode.executor});
  }
}

function says(definition: SourceDefinition, option: string): boolean {
  return definition.options.get(option)?.toUpperCase() === 'TRUE';
}

/** Templates and other rules get rows without their types. */
function seesTypes(properties: Readonly<Record<string, unknown>>, accepts: 'bytes' | 'rows'): boolean {
  return accepts === 'rows' || JSON.stringify(properties).includes('{{');
}

function intColumns(plan: Plan): readonly string[] {
  return plan.output.columns.filter(({type}) => type.kind === 'int').map(({name}) => name);
}
