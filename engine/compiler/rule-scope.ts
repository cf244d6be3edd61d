import type {Hits, KeyedState, Scope} from '#engine/functions/function.ts';
import type {Metadata} from '#engine/values/value.ts';
import type {PipelineEnvironment} from './pipeline.ts';

/** The scope of one rule: generated code sets its fields before functions read them. */
export class RuleScope implements Scope {
  readonly ruleId: string;
  readonly ruleStartMs: number;
  readonly timeZone: string;
  readonly keyedState: KeyedState | undefined;
  metadata: Metadata | undefined = undefined;
  timestamp = 0;
  windowStart: number | null = null;
  windowEnd: number | null = null;
  windowTrigger: number | null = null;
  readonly hits: Hits = {count: 0, atMs: 0};
  readonly aggregateHits: Hits = {count: 0, atMs: 0};
  readonly #clock: PipelineEnvironment['clock'];

  constructor(rule: Pick<PipelineEnvironment, 'clock' | 'ruleId' | 'ruleStartMs' | 'timeZone' | 'keyedState'>) {
    this.ruleId = rule.ruleId;
    this.ruleStartMs = rule.ruleStartMs;
    this.timeZone = rule.timeZone;
    this.keyedState = rule.keyedState;
    this.#clock = rule.clock;
  }

  now(): number {
    return this.#clock.now();
  }
}
