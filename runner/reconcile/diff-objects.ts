import {contentHash} from '#runner/base/content-hash.ts';
import type {DeclaredObject, KindName, ObjectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import type {ObjectChange} from './change.ts';
import type {Inventory, InventoryEntry} from './inventory.ts';
import type {Observation} from './observation.ts';
import type {Drift, DriftPolicy} from './plan.ts';

export interface ObjectDiff {
  readonly changes: readonly ObjectChange[];
  readonly same: ReadonlySet<ObjectKey>;
  readonly drifts: readonly Drift[];
}

/**
 * Compares what is declared with what the engine holds.
 *
 * An object that the runner made from this very content and that is another one now has drifted: somebody else changed it, and `drift`
 * decides. `engineLostState`: the engine came back empty, which is no drift; everything is made again whatever the policy.
 */
export function diffObjects(
  desired: DesiredState,
  observation: Observation,
  inventory: Inventory,
  {kindOf, drift, engineLostState}: {kindOf: (kind: KindName) => ResourceKind; drift: DriftPolicy; engineLostState: boolean},
): ObjectDiff {
  const changes: ObjectChange[] = [];
  const same = new Set<ObjectKey>();
  const drifts: Drift[] = [];
  for (const [key, declared] of desired.objects) {
    const observed = observation.texts.get(key);
    const entry = inventory.objects.get(key);
    if (observed !== undefined && isSettled(kindOf(declared.kind), declared, observed, entry)) {
      same.add(key);
      continue;
    }
    const hasDrifted = entry?.state === 'made' && entry.hash === declared.hash && !engineLostState;
    const what = observed === undefined ? 'deleted behind the runner' : 'changed behind the runner';
    if (hasDrifted && drift !== 'heal') {
      if (drift === 'report') drifts.push({key, what});
      continue;
    }
    if (observed === undefined) {
      changes.push({
        action: 'create',
        key,
        declared,
        observed,
        reason: engineLostState ? 'the engine lost it' : hasDrifted ? what : 'declared',
      });
    } else {
      changes.push({action: 'update', key, declared, observed, reason: hasDrifted ? what : 'differs'});
    }
  }
  return {changes, same, drifts};
}

/**
 * Whether the engine's text is what the declared content becomes in this engine: alike in meaning, or the very text that the engine showed
 * after it took this content.
 */
function isSettled(kind: ResourceKind, declared: DeclaredObject, observed: string, entry: InventoryEntry | undefined): boolean {
  if (declared.content === observed) return true;
  const isSent = entry?.state === 'made' && entry.hash === declared.hash;
  if (isSent && entry.settledHash !== undefined && entry.settledHash === contentHash(observed)) return true;
  if (!kind.showsContent) return isSent || entry === undefined;
  return kind.isSame(declared, observed);
}
