import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import {changesBelow} from './diff-runs.ts';
import type {HealthCode, HealthReason, RuleHealth} from './rule-health.ts';

/** A file's version whose rules are being watched. */
export interface Trial {
  /** Of the content on trial. */
  readonly hash: string;
  /** Objects that the version changed. */
  readonly changed: readonly ObjectKey[];
  /** Rules that it changed, or that use what it changed, and that are not acquitted. */
  readonly rules: readonly string[];
  /** What ailed rules before the change, worst reason each. Rules that were well are left out. */
  readonly before: Readonly<Record<string, HealthCode>>;
}

export type Verdict =
  | {readonly verdict: 'well'}
  /** The version is to blame for what ails these rules. */
  | {readonly verdict: 'bad'; readonly reasons: readonly string[]; readonly rules: readonly string[]}
  /** These rules ail, but not because of the version as far as anybody can tell: to be judged once more. */
  | {readonly verdict: 'open'; readonly rules: readonly string[]};

/** What an outage can bring about without anybody's change. */
const outageCodes: ReadonlySet<HealthCode> = new Set(['run_state', 'source', 'sink', 'exceptions']);
const connectionCodes: ReadonlySet<HealthCode> = new Set(['source', 'sink', 'pending']);

/**
 * Whether a version is to blame, at the end of its grace period. Pure.
 *
 * A rule of the trial that is not well speaks against the version, unless
 *
 * - it was not well before the change for the same kind of reason,
 * - the change was not applied so far and is tried again,
 * - a rule that the change does not touch has begun to ail in the same kind: that is an outage, or
 * - its source is not connected, and the version changed neither the source nor what that is made of.
 *
 * Rules excused by an outage stay on trial; those that ail as they did before are no worse and leave it.
 */
export function judgeTrial(
  trial: Trial,
  health: ReadonlyMap<string, RuleHealth>,
  onTrial: ReadonlySet<string>,
  desired: DesiredState,
): Verdict {
  const outages = new Set<HealthCode>();
  for (const [rule, {reasons}] of health) {
    if (onTrial.has(rule)) continue;
    for (const {code} of reasons) if (outageCodes.has(code) && trial.before[rule] !== code) outages.add(code);
  }
  const blamed: string[] = [];
  const reasons: string[] = [];
  const excused: string[] = [];
  for (const rule of trial.rules) {
    const worst = health.get(rule)?.reasons[0];
    if (!worst) continue;
    const isAsBefore = trial.before[rule] === worst.code;
    if (isAsBefore ? connectionCodes.has(worst.code) : isExcused(worst, trial, outages, desired)) excused.push(rule);
    else if (!isAsBefore) {
      blamed.push(rule);
      reasons.push(`rule ${rule}: ${worst.text}`);
    }
  }
  if (blamed.length > 0) return {verdict: 'bad', reasons, rules: [...blamed, ...excused]};
  return excused.length > 0 ? {verdict: 'open', rules: excused} : {verdict: 'well'};
}

function isExcused({code, subject}: HealthReason, trial: Trial, outages: ReadonlySet<HealthCode>, desired: DesiredState): boolean {
  if (code === 'pending' || outages.has(code)) return true;
  if (code !== 'source') return false;
  const name = subject.replace(/^source /, '');
  const changed = new Set(trial.changed);
  const changedBelow = changesBelow(desired, changed);
  return ![objectKey('stream', name), objectKey('table', name)].some(
    key => changed.has(key) || changedBelow(desired.objects.get(key)).length > 0,
  );
}
