import type {Plan} from '../plan.ts';

/**
 * One improvement of a plan. It must not change any result, and neither turn an error of a row into a result nor a result into an error.
 */
export interface Rewrite {
  /** As in test/plans: a verb phrase. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly apply: (plan: Plan) => Plan;
}
