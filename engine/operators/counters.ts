import type {Timestamp} from '#engine/base/clock.ts';

/** What an operator counts about itself: plain fields, read by status and metrics. */
export interface Counters {
  recordsIn: number;
  recordsOut: number;
  messagesProcessed: number;
  lastInvocationAt: Timestamp;
  /** Of the last batch or firing that was measured. */
  latencyUs: number;
  fail(message: string, at: Timestamp): void;
}

/** Does the work of one firing and notes how long it took. */
export function measured(counters: Counters, work: () => void): void {
  const started = performance.now();
  work();
  counters.latencyUs = Math.round((performance.now() - started) * 1000);
}
