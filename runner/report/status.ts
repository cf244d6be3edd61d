import {type DeclaredObject, type KindName, type ObjectKey, placeOf, splitKey} from '#runner/desired/declared.ts';
import {conflictText} from '#runner/desired/desired-state.ts';
import type {Outcome} from '#runner/reconcile/apply.ts';
import {changeId, changePlace, describeChange} from '#runner/reconcile/change.ts';
import type {HealthReport} from '#runner/reconcile/health-watch.ts';
import {errorText} from '#runner/reconcile/outcome-text.ts';
import {changesDone, isInSync, type PassReport} from '#runner/reconcile/pass-report.ts';
import type {HealthCode} from '#runner/reconcile/rule-health.ts';
import type {ObjectHistory} from './object-history.ts';

export type ObjectState = 'applied' | 'failed' | 'blocked' | 'conflict' | 'drifted' | 'held' | 'planned' | 'unknown';

export interface ObjectStatus {
  readonly kind: KindName;
  readonly name: string;
  readonly state: ObjectState;
  /** `file:line:column` of the declaration. */
  readonly place: string | undefined;
  readonly command: number | undefined;
  readonly hash: string | undefined;
  /** When it was last seen as declared, and what the directory held then; of this process. */
  readonly lastSuccess: {readonly secondsAgo: number; readonly revision: string} | undefined;
  /** Of a rule, in the engine's words. */
  readonly ruleState: string | undefined;
  /** Of a rule: whether it does as it should; undefined while nobody knows. */
  readonly healthy: boolean | undefined;
  readonly reasons: readonly RuleReason[] | undefined;
  readonly error: string | undefined;
  /** What went wrong last, also when it was mended since. */
  readonly lastError: {readonly secondsAgo: number; readonly message: string} | undefined;
  readonly attempts: number | undefined;
  /** Milliseconds until it is tried again; undefined when only other content can help. */
  readonly retryInMs: number | undefined;
}

export interface RuleReason {
  readonly reason: HealthCode;
  readonly text: string;
  readonly forSeconds: number;
}

/** What is known at one moment. Times are on one clock. */
export interface Situation {
  readonly pass: PassReport;
  /** Undefined while the engine does not answer. */
  readonly health: HealthReport | undefined;
  readonly history?: ObjectHistory | undefined;
  readonly now: number;
}

/** Every object the files declare, and those that should be gone and are not. */
export function objectStatuses({pass, health, history, now}: Situation): readonly ObjectStatus[] {
  const {desired, plan, outcomes, observation} = pass;
  const troubles = new Map<ObjectKey, Outcome>();
  for (const outcome of outcomes)
    if (outcome.result !== 'done' && 'key' in outcome.change && !troubles.has(outcome.change.key))
      troubles.set(outcome.change.key, outcome);
  const planned = new Set(plan.changes.flatMap(change => ('key' in change ? [change.key] : [])));
  const drifts = new Map(plan.drifts.map(({key, what}) => [key, what]));
  const held = new Map(plan.held.map(({key, reason}) => [key, reason]));
  const ago = (at: number) => secondsAgo(at, now);

  const statuses: ObjectStatus[] = [];
  const add = (
    key: ObjectKey,
    declared: DeclaredObject | undefined,
    state: ObjectState,
    error: string | undefined,
    origin = declared?.origin,
  ) => {
    const {kind, name} = splitKey(key);
    const failure = failureIn(troubles.get(key));
    const success = declared && history?.lastSuccess(key);
    const past = history?.lastError(key);
    const reasons = kind === 'rule' && declared ? health?.rules.get(name)?.reasons : undefined;
    statuses.push({
      kind,
      name,
      state,
      place: origin && placeOf(origin),
      command: origin?.command,
      hash: declared?.hash,
      lastSuccess: success && {secondsAgo: ago(success.at), revision: success.revision},
      ruleState: kind === 'rule' ? observation?.ruleStates.get(name) : undefined,
      healthy: kind === 'rule' && declared && health ? (reasons ?? []).length === 0 : undefined,
      reasons: reasons?.map(({code, text, since}) => ({reason: code, text, forSeconds: ago(since)})),
      error,
      lastError: past && {secondsAgo: ago(past.at), message: past.message},
      attempts: failure?.attempts,
      retryInMs: failure?.retryAt === undefined ? undefined : Math.max(0, Math.round(failure.retryAt - now)),
    });
  };
  const ran = outcomes.length > 0;
  for (const [key, declared] of desired.objects) {
    const trouble = troubles.get(key);
    if (trouble) add(key, declared, trouble.result === 'blocked' ? 'blocked' : 'failed', errorText(trouble));
    else if (desired.conflicts.has(key)) add(key, declared, 'conflict', conflictText(desired.conflicts.get(key)!));
    else if (drifts.has(key)) add(key, declared, 'drifted', drifts.get(key));
    else if (observation === undefined) add(key, declared, 'unknown', pass.problem);
    else if (planned.has(key) && !ran) add(key, declared, 'planned', undefined);
    else add(key, declared, observation.texts.has(key) ? 'applied' : 'unknown', undefined);
  }
  for (const [key, conflict] of desired.conflicts)
    if (!desired.objects.has(key)) add(key, undefined, 'conflict', conflictText(conflict), conflict.origins[0]);
  for (const [key, reason] of held) add(key, undefined, 'held', `not deleted: ${reason}`);
  for (const [key, trouble] of troubles) if (trouble.change.action === 'delete') add(key, undefined, 'failed', errorText(trouble));
  return statuses;
}

/** Whole seconds since `at`. */
export function secondsAgo(at: number, now: number): number {
  return Math.max(0, Math.round((now - at) / 1000));
}

/** Objects in the order in which people want to see them: what is in trouble first. */
export function troubledFirst(objects: readonly ObjectStatus[]): readonly ObjectStatus[] {
  return [...objects.filter(isTrouble), ...objects.filter(object => !isTrouble(object))];
}

/** The state in one word: an object that was applied and does not do well is unwell. */
export function stateWord({state, healthy}: ObjectStatus): ObjectState | 'unwell' {
  return healthy === false && state === 'applied' ? 'unwell' : state;
}

/** Whether something about the object wants attention. */
export function isTrouble({state, healthy}: ObjectStatus): boolean {
  return state !== 'applied' || healthy === false;
}

/** Rules by how they do. */
export function countRules(health: HealthReport | undefined): {readonly healthy: number; readonly unhealthy: number} {
  let unhealthy = 0;
  for (const {reasons} of health?.rules.values() ?? []) if (reasons.length > 0) unhealthy++;
  return {healthy: (health?.rules.size ?? 0) - unhealthy, unhealthy};
}

function failureIn(outcome: Outcome | undefined) {
  return outcome && 'failure' in outcome ? outcome.failure : undefined;
}

/** What the document says beyond pass and rules. */
export interface StatusContext {
  readonly engineUrl: string;
  readonly inventoryFile: string;
  readonly inventoryProblem: string | undefined;
  /** Why the engine is being waited for; undefined while it answers. */
  readonly absence?: string | undefined;
  /** Versions of files whose rules are watched. */
  readonly trials?: readonly object[] | undefined;
}

/** The `/status` document. */
export function statusDocument(situation: Situation, {engineUrl, inventoryFile, inventoryProblem, absence, trials}: StatusContext): object {
  const {pass, health, now} = situation;
  const isReachable = pass.engine !== undefined && absence === undefined;
  const rules = countRules(health);
  return {
    inSync: isReachable && isInSync(pass) && rules.unhealthy === 0,
    revision: pass.revision,
    engine: {
      url: engineUrl,
      reachable: isReachable,
      problem: absence,
      version: pass.engine?.version,
      upTimeSeconds: pass.engine?.upTimeSeconds,
    },
    lastPass: {
      secondsAgo: secondsAgo(pass.at, now),
      durationMs: Math.round(pass.durationMs),
      problem: pass.problem,
      changes: changesDone(pass),
      engineLostState: pass.engineLostState,
    },
    rules: {...rules, lookedSecondsAgo: health && secondsAgo(health.at, now)},
    inventory: {file: inventoryFile, durable: inventoryProblem === undefined, problem: inventoryProblem},
    files: pass.files,
    trials,
    objects: objectStatuses(situation),
    commands: pass.outcomes
      .filter(({change, result}) => 'command' in change && result !== 'done')
      .map(outcome => ({
        command: describeChange(outcome.change, false),
        place: changePlace(outcome.change),
        error: errorText(outcome),
        id: changeId(outcome.change),
      })),
  };
}
