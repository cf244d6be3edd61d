import type {KindName} from '#runner/desired/declared.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import type {ObjectChange, RemoveChange} from './change.ts';
import type {Observation} from './observation.ts';

/** How a change that the engine answered with success shows not to have taken place; undefined when it did, or when that cannot be seen. */
export function unseen(
  change: ObjectChange | RemoveChange,
  {texts}: Observation,
  kindOf: (kind: KindName) => ResourceKind,
): string | undefined {
  const text = texts.get(change.key);
  if (change.action === 'delete') {
    // Behind a confKey that is gone an engine may show one of its own files.
    const isGone = text === undefined || kindOf(change.kind).level === 'foundation';
    return isGone ? undefined : 'the engine answered with success, but still holds it';
  }
  if (text === undefined) return 'the engine answered with success, but does not hold it';
  const kind = kindOf(change.declared.kind);
  // Streams, tables and rules are kept as they were sent; of everything else, and of what is merely described, engines show a form of their own.
  const isVerbatim = kind.level === 'rule' || (kind.level === 'source' && !text.startsWith('{'));
  const isUntouched = isVerbatim && text === change.observed && !kind.isSame(change.declared, text);
  return isUntouched ? 'the engine answered with success, but holds what it held' : undefined;
}
