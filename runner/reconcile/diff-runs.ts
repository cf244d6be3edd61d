import {member, parseJson} from '#runner/base/json-text.ts';
import {type DeclaredObject, type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {ObjectChange, RunChange} from './change.ts';
import type {Inventory} from './inventory.ts';
import {type Observation, runStateOf} from './observation.ts';
import type {Drift, DriftPolicy} from './plan.ts';

/** The reason of a start that may well be in vain. */
export const stoppedByError = 'stopped by an error';

export interface RunDiff {
  readonly changes: readonly RunChange[];
  readonly drifts: readonly Drift[];
  /** Rules of an engine that has just begun and will start them itself: to be looked at again in a moment. */
  readonly starting: readonly string[];
}

/**
 * Whether each rule runs as declared, after `objectChanges` will have been made, and which running rules use something that changes: a
 * changed confKey, connection, schema, stream or function does not reach a running rule by itself.
 *
 * `isBooting`: the engine began a moment ago; a stopped rule that it stores as triggered is about to be started by it.
 */
export function diffRuns(
  desired: DesiredState,
  observation: Observation,
  inventory: Inventory,
  objectChanges: readonly ObjectChange[],
  {drift, isBooting, engineLostState}: {drift: DriftPolicy; isBooting: boolean; engineLostState: boolean},
): RunDiff {
  const changes: RunChange[] = [];
  const drifts: Drift[] = [];
  const starting: string[] = [];
  const changed = new Set(objectChanges.map(({key}) => key));
  const usedAndChanged = changesBelow(desired, changed);

  for (const [id, {running, isExplicit, origin}] of desired.runs) {
    const key = objectKey('rule', id);
    const declared = desired.objects.get(key);
    const text = observation.texts.get(key);
    if (changed.has(key) && declared) {
      // The engine starts or stops the rule as its definition says; only another wish needs a request.
      if (declared.startsRunning !== running)
        changes.push({action: running ? 'start' : 'stop', key, rule: id, reason: 'declared', needs: [key], origin});
      continue;
    }
    if (text === undefined) {
      // Nobody defines it and the engine has none: asked all the same, so that the engine's refusal is seen.
      const isLost = isExplicit && !declared && !desired.conflicts.has(key);
      if (isLost) changes.push({action: running ? 'start' : 'stop', key, rule: id, reason: 'declared', needs: [], origin});
      continue;
    }
    const state = runStateOf(observation.ruleStates.get(id));
    const isRunning = state === 'running' || state === 'waiting';
    if (isRunning !== running) {
      if (running && isBooting && isStoredAsTriggered(text)) {
        starting.push(id);
        continue;
      }
      const entry = inventory.objects.get(key);
      const isOwn = entry?.state === 'made' && entry.hash === declared?.hash && entry.running === running;
      // A runner that was killed may have stopped the rules that it owes a restart.
      const hasDrifted = isOwn && !engineLostState && !inventory.restarts.has(id);
      const what = running ? (state === 'failed' ? stoppedByError : 'stopped behind the runner') : 'started behind the runner';
      if (hasDrifted && state !== 'failed' && drift !== 'heal') {
        if (drift === 'report') drifts.push({key, what});
        continue;
      }
      const reason = hasDrifted || state === 'failed' ? what : 'declared';
      changes.push({action: running ? 'start' : 'stop', key, rule: id, reason, needs: [], origin});
      continue;
    }
    const used = running ? usedAndChanged(declared) : [];
    const reason = used[0] === undefined ? inventory.restarts.get(id) : `${used[0]} changed`;
    // Waits for all that it uses, also for what it uses through others.
    if (running && reason !== undefined)
      changes.push({action: 'restart', key, rule: id, reason, needs: [...(declared?.needs ?? []), ...used], origin});
  }
  return {changes, drifts, starting};
}

/** What of `changed` an object needs, directly or through what it needs, the nearest first. */
export function changesBelow(
  desired: DesiredState,
  changed: ReadonlySet<ObjectKey>,
): (object: DeclaredObject | undefined) => readonly ObjectKey[] {
  const known = new Map<ObjectKey, readonly ObjectKey[]>();
  const from = (key: ObjectKey): readonly ObjectKey[] => {
    const before = known.get(key);
    if (before) return before;
    known.set(key, []);
    const found = [...(changed.has(key) ? [key] : []), ...below(desired.objects.get(key))];
    known.set(key, found);
    return found;
  };
  const below = (object: DeclaredObject | undefined) => [...new Set((object?.needs ?? []).flatMap(from))];
  return object => (changed.size === 0 ? [] : below(object));
}

function isStoredAsTriggered(text: string): boolean {
  const triggered = member(parseJson(text), 'triggered');
  return !(triggered?.kind === 'word' && triggered.value === false);
}
