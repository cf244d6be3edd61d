import type {Timestamp} from '#engine/base/clock.ts';

/** Where `window_start()` and its relatives find the bounds of the firing under way. */
export interface BoundsScope {
  timestamp: number;
  windowStart: number | null;
  windowEnd: number | null;
  windowTrigger: number | null;
}

/** Tells functions the bounds of a firing; `trigger` is its end unless it is told apart. */
export function enterWindow(scope: BoundsScope | undefined, start: Timestamp, end: Timestamp, trigger: Timestamp = end): void {
  if (scope === undefined) return;
  scope.windowStart = start;
  scope.windowEnd = end;
  scope.windowTrigger = trigger;
  scope.timestamp = end;
}
