import fc from 'fast-check';
import {saved} from '#test/support/saved.ts';
import {CompiledRule, type CompiledRuleOptions} from './compiled-rule.ts';
import {VirtualClock} from './virtual-clock.ts';

/** A row and how long after the one before it comes, in ms. */
export interface FeedRow {
  readonly gapMs: number;
  readonly k: string;
  readonly v: number | null;
}

/** Rows whose gaps meet the boundaries of windows of seconds often. */
export const feeds: fc.Arbitrary<readonly FeedRow[]> = feedsOf(0, 40);

/** The same of a given length. */
export function feedsOf(minLength: number, maxLength: number): fc.Arbitrary<readonly FeedRow[]> {
  return fc.array(
    fc.record({
      gapMs: fc.oneof(fc.constantFrom(0, 0, 500, 1000, 2000, 3000), fc.integer({min: 0, max: 2500})),
      k: fc.constantFrom('a', 'b', 'c'),
      v: fc.oneof({weight: 6, arbitrary: fc.integer({min: -50, max: 50})}, {weight: 1, arbitrary: fc.constant(null)}),
    }),
    {minLength, maxLength},
  );
}

/** 12:00:03.000 UTC. */
export const feedStart = Date.UTC(2024, 0, 1, 12, 0, 3);

/** A fed row with its time. */
export interface TimedRow {
  readonly id: number;
  readonly at: number;
  readonly k: string;
  readonly v: number | null;
}

export function timed(feed: readonly FeedRow[]): readonly TimedRow[] {
  let at = feedStart;
  return feed.map(({gapMs, k, v}, id) => ({id, at: (at += gapMs), k, v}));
}

/** How rows are given to a rule. */
export interface FeedSetting extends CompiledRuleOptions {
  /** The rule is saved and a new one goes on from there before each of these rows. */
  readonly restartBefore?: readonly number[];
  /** Rows of one time come in one batch. */
  readonly batched?: boolean;
  /** How long the clock goes on after the last row, or by how much event time does. */
  readonly restMs?: number;
}

/** What a rule gives for rows that arrive at their times; in event time they arrive at once and carry them in column `ts`. */
export function runFeed(sql: string, rows: readonly TimedRow[], setting: FeedSetting = {}): unknown[] {
  const {restartBefore = [], batched = false, restMs = 20_000, ...options} = setting;
  const clock = new VirtualClock(feedStart);
  const start = (): CompiledRule => new CompiledRule(sql, {...options, clock});
  let rule = start();
  const output: unknown[] = [];
  const groups: TimedRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (batched && last !== undefined && last[0]!.at === row.at && !restartBefore.includes(row.id)) last.push(row);
    else groups.push([row]);
  }
  for (const group of groups) {
    const [{at, id}] = group as [TimedRow];
    if (options.timestamp === undefined) clock.advanceTo(at);
    if (restartBefore.includes(id)) {
      const state = saved(rule.pipeline.snapshot());
      output.push(...rule.take());
      rule.pipeline.close();
      rule = start();
      rule.pipeline.restore(state);
    }
    rule.push(...group.map(row => ({id: row.id, k: row.k, v: row.v, ts: row.at})));
  }
  if (options.timestamp === undefined) clock.advance(restMs);
  else if (rows.length > 0) rule.push({id: -1, k: 'end', v: 0, ts: rows.at(-1)!.at + restMs});
  output.push(...rule.take());
  rule.pipeline.close();
  return output.map(plain);
}

/** As it would be sent: ints of either form are numbers. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)));
}
