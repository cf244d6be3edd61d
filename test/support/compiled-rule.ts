import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Pipeline} from '#engine/compiler/pipeline.ts';
import type {Plan} from '#engine/planner/plan.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {type PlanSetting, planSql} from './planning.ts';
import {VirtualClock} from './virtual-clock.ts';

export interface CompiledRuleOptions {
  /** Columns of stream `demo`; schemaless by default. */
  readonly columns?: string;
  readonly options?: PlanSetting['options'];
  /** Event time by this column. */
  readonly timestamp?: string;
  readonly clock?: VirtualClock;
  readonly hiddenColumns?: readonly string[];
  readonly timeZone?: string;
}

/** A rule over stream `demo` that a test feeds by hand, without sources and sinks. */
export class CompiledRule {
  readonly plan: Plan;
  readonly pipeline: Pipeline;
  readonly clock: VirtualClock;
  /** What came out, in order: a row by itself, a collection as an array, an error as its message. */
  readonly output: unknown[] = [];

  constructor(
    sql: string,
    {columns = '()', options, timestamp, clock = new VirtualClock(1000), hiddenColumns, timeZone = 'UTC'}: CompiledRuleOptions = {},
  ) {
    this.clock = clock;
    this.plan = planSql(sql, {
      streams: {demo: columns},
      options: timestamp === undefined ? options : {isEventTime: true, lateToleranceMs: 0, ...options},
      ...(timestamp !== undefined && {with: {demo: {TIMESTAMP: timestamp}}}),
    });
    this.pipeline = compilePlan(this.plan, {
      clock,
      ruleId: 'rule1',
      ruleStartMs: clock.now(),
      timeZone,
      output: {
        rows: rows => this.output.push(...rows),
        collection: rows => this.output.push(rows),
        error: error => this.output.push(error.message),
      },
      ...(hiddenColumns && {hiddenColumns: () => hiddenColumns}),
    });
  }

  /** Rows of one batch, arriving now. */
  push(...rows: readonly unknown[]): this {
    return this.pushWith(undefined, ...rows);
  }

  pushWith(metadata: Metadata | undefined, ...rows: readonly unknown[]): this {
    const now = this.clock.now();
    this.pipeline.inputs[0]!.push({rows: rows as Row[], metadata: rows.map(() => metadata), timestamps: rows.map(() => now)});
    return this;
  }

  /** What came out since the last call. */
  take(): unknown[] {
    return this.output.splice(0);
  }

  metrics(name: string) {
    return this.pipeline.operators.find(node => node.name === name)!.metrics;
  }
}
