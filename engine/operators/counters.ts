import type {Timestamp} from '#engine/base/clock.ts';

/** What an operator counts about itself: plain fields, read by status and metrics. */
export interface Counters {
  recordsIn: number;
  recordsOut: number;
  messagesProcessed: number;
  lastInvocationAt: Timestamp;
  /** Of the last batch that was measured. */
  latencyUs: number;
  fail(message: string, at: Timestamp): void;
}

/** Batches between two measurements of latency: reading the clock twice costs more than filtering a row. */
const measuredEvery = 64;

/** The start of a measurement when the next one is due, else 0. */
export function measurementStart(counters: Counters): number {
  return counters.messagesProcessed % measuredEvery === 0 ? performance.now() : 0;
}

export function endMeasurement(counters: Counters, start: number): void {
  if (start > 0) counters.latencyUs = Math.round((performance.now() - start) * 1000);
}
