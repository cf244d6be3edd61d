import type {Clock} from '#engine/base/clock.ts';
import type {HealthReport, HealthWatch} from './health-watch.ts';
import type {PassReport} from './pass-report.ts';
import type {Reconciler} from './reconciler.ts';
import {isSteady, settleMs} from './rule-health.ts';
import type {TrialResult, Trials} from './trials.ts';
import type {RuleWatch} from './watch-loop.ts';

export interface RuleSupervisionOptions {
  readonly healthWatch: HealthWatch;
  readonly trials: Trials;
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  /** Between two looks at rules that all do well; while one does not they are at most `settleMs` apart. 0 for none. */
  readonly intervalMs: number;
  /** Undefined: the engine did not answer. */
  onLook(health: HealthReport | undefined, durationMs: number): void;
  onTrial(result: TrialResult): void;
  /** A version was taken back: the engine is to be brought back. */
  onRollback(): void;
}

/** A look that takes long, for thousands of rules or on a slow engine, is followed by this many times its duration without one … */
const restFactor = 50;
/** … but not by more than this. */
const longestRestMs = 120_000;
/** However soon a trial ends or changes follow each other, two looks are not closer than this. */
const shortestGapMs = 1000;

/** Looks at the rules after changes and when an interval or a trial is over, and has versions judged by what it saw. */
export function superviseRules({
  healthWatch,
  trials,
  reconciler,
  clock,
  intervalMs,
  onLook,
  onTrial,
  onRollback,
}: RuleSupervisionOptions): RuleWatch {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lookedAfter: PassReport | undefined;
  let lastedMs = 0;
  let isAllSteady = false;
  const gapMs = (hasChanges: boolean) => {
    if (hasChanges) return shortestGapMs;
    return isAllSteady ? intervalMs : Math.min(intervalMs, settleMs);
  };
  return {
    dueAt(pass: PassReport) {
      if (intervalMs === 0) return Number.POSITIVE_INFINITY;
      const trialAt = trials.nextEndAt() ?? Number.POSITIVE_INFINITY;
      const hasChanges = pass !== lookedAfter && pass.outcomes.some(({result}) => result === 'done');
      return Math.min(
        lookedAt + Math.max(gapMs(hasChanges), Math.min(restFactor * lastedMs, longestRestMs)),
        Math.max(trialAt, lookedAt + shortestGapMs),
      );
    },
    async look(pass: PassReport) {
      const startedAt = clock.now();
      lookedAt = startedAt;
      lookedAfter = pass;
      const health = pass.observation ? await healthWatch.look(pass, trials.rules()) : 'the engine could not be asked';
      lastedMs = clock.now() - startedAt;
      isAllSteady = typeof health !== 'string' && [...health.rules.values()].every(isSteady);
      if (typeof health === 'string') return onLook(undefined, lastedMs);
      onLook(health, lastedMs);
      const results = await reconciler.judge(health);
      for (const result of results) onTrial(result);
      if (results.some(({result}) => result === 'rolled back')) onRollback();
    },
  };
}
