import type {Clock} from '#engine/base/clock.ts';
import {pause} from '#runner/base/monotonic-clock.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {isSuccess, RequestFailure} from '#runner/observed/engine-request.ts';

const pollMs = 250;

/** Waits for an engine that is still starting, until `endAt` at most. What then fails says why. */
export async function waitUntilUp(client: EngineClient, clock: Clock, endAt: number, signal: AbortSignal): Promise<void> {
  while (clock.now() < endAt && !signal.aborted) {
    try {
      if (isSuccess(await client.send({method: 'GET', path: '/ping'}))) return;
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown;
    }
    await pause(clock, pollMs, signal);
  }
}
