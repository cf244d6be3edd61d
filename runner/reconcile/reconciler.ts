import type {Clock} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import {pause} from '#runner/base/monotonic-clock.ts';
import type {Declarations, KindName, ObjectKey} from '#runner/desired/declared.ts';
import {type DesiredState, mergeDeclarations} from '#runner/desired/desired-state.ts';
import type {FileLedger, TakenFiles} from '#runner/desired/file-ledger.ts';
import {readRevision} from '#runner/directory/read-revision.ts';
import type {Revision} from '#runner/directory/revision.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {type EngineInfo, hasRestarted, readEngineInfo} from '#runner/observed/engine-info.ts';
import {RequestFailure} from '#runner/observed/engine-request.ts';
import {EngineView, ObservationError} from '#runner/observed/engine-view.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import {applyChanges, contentOf, type Outcome} from './apply.ts';
import type {Attempts} from './attempts.ts';
import {type Change, changeId, changesContent} from './change.ts';
import type {PrunePolicy} from './diff-removals.ts';
import {finishedRules} from './finished-rules.ts';
import type {HealthReport} from './health-watch.ts';
import type {Inventory} from './inventory.ts';
import type {InventoryStore} from './inventory-store.ts';
import {makePlan} from './make-plan.ts';
import {type Observation, observe} from './observation.ts';
import {emptyPlan, type PassReport} from './pass-report.ts';
import type {DriftPolicy, Plan} from './plan.ts';
import {rememberActions, rememberFiles, rememberIntent, rememberOutcome} from './remember.ts';
import {leaveToOthers, withinScope} from './scope.ts';
import type {TrialResult, Trials} from './trials.ts';
import {unseen} from './verify.ts';

/** `diff` changes nothing; `apply` deletes nothing; `sync` does all. */
export type PassMode = 'diff' | 'apply' | 'sync';

export interface ReconcilerOptions {
  readonly commandDir: string;
  readonly client: EngineClient;
  readonly clock: Clock;
  readonly ledger: FileLedger;
  readonly inventory: Inventory;
  readonly store: InventoryStore;
  readonly attempts: Attempts;
  readonly trials: Trials;
  readonly kinds: readonly ResourceKind[];
  readonly parallelism: number;
  readonly drift: DriftPolicy;
  readonly prune: Omit<PrunePolicy, 'blocks'>;
}

export interface PassOptions {
  readonly mode: PassMode;
  readonly signal: AbortSignal;
  /** Called once with the changes to come. */
  onPlan?(plan: Plan): void;
  onOutcome?(outcome: Outcome): void;
}

/** The confirming read of the directory before a prune follows after this long. */
const confirmMs = 250;
/** A moved directory or a vanished file is read again after this long. */
const rereadMs = 40;
/** For this long after its start an engine may still be starting the rules it has stored. */
const bootSeconds = 10;
const lookAgainMs = 1000;

/**
 * Closes the difference between the command files and the engine. Level-triggered: every pass reads everything and trusts no event. Passes
 * of one reconciler must not overlap.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #kinds: ReadonlyMap<KindName, ResourceKind>;
  #engine: EngineInfo | undefined;
  /** Whether the engine may have lost its state since the last look: not seen yet, or another process than before. */
  #engineIsNew = true;
  #revision = '';
  #merged: {readonly from: readonly Declarations[]; readonly desired: DesiredState} | undefined;
  /** Passes in a row that found rules still starting. */
  #looksInVain = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#kinds = new Map(options.kinds.map(kind => [kind.kind, kind]));
  }

  /** Who answered last; undefined before the first answer. */
  get engine(): EngineInfo | undefined {
    return this.#engine;
  }

  /** Forgets failures, so that everything is tried again: somebody asked for it. */
  forgive(): void {
    this.#options.attempts.forgive();
    this.#options.trials.forgive();
  }

  /** Judges versions on trial by a look at the rules. What was decided is on disk when this resolves; the next pass carries it out. */
  async judge(health: HealthReport): Promise<readonly TrialResult[]> {
    const {trials, inventory, store} = this.#options;
    const results = trials.judge(health);
    if (results.length > 0) await store.save(inventory);
    return results;
  }

  /** One pass. Never rejects for what files or engine do. */
  async pass({mode, signal, onPlan, onOutcome}: PassOptions): Promise<PassReport> {
    const {attempts, clock, inventory, store, trials} = this.#options;
    const at = clock.now();

    // Read one revision of the directory.
    const directory = await this.#read();
    const revision = trials.replaceRefused(directory);

    // Learn who answers: whether it is the process of the last pass, and whose SQL it reads.
    const engine = await this.#meet();

    // Take the files: a broken one keeps its last good content in force.
    const files = this.#options.ledger.take(revision, clock.now(), typeof engine !== 'string' && engine.isArrokoth);
    const declared = this.#merge(files.declarations);
    if (revision.hash !== this.#revision) attempts.forgive();
    this.#revision = revision.hash;
    const report = ({isUnsettled = false, ...part}: Partial<PassReport> & {isUnsettled?: boolean}): PassReport => ({
      at,
      durationMs: clock.now() - at,
      revision: revision.hash,
      files: trials.mark(files.reports, directory),
      desired: declared,
      engine: typeof engine === 'string' ? undefined : engine,
      problem: undefined,
      plan: emptyPlan,
      outcomes: [],
      observation: undefined,
      engineLostState: false,
      lookAgainAt: this.#nextLook(files, isUnsettled),
      ...part,
    });
    if (typeof engine === 'string') return report({problem: engine});

    try {
      // Observe the engine.
      const before = await this.#observe(declared);
      const engineLostState = this.#engineIsNew && hasLostAll(inventory, before);

      // Compare, leaving aside what other scopes have made.
      const desired = leaveToOthers(declared, before, this.#options.prune.scope);
      const plan = await this.#plan(mode, desired, before, files, engine, engineLostState);
      if (mode === 'diff') return report({desired, plan, observation: before, engineLostState});

      // Confirm removals by a second read.
      const confirmed = await this.#confirm(plan, revision, signal);
      onPlan?.(confirmed);

      // Remember what is about to be done, before the first request.
      const remembered = rememberIntent(inventory, confirmed.changes);
      const good = this.#options.ledger.good();
      rememberFiles(inventory, good);
      trials.open(directory, good, confirmed.changes, desired);
      if (confirmed.changes.length > 0) await store.save(inventory);

      // Apply, in order.
      attempts.keepOnly(new Set(confirmed.changes.map(changeId)));
      const applied = await applyChanges(confirmed.changes, {
        desired,
        client: this.#options.client,
        clock,
        attempts,
        parallelism: this.#options.parallelism,
        signal,
        before,
        kindOf: name => this.#kindOf(name),
        onOutcome: outcome => onOutcome?.(outcome),
      });

      if (rememberActions(inventory, applied)) await store.save(inventory);

      // Look at what came of it: applied means observed.
      const hasWritten = applied.some(({result, change}) => result === 'done' && change.action !== 'ask');
      const after = hasWritten ? await this.#observe(desired) : before;
      const outcomes = applied.map(outcome => this.#verify(outcome, after, onOutcome));

      // Remember what is there now.
      rememberOutcome(inventory, remembered, desired, confirmed, outcomes, after);
      const isThrough = outcomes.every(({result}) => result !== 'skipped');
      if (isThrough) trials.applied(good, clock.now());
      await store.save(inventory);
      if (isThrough) this.#engineIsNew = false;

      const isUnsettled = plan.starting.length > 0 || [...after.ruleStates.values()].some(state => state === 'starting');
      const problem = isThrough ? undefined : 'the pass ended early';
      return report({
        desired,
        plan: confirmed,
        outcomes,
        observation: after,
        engineLostState,
        problem,
        isUnsettled,
      });
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure) && !(thrown instanceof ObservationError)) throw thrown;
      return report({problem: messageOf(thrown)});
    }
  }

  #kindOf(name: KindName): ResourceKind {
    return this.#kinds.get(name)!;
  }

  #read(): Promise<Revision> {
    const {commandDir, clock} = this.#options;
    return readRevision(commandDir, () => pause(clock, rereadMs));
  }

  /** The engine, or why there is none. */
  async #meet(): Promise<EngineInfo | string> {
    const {client, clock, attempts} = this.#options;
    try {
      const engine = await readEngineInfo(client, clock);
      if (!engine) return `the engine at ${client.url} does not say who it is`;
      if (hasRestarted(this.#engine, engine)) {
        this.#engineIsNew = true;
        attempts.forgive();
      }
      this.#engine = engine;
      return engine;
    } catch (thrown) {
      if (thrown instanceof RequestFailure) return thrown.message;
      throw thrown;
    }
  }

  /** Merging thousands of declarations costs some ms: the same files give the same state. */
  #merge(declarations: readonly Declarations[]): DesiredState {
    const known = this.#merged;
    if (known && known.from.length === declarations.length && known.from.every((one, i) => one === declarations[i])) return known.desired;
    const desired = withinScope(mergeDeclarations(declarations), this.#options.prune.scope, name => this.#kindOf(name));
    this.#merged = {from: declarations, desired};
    return desired;
  }

  #observe(desired: DesiredState): Promise<Observation> {
    const {client, parallelism, kinds, inventory} = this.#options;
    const keys = new Set<ObjectKey>([...desired.objects.keys(), ...desired.absent.keys(), ...inventory.objects.keys()]);
    return observe(new EngineView(client, parallelism), kinds, keys);
  }

  async #plan(
    mode: PassMode,
    desired: DesiredState,
    observation: Observation,
    files: TakenFiles,
    engine: EngineInfo,
    engineLostState: boolean,
  ): Promise<Plan & {readonly starting: readonly string[]}> {
    const {inventory, drift, prune, client, parallelism} = this.#options;
    const plan = makePlan(desired, observation, inventory, {
      drift,
      prune: {...prune, blocks: files.pruneBlocks},
      engineLostState,
      isBooting: (engine.upTimeSeconds ?? bootSeconds) < bootSeconds,
      kindOf: name => this.#kindOf(name),
    });
    const finished = await finishedRules(plan.changes, observation, inventory, new EngineView(client, parallelism));
    const isDue = (change: Change) =>
      !(change.action === 'start' && finished.has(change.rule)) && !(mode === 'apply' && change.action === 'delete');
    const held = plan.changes.flatMap(change =>
      change.action === 'delete' && mode === 'apply' ? [{key: change.key, reason: 'apply deletes nothing'}] : [],
    );
    return {...plan, changes: plan.changes.filter(isDue), held: [...plan.held, ...held], finished};
  }

  /** Two reads must agree before anything is pruned; the second follows at once, so that a removal takes a moment and not an interval. */
  async #confirm(plan: Plan, revision: Revision, signal: AbortSignal): Promise<Plan> {
    const isPrune = (change: Change) => change.action === 'delete' && change.isPrune;
    if (!plan.changes.some(isPrune)) return plan;
    await pause(this.#options.clock, confirmMs, signal);
    const again = await this.#read();
    if (again.hash === revision.hash) return plan;
    const held = plan.changes.flatMap(change =>
      change.action === 'delete' && change.isPrune ? [{key: change.key, reason: 'the directory is changing'}] : [],
    );
    return {...plan, changes: plan.changes.filter(change => !isPrune(change)), held: [...plan.held, ...held]};
  }

  /** An answer of success is not enough: what came of it must be seen. */
  #verify(outcome: Outcome, after: Observation, onOutcome: PassOptions['onOutcome']): Outcome {
    const {change} = outcome;
    if (outcome.result !== 'done' || !changesContent(change)) return outcome;
    const {attempts, clock} = this.#options;
    const message = unseen(change, after, name => this.#kindOf(name));
    if (message === undefined) {
      attempts.succeeded(changeId(change));
      return outcome;
    }
    const hash = contentOf(change, key => after.texts.has(key));
    const failure = attempts.failed(changeId(change), hash, clock.now(), {message, mayRetry: true});
    const failed: Outcome = {result: 'failed', change, failure};
    onOutcome?.(failed);
    return failed;
  }

  #nextLook(files: TakenFiles, isUnsettled: boolean): number | undefined {
    const {attempts, clock} = this.#options;
    this.#looksInVain = isUnsettled ? this.#looksInVain + 1 : 0;
    const times = [files.readAgainAt, attempts.nextRetryAt()];
    if (isUnsettled) times.push(clock.now() + lookAgainMs * 2 ** Math.min(this.#looksInVain - 1, 6));
    const due = times.filter(time => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }
}

/** Whether the runner has made streams, tables or rules and not one of them is there. What others have is no concern. */
function hasLostAll({objects}: Inventory, {texts}: Observation): boolean {
  const made = [...objects].filter(([key, {state}]) => state === 'made' && /^(?:stream|table|rule) /.test(key));
  return made.length > 0 && made.every(([key]) => !texts.has(key));
}
