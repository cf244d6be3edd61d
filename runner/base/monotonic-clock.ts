import {performance} from 'node:perf_hooks';
import type {Clock} from '#engine/base/clock.ts';
import {systemClock} from '#engine/base/system-clock.ts';

/**
 * Time that never steps. An edge node boots without a clock and jumps by decades when the network gives it one; waits, back-offs and the
 * age of the loop's last sign of life must not notice.
 */
export const monotonicClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  at: (atEpochMs, task) => systemClock.at(Date.now() + (atEpochMs - performance.timeOrigin - performance.now()), task),
};

/** Resolves after `ms`, or as soon as `signal` aborts. Never rejects. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.at(clock.now() + ms, finish);
    signal?.addEventListener('abort', finish, {once: true});
  });
}
