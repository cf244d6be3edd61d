/** Milliseconds before attempt `attempt` + 1 (counted from 1): doubled from `firstMs` up to `longestMs`, the last half of it random. */
export function backOffMs(attempt: number, random: () => number, {firstMs = 1000, longestMs = 60_000} = {}): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (full / 2) * random();
}
