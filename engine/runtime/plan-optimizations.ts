import type {PlanOptions} from '#engine/planner/plan.ts';

/** The switches of the rule option `planOptimizeStrategy` that change results. Values of another type count as absent, as in eKuiper. */
export function planOptimizations(
  strategy: Readonly<Record<string, unknown>>,
): Pick<PlanOptions, 'enableIncrementalWindow' | 'windowVersion' | 'enableSendSlidingWindowTwice'> {
  const {windowOption} = strategy;
  const window = (typeof windowOption === 'object' && windowOption !== null ? windowOption : {}) as Record<string, unknown>;
  return {
    enableIncrementalWindow: strategy['enableIncrementalWindow'] === true,
    windowVersion: typeof window['windowVersion'] === 'string' ? window['windowVersion'] : undefined,
    enableSendSlidingWindowTwice: window['enableSendSlidingWindowTwice'] === true,
  };
}
