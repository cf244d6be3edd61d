import {describe, expect, it} from 'vitest';
import type {HealthReport, HealthWatch} from '#runner/reconcile/health-watch.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {Reconciler} from '#runner/reconcile/reconciler.ts';
import {type RuleHealth, well} from '#runner/reconcile/rule-health.ts';
import {superviseRules} from '#runner/reconcile/rule-supervision.ts';
import type {Trials} from '#runner/reconcile/trials.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const quiet = {observation: {}, outcomes: []} as unknown as PassReport;
const changing = {observation: {}, outcomes: [{result: 'done'}]} as unknown as PassReport;
const ailing: RuleHealth = {...well, reasons: [{code: 'sink', subject: 'sink mqtt', text: 'gone', since: 0}]};

/** A supervision whose looks find `health`, and the clock it runs by. */
function supervised(health: RuleHealth, intervalMs: number) {
  const clock = new VirtualClock();
  const report: HealthReport = {at: 0, rules: new Map([['hot', health]]), asked: new Set()};
  const watch = superviseRules({
    healthWatch: {look: async () => report} as unknown as HealthWatch,
    trials: {nextEndAt: () => undefined, rules: () => new Set()} as unknown as Trials,
    reconciler: {judge: async () => []} as unknown as Reconciler,
    clock,
    intervalMs,
    onLook() {},
    onTrial() {},
    onRollback() {},
  });
  return {watch, clock};
}

describe('the next look at the rules', () => {
  it.each([
    {name: 'an interval later when all are well', health: well, intervalMs: 30_000, pass: quiet, afterMs: 30_000},
    {name: 'sooner when one is not', health: ailing, intervalMs: 30_000, pass: quiet, afterMs: 10_000},
    {name: 'an interval later all the same when that is shorter', health: ailing, intervalMs: 2000, pass: quiet, afterMs: 2000},
    {name: 'a second later when a pass has changed something', health: well, intervalMs: 30_000, pass: changing, afterMs: 1000},
    {name: 'never without an interval', health: well, intervalMs: 0, pass: changing, afterMs: Number.POSITIVE_INFINITY},
  ])('is due $name', async ({health, intervalMs, pass, afterMs}) => {
    const {watch, clock} = supervised(health, intervalMs);
    await watch.look(quiet);
    expect(watch.dueAt(pass) - clock.now()).toBe(afterMs);
  });

  it('is due at once before the first, and changes count once', async () => {
    const {watch, clock} = supervised(well, 30_000);
    expect(watch.dueAt(changing)).toBeLessThanOrEqual(clock.now());
    await watch.look(changing);
    expect(watch.dueAt(changing) - clock.now()).toBe(30_000);
  });
});
