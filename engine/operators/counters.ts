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
