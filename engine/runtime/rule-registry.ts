import type {Clock} from '#engine/base/clock.ts';
import {ArrokothError, errorCode, messageOf, NotFoundError} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {Catalog} from '#engine/catalog/catalog.ts';
import type {ConnectorEnvironment, ConnectorRegistry} from '#engine/connectors/connector.ts';
import {parseSelect} from '#engine/language/parse.ts';
import {explainPlan} from '#engine/planner/explain.ts';
import type {Plan, SchemaLookup} from '#engine/planner/plan.ts';
import {planRule} from '#engine/planner/plan-rule.ts';
import {LookupTables} from './lookup-tables.ts';
import {planOptimizations} from './plan-optimizations.ts';
import {Rule} from './rule.ts';
import {parseRule, type RuleDefinition, rewriteRule} from './rule-definition.ts';
import {statusMembers} from './rule-status.ts';
import type {RuleSummary, Rules} from './rules.ts';
import type {SourcePool} from './source-pool.ts';
import {Topology} from './topology.ts';

export interface RegistryParts {
  readonly catalog: Catalog;
  readonly pool: SourcePool;
  readonly connectors: ConnectorRegistry;
  /** Of the connectors when undefined. */
  readonly lookups?: LookupTables;
  readonly environment: ConnectorEnvironment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeZone: string;
  /** The `rule:` section of kuiper.yaml. */
  readonly optionDefaults: Readonly<Record<string, unknown>>;
  /** How often rules stopped by an error are looked at, in ms. */
  readonly patrolIntervalMs: number;
}

interface Prepared {
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
  /** Undefined for a rule that is not to run. */
  readonly topology: Topology | undefined;
}

/** Every rule of the engine: declared, planned, stored, run. */
export class RuleRegistry implements Rules {
  readonly #parts: RegistryParts;
  readonly #rules = new Map<string, Rule>();
  readonly #lookup: SchemaLookup;
  readonly #lookupTables: LookupTables;
  #isClosed = false;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    const {catalog, connectors, environment} = parts;
    this.#lookupTables = parts.lookups ?? new LookupTables(catalog, connectors, environment);
    this.#lookup = {
      source: name => {
        const found = catalog.source(name);
        return found && {kind: found.kind, schema: catalog.schema(found), options: found.options};
      },
      names: () => [...catalog.sources('stream'), ...catalog.sources('table')].map(source => source.name),
    };
  }

  /** Takes up the stored rules and starts those that ran. A rule that cannot start is kept as `stopped by error`. */
  async open(): Promise<void> {
    let since = performance.now();
    for (const {id, text} of this.#parts.catalog.rules()) {
      try {
        const definition = parseRule(text, this.#parts.optionDefaults, id);
        const rule = this.#register(definition, text);
        if (definition.triggered) await this.#start(rule);
      } catch (thrown) {
        this.#parts.logger.error('stored rule does not start', {rule: id, error: messageOf(thrown)});
      }
      // A thousand rules take a while: let the server answer /ping in between.
      if (performance.now() - since > 50) {
        await new Promise(resolve => setImmediate(resolve));
        since = performance.now();
      }
    }
    this.#patrol();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#rules.values()].map(rule => rule.exclusively(() => rule.stop('the engine stopped'))));
  }

  list(): readonly RuleSummary[] {
    return [...this.#rules.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({id, name, state, tags, version, message}) => ({
        id,
        name,
        status: state === 'stopped by error' && message !== '' ? `error: ${message}` : state,
        tags,
        trace: false,
        version,
      }));
  }

  describe(id: string): string {
    const rule = this.#rule(id);
    // A temporary rule has no stored text (eKuiper answers 404).
    if (rule.temporary) throw new NotFoundError(`Rule ${id} is not found.`);
    return rule.text;
  }

  async create(text: string): Promise<string> {
    const definition = this.#read(text, undefined, 'invalid rule json: ');
    if (this.#rules.has(definition.id)) throw new ArrokothError(`rule ${definition.id} already exists`);
    const prepared = this.#prepareNew(definition);
    const rule = this.#register(definition, text);
    rule.sources = prepared.sources;
    rule.warnings = prepared.warnings;
    await rule.exclusively(async () => {
      try {
        if (!definition.temporary) await this.#parts.catalog.putRule(definition.id, text);
      } catch (thrown) {
        this.#rules.delete(definition.id);
        throw new ArrokothError(`store the rule error: ${messageOf(thrown)}`);
      }
      if (prepared.topology) await this.#open(rule, prepared.topology);
    });
    return definition.id;
  }

  async update(id: string, text: string): Promise<void> {
    try {
      await this.#update(id, text);
    } catch (thrown) {
      // A sink or source that cannot be made keeps its code; whatever else is wrong with an update has none (spec rest §1.3).
      const code = thrown instanceof ArrokothError && thrown.code === errorCode.executor ? errorCode.executor : errorCode.undefined;
      throw new ArrokothError(messageOf(thrown), {code, cause: thrown});
    }
  }

  async #update(id: string, text: string): Promise<void> {
    const definition = this.#read(text, id, 'Invalid rule json: ');
    const existing = this.#rules.get(id);
    if (!existing) {
      await this.create(withId(text, id));
      return;
    }
    await existing.exclusively(async () => {
      // Dropped while this waited for its turn: the update creates it.
      if (this.#rules.get(id) !== existing) return this.#update(id, text);
      checkVersion(existing, definition);
      const prepared = this.#prepare(definition);
      if (!definition.temporary) await this.#parts.catalog.putRule(id, text);
      existing.adopt(definition, text);
      existing.sources = prepared.sources;
      existing.warnings = prepared.warnings;
      if (prepared.topology) await this.#open(existing, prepared.topology);
      else {
        await existing.stop('stopped by update');
        existing.state = 'stopped';
      }
    });
  }

  async drop(id: string): Promise<void> {
    const rule = this.#rules.get(id);
    if (!rule) throw new ArrokothError(`rule ${id} not found`);
    await rule.exclusively(async () => {
      if (this.#rules.get(id) !== rule) throw new ArrokothError(`rule ${id} not found`);
      await rule.stop('dropped');
      try {
        if (!rule.temporary) await this.#parts.catalog.dropRule(id);
      } catch (thrown) {
        throw notKept('the rule is stopped, but still stored and starts with the engine', thrown);
      }
      this.#rules.delete(id);
    });
  }

  async start(id: string): Promise<void> {
    await this.#inTurn(id, async rule => {
      if (rule.state === 'running') return;
      const {state, message} = rule;
      try {
        await this.#start(rule);
      } catch (thrown) {
        // Nothing has run: the caller is told, the rule stays what it was.
        rule.state = state;
        rule.message = message;
        throw thrown;
      }
      await this.#storeTriggered(rule, true);
    });
  }

  async stop(id: string): Promise<void> {
    await this.#inTurn(id, async rule => {
      // Stopped first: a rule that fills the disk can be stopped when the disk is full.
      await rule.stop('canceled manually');
      if (rule.state === 'stopped by error') {
        rule.state = 'stopped';
        rule.message = 'canceled manually';
      }
      try {
        await this.#storeTriggered(rule, false);
      } catch (thrown) {
        throw notKept('the rule is stopped, but starts with the engine', thrown);
      }
    });
  }

  async restart(id: string): Promise<void> {
    await this.#inTurn(id, async rule => {
      await this.#storeTriggered(rule, true);
      await this.#start(rule);
    });
  }

  status(id: string): Readonly<Record<string, unknown>> {
    const rule = this.#rules.get(id);
    if (!rule) throw new NotFoundError(`Rule ${id} is not found`);
    const members: Record<string, unknown> = {
      status: rule.state,
      message: rule.message,
      lastStartTimestamp: rule.lastStartAt,
      lastStopTimestamp: rule.lastStopAt,
      nextStartTimestamp: 0,
    };
    for (const node of rule.nodes()) for (const [key, value] of statusMembers(node)) members[key] = value;
    if (rule.warnings.length > 0) members['warnings'] = rule.warnings;
    for (const {stream, subscription} of rule.topology?.sources ?? []) {
      const report = subscription.source.typing?.report();
      if (!report) continue;
      const bad =
        report.badValues.length + report.unknownDevices + report.unknownProperties + report.unresolvedLines > 0 ||
        report.fault !== undefined;
      if (bad) members[`source_${stream}_devices`] = report;
    }
    return members;
  }

  statusAll(): Readonly<Record<string, {readonly status: string; readonly last_exception: string; readonly exceptions_total: number}>> {
    return Object.fromEntries(
      [...this.#rules.values()].map(rule => {
        let latest = {at: 0, text: '', total: 0};
        if (rule.state === 'running') {
          for (const {counters} of rule.nodes()) {
            const at = Number(counters['last_exception_time']);
            if (at > latest.at) latest = {at, text: String(counters['last_exception']), total: Number(counters['exceptions_total'])};
          }
        }
        return [rule.id, {status: rule.state, last_exception: latest.text, exceptions_total: latest.total}];
      }),
    );
  }

  topology(id: string): {readonly sources: readonly string[]; readonly edges: Readonly<Record<string, readonly string[]>>} {
    const edges = this.#rule(id).edges();
    if (!edges)
      throw new ArrokothError(`Fail to get rule ${id}'s topo, make sure the rule has been started before`, {code: errorCode.general});
    return edges;
  }

  explain(id: string): string {
    return explainPlan(this.#plan(this.#stored(this.#rule(id))));
  }

  schema(id: string): Readonly<Record<string, unknown>> {
    const rule = this.#rule(id);
    if (!rule.edges())
      throw new ArrokothError(`Fail to get rule ${id}'s schema, make sure the rule has been started before`, {code: errorCode.general});
    const {output} = this.#plan(this.#stored(rule));
    return Object.fromEntries(output.columns.map(({name}, index) => [name, {hasIndex: true, index}]));
  }

  validate(text: string): {readonly sources: readonly string[]; readonly warnings: readonly string[]} {
    const definition = this.#read(text, undefined, 'invalid rule json: ');
    const plan = this.#plan(definition);
    this.#checkSources(definition, plan);
    return {sources: plan.sources.map(source => source.stream), warnings: [...definition.warnings, ...plan.warnings]};
  }

  usersOf(source: string): readonly string[] {
    return [...this.#rules.values()].filter(rule => rule.holdsSources && rule.sources.includes(source)).map(rule => rule.id);
  }

  sourceChanged(source: string): void {
    for (const rule of this.#rules.values()) {
      if (rule.state !== 'running' || !rule.sources.includes(source)) continue;
      this.#parts.logger.info('rule planned anew', {
        rule: rule.id,
        stream: source,
        reason: 'the definition or the column types of its stream changed',
      });
      void rule.exclusively(async () => {
        if (rule.state !== 'running' || this.#isClosed) return;
        try {
          await this.#start(rule);
        } catch {
          // The rule says so itself: stopped by error, with the planner's message.
        }
      });
    }
  }

  #read(text: string, pathId: string | undefined, prefix: string): RuleDefinition {
    try {
      return parseRule(text, this.#parts.optionDefaults, pathId);
    } catch (thrown) {
      throw new ArrokothError(`${prefix}${messageOf(thrown)}`, {code: thrown instanceof ArrokothError ? thrown.code : errorCode.undefined});
    }
  }

  #plan(definition: RuleDefinition): Plan {
    return planRule(parseSelect(definition.sql), definition.sql, this.#lookup, {
      ...planOptimizations(definition.options.planOptimizeStrategy),
      isEventTime: definition.options.isEventTime,
      lateToleranceMs: definition.options.lateTolerance,
      sendNilField: definition.options.sendNilField,
      sendMetaToSink: definition.options.sendMetaToSink,
    });
  }

  /** A wrong statement has no code of its own where a rule is made of it (spec rest §1.3). */
  #prepareNew(definition: RuleDefinition): Prepared {
    try {
      return this.#prepare(definition);
    } catch (thrown) {
      if (!(thrown instanceof ArrokothError) || thrown.code !== errorCode.parser) throw thrown;
      throw new ArrokothError(thrown.message, {hint: thrown.hint, cause: thrown});
    }
  }

  /** Plans and builds without opening: everything that can refuse a rule happens here. */
  #prepare(definition: RuleDefinition): Prepared {
    const rule = () => this.#rules.get(definition.id);
    const plan = this.#plan(definition);
    this.#checkSources(definition, plan);
    const topology = new Topology(
      this.#topologyParts(definition, plan, {
        onEnd: () =>
          rule()
            ?.exclusively(() => this.#ended(rule()!))
            .catch(thrown => this.#parts.logger.error('rule did not stop at its end', {rule: definition.id, error: messageOf(thrown)})),
        onCrash: error =>
          rule()
            ?.crash(error)
            .catch(thrown => this.#parts.logger.error('crashed rule did not stop', {rule: definition.id, error: messageOf(thrown)})),
      }),
    );
    return {
      sources: plan.sources.map(source => source.stream),
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

  #topologyParts(definition: RuleDefinition, plan: Plan, callbacks: {onEnd: () => void; onCrash: (error: Error) => void}) {
    const {catalog, pool, connectors, environment, timeZone} = this.#parts;
    return {definition, plan, catalog, pool, lookups: this.#lookupTables, connectors, environment, timeZone, ...callbacks};
  }

  async #open(rule: Rule, topology: Topology): Promise<void> {
    try {
      await rule.succeed(topology);
    } catch (thrown) {
      await rule.stop('');
      rule.fail(thrown);
      throw thrown;
    }
  }

  /** Starts the rule as it is stored; one that runs is replaced without losing a message. */
  async #start(rule: Rule): Promise<void> {
    let prepared: Prepared;
    try {
      prepared = this.#prepare({...this.#stored(rule), triggered: true});
    } catch (thrown) {
      await rule.stop('');
      rule.fail(thrown);
      throw thrown;
    }
    rule.sources = prepared.sources;
    rule.warnings = prepared.warnings;
    await this.#open(rule, prepared.topology!);
  }

  async #ended(rule: Rule): Promise<void> {
    await rule.stop('done');
    await this.#storeTriggered(rule, false);
  }

  async #storeTriggered(rule: Rule, triggered: boolean): Promise<void> {
    const text = rewriteRule(rule.text, {triggered});
    if (!rule.temporary) await this.#parts.catalog.putRule(rule.id, text);
    rule.text = text;
  }

  #stored(rule: Rule): RuleDefinition {
    return parseRule(rule.text, this.#parts.optionDefaults, rule.id);
  }

  #register(definition: RuleDefinition, text: string): Rule {
    const rule = new Rule(definition, text, this.#parts);
    this.#rules.set(definition.id, rule);
    return rule;
  }

  #rule(id: string): Rule {
    const rule = this.#rules.get(id);
    if (!rule) throw new NotFoundError(`Rule ${id} is not found.`);
    return rule;
  }

  /** Runs `task` when what was asked of the rule before is done; it may have been dropped by then. */
  async #inTurn(id: string, task: (rule: Rule) => Promise<void>): Promise<void> {
    const fault = () => new NotFoundError(`Rule ${id} is not found in registry, please check if it is created`);
    const rule = this.#rules.get(id);
    if (!rule) throw fault();
    await rule.exclusively(() => {
      if (this.#rules.get(id) !== rule) throw fault();
      return task(rule);
    });
  }

  /** Starts again, every patrol, the rules that an error stopped and that ask for it. */
  #patrol(): void {
    const {clock, patrolIntervalMs} = this.#parts;
    clock.at(clock.now() + patrolIntervalMs, () => {
      if (this.#isClosed) return;
      for (const rule of this.#rules.values()) {
        if (rule.state !== 'stopped by error' || !rule.restarts) continue;
        void rule
          .exclusively(async () => {
            if (rule.state === 'stopped by error' && this.#rules.get(rule.id) === rule && !this.#isClosed) await this.#start(rule);
          })
          .catch(() => {});
      }
      this.#patrol();
    });
  }
}

function notKept(state: string, thrown: unknown): ArrokothError {
  return new ArrokothError(`${state}: ${messageOf(thrown)}`, {
    code: thrown instanceof ArrokothError ? thrown.code : errorCode.io,
    cause: thrown,
  });
}

function withId(text: string, id: string): string {
  const raw = JSON.parse(text) as Record<string, unknown>;
  return raw['id'] === id ? text : JSON.stringify({...raw, id});
}

function checkVersion(existing: Rule, next: RuleDefinition): void {
  if (existing.version === '' && next.version === '') return;
  if (next.version > existing.version) return;
  throw new ArrokothError(`rule ${next.id} already exists with version (${existing.version}), new version (${next.version}) is lower`);
}
