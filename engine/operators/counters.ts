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

/** Counts the rows of a batch as they come in. */
export function countIn(counters: Counters, timestamps: readonly Timestamp[]): void {
  const count = timestamps.length;
  counters.recordsIn += count;
  counters.messagesProcessed += count;
  counters.lastInvocationAt = timestamps[count - 1] ?? 0;
}

/** Counts a window or its results as they come in. */
export function countFiring(counters: Counters, at: Timestamp): void {
  counters.recordsIn++;
  counters.messagesProcessed++;
  counters.lastInvocationAt = at;
}

/** Does the work of one firing and notes how long it took. */
export function measured(counters: Counters, work: () => void): void {
  const started = performance.now();
  work();
  counters.latencyUs = Math.round((performance.now() - started) * 1000);
}
