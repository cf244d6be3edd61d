export interface PollOptions {
  readonly withinMs?: number;
  readonly everyMs?: number;
  /** What to show when it never came true. */
  readonly what?: () => string;
}

/** Asks again and again until `check` gives something truthy, and returns that. A throw counts as "not yet". */
export async function pollUntil<T>(
  check: () => T | Promise<T>,
  {withinMs = 10_000, everyMs = 20, what = () => ''}: PollOptions = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const result = await check();
      if (result) return result;
      last = result;
    } catch (thrown) {
      last = thrown;
    }
    if (performance.now() > deadline) throw new Error(`not true within ${withinMs} ms (last: ${String(last)})\n${what()}`);
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}
