import type {Clock, Timer} from '#engine/base/clock.ts';
import type {Logger} from '#engine/base/logger.ts';
import {backOffMs} from '#runner/base/back-off.ts';
import {pause} from '#runner/base/monotonic-clock.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {type EngineInfo, hasRestarted, readEngineInfo} from '#runner/observed/engine-info.ts';
import {isSuccess, RequestFailure} from '#runner/observed/engine-request.ts';

/** While the engine is away it is asked at least this often: whoever comes back empty is provisioned at once. */
const longestWaitMs = 3000;
const firstWaitMs = 200;

export interface HeartbeatOptions {
  readonly client: EngineClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intervalMs: number;
  random(): number;
  /** The engine of the last pass. */
  lastSeen(): EngineInfo | undefined;
  /** The engine went away, or is another process than a moment ago. */
  onLoss(): void;
  /** Called at every beat, whether the engine answers or not. */
  onBeat(): void;
}

/** Notices within one interval that the engine is gone or began anew. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: Timer | undefined;
  #isClosed = false;
  #absence: string | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Why the engine is being waited for; undefined while nobody waits. */
  get absence(): string | undefined {
    return this.#absence;
  }

  start(): void {
    this.#schedule();
  }

  stop(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** Resolves once the engine answers `/ping`; waits longer each time, with jitter, without a deadline. Resolves too when `signal` aborts. */
  async waitForEngine(signal: AbortSignal): Promise<void> {
    const {client, clock, log, random} = this.#options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      this.#options.onBeat();
      const fault = await this.#ping();
      this.#absence = fault;
      if (fault === undefined) {
        if (attempt > 1) log.info('the engine answers', {url: client.url});
        return;
      }
      if (attempt === 1) log.warn('waiting for the engine', {url: client.url, reason: fault});
      await pause(clock, backOffMs(attempt, random, {firstMs: firstWaitMs, longestMs: longestWaitMs}), signal);
    }
  }

  async #ping(): Promise<string | undefined> {
    try {
      const answer = await this.#options.client.send({method: 'GET', path: '/ping'});
      return isSuccess(answer) ? undefined : `/ping answers ${answer.status}`;
    } catch (thrown) {
      if (thrown instanceof RequestFailure) return thrown.message;
      throw thrown;
    }
  }

  #schedule(): void {
    if (this.#isClosed) return;
    const {clock, intervalMs} = this.#options;
    this.#timer = clock.at(clock.now() + intervalMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    const {client, clock, lastSeen, onLoss, onBeat} = this.#options;
    onBeat();
    try {
      const engine = await readEngineInfo(client, clock);
      if (engine && hasRestarted(lastSeen(), engine)) onLoss();
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown;
      // A slow answer is no loss: an engine that starts thousands of rules is busy.
      if (thrown.reason !== 'timeout') onLoss();
    }
    this.#schedule();
  }
}
