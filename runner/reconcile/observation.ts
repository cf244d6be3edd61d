import {type KindName, type ObjectKey, objectKey, splitKey} from '#runner/desired/declared.ts';
import type {EngineView} from '#runner/observed/engine-view.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';

/** What the engine held at one look. */
export interface Observation {
  /** The engine's own texts. Of kinds that are not listed in one request, only the objects that were asked for. */
  readonly texts: ReadonlyMap<ObjectKey, string>;
  /** By rule id, in the engine's words. */
  readonly ruleStates: ReadonlyMap<string, string>;
  /** The scope that an object's tag names; absent where it names none. */
  readonly scopes: ReadonlyMap<ObjectKey, string>;
}

/** Reads everything that `keys` name, and all streams, tables and rules. Kinds that nobody asks for cost no request. */
export async function observe(view: EngineView, kinds: readonly ResourceKind[], keys: Iterable<ObjectKey>): Promise<Observation> {
  const names = new Map<KindName, string[]>();
  for (const key of keys) {
    const {kind, name} = splitKey(key);
    const list = names.get(kind);
    if (list) list.push(name);
    else names.set(kind, [name]);
  }
  const texts = new Map<ObjectKey, string>();
  const scopes = new Map<ObjectKey, string>();
  for (const kind of kinds) {
    const wanted = names.get(kind.kind) ?? [];
    if (wanted.length === 0 && (kind.level === 'foundation' || kind.level === 'groundwork')) continue;
    for (const [name, text] of await kind.read(view, wanted)) {
      const key = objectKey(kind.kind, name);
      texts.set(key, text);
      const scope = kind.scopeOf?.(text);
      if (scope !== undefined) scopes.set(key, scope);
    }
  }
  const {rules} = await view.ruleset();
  const mayHaveRules = rules.size > 0 || names.has('rule');
  return {
    texts,
    ruleStates: mayHaveRules ? await view.ruleStates() : new Map(),
    scopes,
  };
}

/** A rule's run state, reduced to what the runner decides by. */
export type RunState = 'running' | 'stopped' | 'waiting' | 'failed';

/** `running`, `starting`; `stopped: waiting for next schedule.` is in order; `stopped by error` and `error: …` are not. */
export function runStateOf(status: string | undefined): RunState {
  if (status === undefined || status === 'stopped' || status === 'stopping') return 'stopped';
  if (status.startsWith('stopped: waiting')) return 'waiting';
  if (status === 'running' || status === 'starting' || status === 'degraded') return 'running';
  return 'failed';
}
