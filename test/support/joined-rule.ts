import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Pipeline} from '#engine/compiler/pipeline.ts';
import type {Find} from '#engine/operators/lookup-join.ts';
import type {Plan} from '#engine/planner/plan.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {type PlanSetting, planSql} from './planning.ts';
import {VirtualClock} from './virtual-clock.ts';

export interface JoinedRuleOptions extends PlanSetting {
  readonly clock?: VirtualClock;
  /** What a lookup table answers, by its name. */
  readonly lookups?: Readonly<Record<string, (keys: readonly string[]) => Find>>;
}

/** A rule over several sources that a test feeds by hand. */
export class JoinedRule {
  readonly plan: Plan;
  readonly pipeline: Pipeline;
  readonly clock: VirtualClock;
  /** What came out, in order: a row by itself, a collection as an array, an error as its message. */
  readonly output: unknown[] = [];

  constructor(sql: string, {clock = new VirtualClock(1000), lookups = {}, ...setting}: JoinedRuleOptions) {
    this.clock = clock;
    this.plan = planSql(sql, setting);
    this.pipeline = compilePlan(this.plan, {
      clock,
      ruleId: 'rule1',
      ruleStartMs: clock.now(),
      timeZone: 'UTC',
      lookup: (table, _fields, keys) => lookups[table]!(keys),
      output: {
        rows: rows => this.output.push(...rows),
        collection: rows => this.output.push(rows),
        error: error => this.output.push(error.message),
      },
    });
  }

  /** Rows of one stream or table, arriving now; of all of them where it is read twice. */
  push(stream: string, ...rows: readonly unknown[]): this {
    return this.pushWith(stream, undefined, ...rows);
  }

  pushWith(stream: string, metadata: Metadata | undefined, ...rows: readonly unknown[]): this {
    const now = this.clock.now();
    for (const input of this.pipeline.inputs) {
      if (input.stream === stream) input.push({rows: rows as Row[], metadata: rows.map(() => metadata), timestamps: rows.map(() => now)});
    }
    return this;
  }

  /** What came out since the last call. */
  take(): unknown[] {
    return this.output.splice(0);
  }
}
