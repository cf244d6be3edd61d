import type {Clock} from '#engine/base/clock.ts';
import {ArrokothError, errorCode, messageOf, NotFoundError} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {explainPlan} from '#engine/planner/explain.ts';
import {Rule} from './rule.ts';
import {parseRule, type RuleDefinition, rewriteRule, unreadableRule, withId} from './rule-definition.ts';
import {type PreparationParts, type PreparedRule, RulePreparation} from './rule-preparation.ts';
import type {BriefStatus, RuleSummary, Rules} from './rules.ts';
import {briefStatus, statusAnswer} from './status-answer.ts';
import type {Topology} from './topology.ts';

export interface RegistryParts extends PreparationParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often rules stopped by an error are looked at, in ms. */
  readonly patrolIntervalMs: number;
}

/** Every rule of the engine: declared, planned, stored, run. */
export class RuleRegistry implements Rules {
  readonly #parts: RegistryParts;
  readonly #rules = new Map<string, Rule>();
  readonly #preparation: RulePreparation;
  #isClosed = false;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    this.#preparation = new RulePreparation(parts);
  }

  /**
   * Takes up the stored rules without starting any: called before the server answers, so that nobody sees an engine that has forgotten its
   * rules. Those that ran are `starting` until `open` comes to them; one that cannot be read any more is `stopped by error`.
   */
  load(): void {
    for (const {id, text} of this.#parts.catalog.rules()) {
      try {
        const definition = parseRule(text, this.#parts.optionDefaults, id);
        const rule = this.#register(definition, text);
        if (definition.triggered) rule.state = 'starting';
      } catch (thrown) {
        this.#register(unreadableRule(id), text).fail(thrown);
      }
    }
  }

  /** Starts the rules that ran when the engine ended. One that cannot start is kept as `stopped by error`. */
  async open(): Promise<void> {
    let since = performance.now();
    for (const rule of [...this.#rules.values()]) {
      if (rule.state !== 'starting') continue;
      try {
        await rule.exclusively(async () => {
          if (rule.state === 'starting' && this.#rules.get(rule.id) === rule && !this.#isClosed) await this.#start(rule);
        });
      } catch (thrown) {
        this.#parts.logger.error('stored rule does not start', {rule: rule.id, error: messageOf(thrown)});
      }
      // A thousand rules take a while: let the server answer in between.
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
    const definition = this.#preparation.read(text, undefined, 'invalid rule json: ');
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
        await prepared.topology?.close();
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
      // A sink or source that cannot be made keeps its code; whatever else is wrong with an update has none.
      const code = thrown instanceof ArrokothError && thrown.code === errorCode.executor ? errorCode.executor : errorCode.undefined;
      throw new ArrokothError(messageOf(thrown), {code, cause: thrown});
    }
  }

  async #update(id: string, text: string): Promise<void> {
    const definition = this.#preparation.read(text, id, 'Invalid rule json: ');
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
      try {
        if (!definition.temporary) await this.#parts.catalog.putRule(id, text);
      } catch (thrown) {
        await prepared.topology?.close();
        throw thrown;
      }
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
      await this.#rewrite(rule, {triggered: true});
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
        await this.#rewrite(rule, {triggered: false});
      } catch (thrown) {
        throw notKept('the rule is stopped, but starts with the engine', thrown);
      }
    });
  }

  async restart(id: string): Promise<void> {
    await this.#inTurn(id, async rule => {
      await this.#rewrite(rule, {triggered: true});
      await this.#start(rule);
    });
  }

  async retag(id: string, change: (tags: readonly string[]) => readonly string[]): Promise<void> {
    await this.#inTurn(id, async rule => {
      const tags = change(rule.tags ?? []);
      await this.#rewrite(rule, {tags});
      rule.tags = tags;
    });
  }

  status(id: string): Readonly<Record<string, unknown>> {
    const rule = this.#rules.get(id);
    if (!rule) throw new NotFoundError(`Rule ${id} is not found`);
    return statusAnswer(rule);
  }

  statusAll(): Readonly<Record<string, BriefStatus>> {
    return Object.fromEntries([...this.#rules.values()].map(rule => [rule.id, briefStatus(rule)]));
  }

  topology(id: string): {readonly sources: readonly string[]; readonly edges: Readonly<Record<string, readonly string[]>>} {
    const edges = this.#rule(id).edges();
    if (!edges)
      throw new ArrokothError(`Fail to get rule ${id}'s topo, make sure the rule has been started before`, {code: errorCode.general});
    return edges;
  }

  explain(id: string): string {
    return explainPlan(this.#preparation.plan(this.#stored(this.#rule(id))));
  }

  schema(id: string): Readonly<Record<string, unknown>> {
    const rule = this.#rule(id);
    if (!rule.edges())
      throw new ArrokothError(`Fail to get rule ${id}'s schema, make sure the rule has been started before`, {code: errorCode.general});
    const {output} = this.#preparation.plan(this.#stored(rule));
    return Object.fromEntries(output.columns.map(({name}, index) => [name, {hasIndex: true, index}]));
  }

  validate(text: string): {readonly sources: readonly string[]; readonly warnings: readonly string[]} {
    return this.#preparation.check(this.#preparation.read(text, undefined, 'invalid rule json: '));
  }

  usersOf(source: string): readonly string[] {
    return [...this.#rules.values()].filter(rule => rule.holdsSources && this.#sourcesOf(rule).includes(source)).map(rule => rule.id);
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

  /** A wrong statement has no code of its own where a rule is made of it. */
  #prepareNew(definition: RuleDefinition): PreparedRule {
    try {
      return this.#prepare(definition);
    } catch (thrown) {
      if (!(thrown instanceof ArrokothError) || thrown.code !== errorCode.parser) throw thrown;
      throw new ArrokothError(thrown.message, {hint: thrown.hint, cause: thrown});
    }
  }

  #prepare(definition: RuleDefinition): PreparedRule {
    const {logger} = this.#parts;
    const rule = () => this.#rules.get(definition.id);
    const tell = (event: string) => (thrown: unknown) => logger.error(event, {rule: definition.id, error: messageOf(thrown)});
    return this.#preparation.prepare(definition, {
      onEnd: () =>
        void rule()
          ?.exclusively(() => this.#ended(rule()!))
          .catch(tell('rule did not stop at its end')),
      onCrash: error => void rule()?.crash(error).catch(tell('crashed rule did not stop')),
    });
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
    let prepared: PreparedRule;
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
    await this.#rewrite(rule, {triggered: false});
  }

  /** Stores the rule's text with some members replaced. */
  async #rewrite(rule: Rule, members: Parameters<typeof rewriteRule>[1]): Promise<void> {
    const text = rewriteRule(rule.text, members);
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

  /** A rule that has not been planned since the engine started is asked by its statement. */
  #sourcesOf(rule: Rule): readonly string[] {
    return rule.state === 'starting' && rule.sources.length === 0 ? this.#preparation.sourcesNamed(this.#stored(rule)) : rule.sources;
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

function checkVersion(existing: Rule, next: RuleDefinition): void {
  if (existing.version === '' && next.version === '') return;
  if (next.version > existing.version) return;
  throw new ArrokothError(`rule ${next.id} already exists with version (${existing.version}), new version (${next.version}) is lower`);
}
