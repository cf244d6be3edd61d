import {backOffMs} from '#runner/base/back-off.ts';

/** What became of a change that failed. */
export interface Failure {
  /** What the engine said, or why it did not. */
  readonly message: string;
  readonly status: number | undefined;
  readonly attempts: number;
  readonly at: number;
  /** When it is tried again; undefined when only other content can help. */
  readonly retryAt: number | undefined;
}

/** `status` is absent when the engine gave none, `retryAfterMs` when it did not say when to come again. */
interface Fault {
  readonly message: string;
  readonly mayRetry: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Remembers failed changes between passes: those that may succeed later wait longer each time, those that cannot wait for other content.
 * A new revision and a new engine forgive everything.
 */
export class Attempts {
  readonly #failures = new Map<string, Failure & {readonly hash: string}>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The failure that keeps a change from being tried at `now`; undefined when it may be tried. */
  waiting(id: string, hash: string, now: number): Failure | undefined {
    const failure = this.#failures.get(id);
    if (failure?.hash !== hash) return undefined;
    return failure.retryAt === undefined || failure.retryAt > now ? failure : undefined;
  }

  failed(id: string, hash: string, now: number, {message, mayRetry, status, retryAfterMs}: Fault): Failure {
    const before = this.#failures.get(id);
    const attempts = before?.hash === hash ? before.attempts + 1 : 1;
    const retryAt = mayRetry ? now + (retryAfterMs ?? backOffMs(attempts, this.#random)) : undefined;
    const failure = {message, status, attempts, at: now, retryAt, hash};
    this.#failures.set(id, failure);
    return failure;
  }

  succeeded(id: string): void {
    this.#failures.delete(id);
  }

  /** Forgets all failures but those of the changes that still stand. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#failures.keys()) if (!ids.has(id)) this.#failures.delete(id);
  }

  forgive(): void {
    this.#failures.clear();
  }

  /** When the next waiting change may be tried; undefined when none waits. */
  nextRetryAt(): number | undefined {
    let next: number | undefined;
    for (const {retryAt} of this.#failures.values()) if (retryAt !== undefined && (next === undefined || retryAt < next)) next = retryAt;
    return next;
  }
}
