import {type DeclaredObject, type KindName, type ObjectKey, objectKey, placeOf} from '#runner/desired/declared.ts';
import {conflictText} from '#runner/desired/desired-state.ts';
import type {Outcome} from '#runner/reconcile/apply.ts';
import {changeId, changePlace, describeChange} from '#runner/reconcile/change.ts';
import {runStateOf} from '#runner/reconcile/observation.ts';
import {changesDone, isInSync, type PassReport} from '#runner/reconcile/pass-report.ts';

export type ObjectState = 'applied' | 'failed' | 'blocked' | 'conflict' | 'drifted' | 'held' | 'planned' | 'unknown';

export interface ObjectStatus {
  readonly kind: KindName;
  readonly name: string;
  readonly state: ObjectState;
  /** `file:line:column` of the declaration. */
  readonly place: string | undefined;
  readonly command: number | undefined;
  readonly hash: string | undefined;
  /** Of a rule, in the engine's words. */
  readonly ruleState: string | undefined;
  /** Of a rule: whether it is in the state it should be in. */
  readonly healthy: boolean | undefined;
  readonly error: string | undefined;
  readonly attempts: number | undefined;
  /** Milliseconds until it is tried again; undefined when only other content can help. */
  readonly retryInMs: number | undefined;
}

/** Every object the files declare, and those that should be gone and are not. */
export function objectStatuses(report: PassReport, now: number): readonly ObjectStatus[] {
  const {desired, plan, outcomes} = report;
  const troubles = new Map<ObjectKey, Outcome>();
  for (const outcome of outcomes)
    if (outcome.result !== 'done' && 'key' in outcome.change && !troubles.has(outcome.change.key))
      troubles.set(outcome.change.key, outcome);
  const planned = new Set(plan.changes.flatMap(change => ('key' in change ? [change.key] : [])));
  const drifts = new Map(plan.drifts.map(({key, what}) => [key, what]));
  const held = new Map(plan.held.map(({key, reason}) => [key, reason]));

  const statuses: ObjectStatus[] = [];
  const add = (
    key: ObjectKey,
    declared: DeclaredObject | undefined,
    state: ObjectState,
    error: string | undefined,
    origin = declared?.origin,
  ) => {
    const at = key.indexOf(' ');
    const [kind, name] = [key.slice(0, at) as KindName, key.slice(at + 1)];
    const failure = failureIn(troubles.get(key));
    const ruleState = kind === 'rule' ? report.observation?.ruleStates.get(name) : undefined;
    statuses.push({
      kind,
      name,
      state,
      place: origin && placeOf(origin),
      command: origin?.command,
      hash: declared?.hash,
      ruleState,
      healthy: kind === 'rule' && declared ? isHealthy(report, name, ruleState) : undefined,
      error,
      attempts: failure?.attempts,
      retryInMs: failure?.retryAt === undefined ? undefined : Math.max(0, Math.round(failure.retryAt - now)),
    });
  };
  const ran = outcomes.length > 0;
  for (const [key, declared] of desired.objects) {
    const trouble = troubles.get(key);
    if (trouble) add(key, declared, trouble.result === 'blocked' ? 'blocked' : 'failed', textOf(trouble));
    else if (desired.conflicts.has(key)) add(key, declared, 'conflict', conflictText(desired.conflicts.get(key)!));
    else if (drifts.has(key)) add(key, declared, 'drifted', drifts.get(key));
    else if (report.observation === undefined) add(key, declared, 'unknown', report.problem);
    else if (planned.has(key) && !ran) add(key, declared, 'planned', undefined);
    else add(key, declared, report.observation.texts.has(key) ? 'applied' : 'unknown', undefined);
  }
  for (const [key, conflict] of desired.conflicts)
    if (!desired.objects.has(key)) add(key, undefined, 'conflict', conflictText(conflict), conflict.origins[0]);
  for (const [key, reason] of held) add(key, undefined, 'held', `not deleted: ${reason}`);
  for (const [key, trouble] of troubles) if (trouble.change.action === 'delete') add(key, undefined, 'failed', textOf(trouble));
  return statuses;
}

/** Rules that are not in the state they should be in. */
export function unhealthyRules(report: PassReport): readonly string[] {
  const {desired, observation} = report;
  if (!observation) return [];
  return [...desired.runs.keys()].filter(
    rule => desired.objects.has(objectKey('rule', rule)) && !isHealthy(report, rule, observation.ruleStates.get(rule)),
  );
}

function isHealthy({desired, plan}: PassReport, rule: string, status: string | undefined): boolean {
  const run = desired.runs.get(rule);
  if (!run || plan.finished.has(rule)) return true;
  if (!run.running) return runStateOf(status) === 'stopped';
  return status === 'running' || runStateOf(status) === 'waiting';
}

function failureIn(outcome: Outcome | undefined) {
  return outcome && 'failure' in outcome ? outcome.failure : undefined;
}

function textOf(outcome: Outcome): string {
  if (outcome.result === 'blocked') return `blocked by ${outcome.by}`;
  if (outcome.result === 'skipped') return 'not sent: the pass ended early';
  return 'failure' in outcome ? outcome.failure.message : '';
}

/** The `/status` document. */
export function statusDocument(
  report: PassReport,
  now: number,
  context: {readonly engineUrl: string; readonly inventoryFile: string; readonly inventoryProblem: string | undefined},
): object {
  return {
    inSync: isInSync(report) && unhealthyRules(report).length === 0,
    revision: report.revision,
    engine: {
      url: context.engineUrl,
      reachable: report.engine !== undefined,
      version: report.engine?.version,
      upTimeSeconds: report.engine?.upTimeSeconds,
    },
    lastPass: {
      secondsAgo: Math.max(0, Math.round((now - report.at) / 1000)),
      durationMs: Math.round(report.durationMs),
      problem: report.problem,
      changes: changesDone(report),
      engineLostState: report.engineLostState,
    },
    inventory: {file: context.inventoryFile, durable: context.inventoryProblem === undefined, problem: context.inventoryProblem},
    files: report.files,
    objects: objectStatuses(report, now),
    commands: report.outcomes
      .filter(({change, result}) => 'command' in change && result !== 'done')
      .map(outcome => ({
        command: describeChange(outcome.change, false),
        place: changePlace(outcome.change),
        error: textOf(outcome),
        id: changeId(outcome.change),
      })),
  };
}
