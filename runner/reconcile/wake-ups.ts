import type {Clock, Timer} from '#engine/base/clock.ts';

/** Why a pass begins. */
export type Reason = 'start' | 'directory' | 'schedule' | 'engine' | 'request' | 'rollback' | 'retry';

/** Collects reasons for a pass while one runs or none is due. Reasons that come together cause one pass. */
export class WakeUps {
  readonly #clock: Clock;
  #reasons = new Set<Reason>();
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(reason: Reason): void {
    this.#reasons.add(reason);
    this.#wake?.();
  }

  /** Resolves with the reasons: at once if there are any, otherwise with the first, with `retry` at `untilAt`, or empty when `signal` aborts. */
  async next(untilAt: number, signal: AbortSignal): Promise<ReadonlySet<Reason>> {
    if (this.#reasons.size === 0 && !signal.aborted) {
      await new Promise<void>(resolve => {
        let timer: Timer | undefined;
        const finish = () => {
          timer?.cancel();
          this.#wake = undefined;
          signal.removeEventListener('abort', finish);
          resolve();
        };
        this.#wake = finish;
        signal.addEventListener('abort', finish, {once: true});
        if (Number.isFinite(untilAt)) timer = this.#clock.at(untilAt, () => this.add('retry'));
      });
    }
    const reasons = this.#reasons;
    this.#reasons = new Set();
    return reasons;
  }
}
