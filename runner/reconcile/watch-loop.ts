import type {Clock} from '#engine/base/clock.ts';
import {backOffMs} from '#runner/base/back-off.ts';
import type {Outcome} from './apply.ts';
import type {Heartbeat} from './heartbeat.ts';
import type {PassReport} from './pass-report.ts';
import type {Reconciler} from './reconciler.ts';
import type {WakeUps} from './wake-ups.ts';

export interface WatchLoopOptions {
  readonly reconciler: Reconciler;
  readonly heartbeat: Heartbeat;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
  /** Between two passes without a reason; undefined when a schedule calls for them. */
  readonly intervalMs: number | undefined;
  readonly signal: AbortSignal;
  readonly rules: RuleWatch;
  random(): number;
  /** The loop is alive. */
  onSign(): void;
  onOutcome(outcome: Outcome): void;
  onPass(report: PassReport): void;
}

/** Looks at the rules between passes. */
export interface RuleWatch {
  /** When the next look is due. */
  dueAt(pass: PassReport): number;
  /** Resolves when the look is over, whatever came of it. */
  look(report: PassReport): Promise<void>;
}

/** Pass after pass until `signal` aborts. The pass that runs then ends with its requests in flight. */
export async function runWatchLoop({
  reconciler,
  heartbeat,
  wakeUps,
  clock,
  intervalMs,
  signal,
  rules,
  random,
  onSign,
  onOutcome,
  onPass,
}: WatchLoopOptions): Promise<void> {
  let failures = 0;
  let last: PassReport | undefined;
  wakeUps.add('start');
  let nextAt = Number.POSITIVE_INFINITY;
  while (!signal.aborted) {
    const reasons = await wakeUps.next(last ? Math.min(nextAt, rules.dueAt(last)) : nextAt, signal);
    if (signal.aborted) return;
    onSign();
    const isOnlyLook = last !== undefined && clock.now() < nextAt && [...reasons].every(reason => reason === 'retry');
    if (!isOnlyLook) {
      if (reasons.has('request')) reconciler.forgive();

      // Wait for the engine: without one there is nothing to compare with.
      await heartbeat.waitForEngine(signal);
      if (signal.aborted) return;

      // Close the difference.
      last = await reconciler.pass({
        mode: 'sync',
        signal,
        onOutcome(outcome) {
          onSign();
          onOutcome(outcome);
        },
      });
      onSign();
      onPass(last);

      // Choose the next moment.
      const now = clock.now();
      failures = last.problem === undefined ? 0 : failures + 1;
      nextAt = Math.min(
        intervalMs === undefined ? Number.POSITIVE_INFINITY : now + intervalMs,
        last.lookAgainAt ?? Number.POSITIVE_INFINITY,
        failures === 0 ? Number.POSITIVE_INFINITY : now + backOffMs(failures, random, {firstMs: 500, longestMs: 60_000}),
      );
    }

    // See how the rules do.
    if (last && clock.now() >= rules.dueAt(last) && !signal.aborted) await rules.look(last);
  }
}
