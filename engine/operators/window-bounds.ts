import type {Timestamp} from '#engine/base/clock.ts';

/** Where `window_start()` and its relatives find the bounds of the firing under way. */
export interface BoundsScope {
  timestamp: number;
  windowStart: number | null;
  windowEnd: number | null;
  windowTrigger: number | null;
}

/** Tells functions the bounds of a firing. */
export function enterWindow(scope: BoundsScope | undefined, start: Timestamp, end: Timestamp): void {
  if (scope === undefined) return;
  // eKuiper's rule for a start before the epoch cannot occur in processing time.
  scope.windowStart = start;
  scope.windowEnd = end;
  scope.windowTrigger = end;
  scope.timestamp = end;
}
