import {type KindName, type ObjectKey, objectKey, splitKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {RemoveChange} from './change.ts';
import {type Inventory, type InventoryEntry, isOwned} from './inventory.ts';
import type {Observation} from './observation.ts';
import type {HeldDelete} from './plan.ts';
import {isOthers, type Scope} from './scope.ts';

export interface PrunePolicy {
  readonly enabled: boolean;
  /** Most objects one pass may prune: a count, or a part of those the runner made. */
  readonly maxDelete: {readonly count: number} | {readonly percent: number};
  /** Reasons why nothing may be pruned now. */
  readonly blocks: readonly string[];
  isProtected(key: ObjectKey): boolean;
  readonly scope: Scope;
}

export interface RemovalDiff {
  readonly changes: readonly RemoveChange[];
  readonly held: readonly HeldDelete[];
  readonly orphans: ReadonlySet<ObjectKey>;
}

/**
 * What has to go: objects with a DELETE command, and objects of the runner that no file declares any more. An object in conflict is
 * declared. What nobody can prove to be the runner's, by its inventory or by the tag of its scope, is never touched.
 */
export function diffRemovals(desired: DesiredState, observation: Observation, inventory: Inventory, policy: PrunePolicy): RemovalDiff {
  const changes: RemoveChange[] = [];
  const held: HeldDelete[] = [];
  const remove = (key: ObjectKey, isPrune: boolean, reason: string): RemoveChange | undefined => {
    const observed = observation.texts.get(key);
    if (observed === undefined) return undefined;
    const {kind, name} = splitKey(key);
    return {
      action: 'delete',
      key,
      kind,
      name,
      observed,
      reason,
      isPrune,
      makesWay: isInTheWay(kind, name, desired),
      origin: desired.absent.get(key)?.origin,
    };
  };

  for (const key of desired.absent.keys()) {
    const change = remove(key, false, 'declared absent');
    if (!change) continue;
    if (policy.isProtected(key) || inventory.objects.get(key)?.isProtected) held.push({key, reason: 'it is protected'});
    else changes.push(change);
  }

  const orphans = new Set<ObjectKey>();
  const prunes: RemoveChange[] = [];
  let owned = 0;
  for (const [key, entry] of ownedObjects(inventory, observation, policy.scope)) {
    owned++;
    if (desired.objects.has(key) || desired.absent.has(key) || desired.conflicts.has(key)) continue;
    const change = remove(key, true, 'no file declares it any more');
    if (!change) continue;
    orphans.add(key);
    const reason = reasonToKeep(key, entry, observation, policy);
    if (reason === undefined) prunes.push(change);
    else held.push({key, reason});
  }
  const block = blockOf(policy, prunes.length, owned);
  if (block === undefined) changes.push(...prunes);
  else for (const {key} of prunes) held.push({key, reason: block});
  return {changes, held, orphans};
}

/** What the inventory says is the runner's, and what carries the tag of its scope: that proves it as well. */
function ownedObjects({objects}: Inventory, {scopes}: Observation, {name}: Scope): Map<ObjectKey, InventoryEntry | undefined> {
  const owned = new Map<ObjectKey, InventoryEntry | undefined>([...objects].filter(([, entry]) => isOwned(entry)));
  if (name !== undefined) for (const [key, scope] of scopes) if (scope === name && !owned.has(key)) owned.set(key, objects.get(key));
  return owned;
}

function reasonToKeep(
  key: ObjectKey,
  entry: InventoryEntry | undefined,
  {scopes}: Observation,
  {scope, isProtected}: PrunePolicy,
): string | undefined {
  if (entry?.isProtected || isProtected(key)) return 'it is protected';
  if (isOthers(key, scopes, scope)) return `it belongs to scope ${scopes.get(key)}`;
  if (!scope.includes(key)) return 'it is outside scopeObjects';
  const isProven = scope.name === undefined || scope.hasPatterns || scopes.has(key) || !entry?.isAdopted;
  return isProven ? undefined : 'it was there before, and may be of another scope';
}

function blockOf({enabled, maxDelete, blocks}: PrunePolicy, wanted: number, owned: number): string | undefined {
  if (!enabled) return 'pruning is switched off';
  if (blocks.length > 0) return blocks.join('; ');
  const most = 'count' in maxDelete ? maxDelete.count : Math.floor((owned * maxDelete.percent) / 100);
  const limit = 'count' in maxDelete ? String(maxDelete.count) : `${maxDelete.percent}% of ${owned}`;
  return wanted > most ? `${wanted} objects would go, more than maxDelete (${limit}) allows` : undefined;
}

/** Streams and tables share one name space: the old one must go before the new one can be made. */
function isInTheWay(kind: KindName, name: string, desired: DesiredState): boolean {
  if (kind === 'stream') return desired.objects.has(objectKey('table', name));
  return kind === 'table' && desired.objects.has(objectKey('stream', name));
}
