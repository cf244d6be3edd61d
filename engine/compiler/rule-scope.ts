import type {Clock} from '#engine/base/clock.ts';
import type {Hits, Scope} from '#engine/functions/function.ts';
import type {Metadata} from '#engine/values/value.ts';

/** The scope of one rule: generated code sets its fields before functions read them. */
export class RuleScope implements Scope {
  readonly ruleId: string;
  readonly ruleStartMs: number;
  readonly timeZone: string;
  metadata: Metadata | undefined = undefined;
  timestamp = 0;
  windowStart: number | null = null;
  windowEnd: number | null = null;
  windowTrigger: number | null = null;
  readonly hits: Hits = {count: 0, atMs: 0};
  readonly aggregateHits: Hits = {count: 0, atMs: 0};
  readonly #clock: Clock;

  constructor(rule: {readonly clock: Clock; readonly ruleId: string; readonly ruleStartMs: number; readonly timeZone: string}) {
    this.ruleId = rule.ruleId;
    this.ruleStartMs = rule.ruleStartMs;
    this.timeZone = rule.timeZone;
    this.#clock = rule.clock;
  }

  now(): number {
    return this.#clock.now();
  }
}
