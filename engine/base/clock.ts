/** Milliseconds since the Unix epoch. */
export type Timestamp = number;

/** A pending call; `cancel` is idempotent and safe after the call was made. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time inside the engine. Programs pass `systemClock`; tests pass a virtual clock and move it by hand.
 *
 * `at` calls `task` once, never synchronously and never before `atEpochMs`. Tasks that are due together run in the order they were asked for.
 */
export interface Clock {
  now(): Timestamp;
  at(atEpochMs: Timestamp, task: () => void): Timer;
}
