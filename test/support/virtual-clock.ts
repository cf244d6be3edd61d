import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';

interface Pending {
  readonly at: Timestamp;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that a test moves by hand. Tasks run during `advance`, in the order of their time, then of their asking. */
export class VirtualClock implements Clock {
  #now: Timestamp;
  #asked = 0;
  readonly #pending = new Set<Pending>();

  constructor(startEpochMs: Timestamp = 0) {
    this.#now = startEpochMs;
  }

  now(): Timestamp {
    return this.#now;
  }

  at(atEpochMs: Timestamp, task: () => void): Timer {
    const pending = {at: atEpochMs, order: this.#asked++, task};
    this.#pending.add(pending);
    return {cancel: () => void this.#pending.delete(pending)};
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Moves time forward; tasks see the time they were asked for, and what they ask for within the span runs too. */
  advanceTo(epochMs: Timestamp): void {
    for (;;) {
      let next: Pending | undefined;
      for (const pending of this.#pending) {
        if (pending.at > epochMs) continue;
        if (!next || pending.at < next.at || (pending.at === next.at && pending.order < next.order)) next = pending;
      }
      if (!next) break;
      this.#pending.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = Math.max(this.#now, epochMs);
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /** Lets time pass beside work that waits for it and for the network in turn, 50 ms at a time, until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    void work.then(done, done);
    while (!isDone) {
      this.advance(50);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    return work;
  }

  /** Moves time as the system's owner may: no task runs because of it until `advance`. */
  jump(ms: number): void {
    this.#now += ms;
  }
}
