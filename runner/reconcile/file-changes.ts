import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import {type Change, originOf} from './change.ts';
import type {Inventory} from './inventory.ts';

/** What a pass changes and what the files declare, file by file. */
export interface FileChanges {
  readonly changed: ReadonlyMap<string, readonly ObjectKey[]>;
  readonly declared: ReadonlyMap<string, readonly ObjectKey[]>;
  /** Rules that are among `keys` or need one of them, directly or through others. */
  rulesUsing(keys: Iterable<ObjectKey>): readonly string[];
}

/** Reads changes, declarations and needs once, for any number of files. */
export function fileChanges(changes: readonly Change[], desired: DesiredState, inventory: Inventory): FileChanges {
  const changed = new Map<string, ObjectKey[]>();
  for (const change of changes) {
    if (!('key' in change)) continue;
    const file = originOf(change)?.file ?? inventory.objects.get(change.key)?.file;
    if (file !== undefined) append(changed, file, change.key);
  }
  const declared = new Map<string, ObjectKey[]>();
  const users = new Map<ObjectKey, ObjectKey[]>();
  for (const [key, {origin, needs}] of desired.objects) {
    append(declared, origin.file, key);
    for (const need of needs) append(users, need, key);
  }
  const ruleByKey = new Map([...desired.runs.keys()].map(rule => [objectKey('rule', rule), rule]));
  return {
    changed,
    declared,
    rulesUsing(keys) {
      // A set that grows while it is gone through.
      const reached = new Set(keys);
      for (const key of reached) for (const user of users.get(key) ?? []) reached.add(user);
      return [...reached].flatMap(key => ruleByKey.get(key) ?? []);
    },
  };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
