import {type ObjectKey, splitKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {isSuccess, RequestFailure} from '#runner/observed/engine-request.ts';
import type {Change} from './change.ts';
import {changesBelow} from './diff-runs.ts';

/** Rules stopped for the time of a change that the engine refuses while they run. */
export interface RuleStops {
  /** Stops the rules that use the object and that this pass restarts or updates anyway. False when there are none. */
  stopUsersOf(key: ObjectKey): Promise<boolean>;
  /** A later step has started the rule again, or wants it stopped. */
  settled(key: ObjectKey): void;
  /** Starts those that no later step has started. */
  startRest(): Promise<void>;
}

export function createRuleStops(changes: readonly Change[], desired: DesiredState, client: EngineClient): RuleStops {
  const stopped = new Set<ObjectKey>();
  const post = (key: ObjectKey, verb: 'start' | 'stop') =>
    client.send({method: 'POST', path: `/rules/${encodeURIComponent(splitKey(key).name)}/${verb}`});
  return {
    async stopUsersOf(object) {
      const uses = changesBelow(desired, new Set([object]));
      const users = changes.filter(
        change =>
          (change.action === 'restart' || (change.action === 'update' && change.declared.kind === 'rule')) &&
          uses(desired.objects.get(change.key)).length > 0,
      );
      for (const change of users) {
        if ('key' in change && isSuccess(await post(change.key, 'stop'))) stopped.add(change.key);
      }
      return users.length > 0;
    },
    settled: key => void stopped.delete(key),
    async startRest() {
      try {
        for (const key of stopped) await post(key, 'start');
      } catch (thrown) {
        // The next pass finds them stopped and starts them.
        if (!(thrown instanceof RequestFailure)) throw thrown;
      }
    },
  };
}
