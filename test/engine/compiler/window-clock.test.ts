import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Timer} from '#engine/base/clock.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/** 12:00:03.000 UTC. */
const start = Date.UTC(2024, 0, 1, 12, 0, 3);

/** A clock as a machine has it: setting it changes what it shows, not how long a timer has yet to wait. */
class MachineClock extends VirtualClock {
  #offsetMs = 0;

  override now(): number {
    return super.now() + this.#offsetMs;
  }

  override at(atEpochMs: number, task: () => void): Timer {
    return super.at(atEpochMs - this.#offsetMs, task);
  }

  override jump(ms: number): void {
    this.#offsetMs += ms;
  }
}

/** A row, time that passes, or a clock that somebody sets. */
const events = fc.array(
  fc.oneof(
    fc.record({kind: fc.constant('row' as const)}),
    fc.record({kind: fc.constant('pass' as const), ms: fc.integer({min: 1, max: 8000})}),
    fc.record({
      kind: fc.constant('jump' as const),
      ms: fc.oneof(fc.integer({min: -20_000, max: 20_000}), fc.integer({min: -4e9, max: 4e9})),
    }),
  ),
  {maxLength: 40},
);

/** The ids of each firing. */
function run(sql: string, list: readonly ({readonly kind: 'row'} | {readonly kind: 'pass' | 'jump'; readonly ms: number})[]): number[][] {
  const clock = new MachineClock(start);
  const rule = new CompiledRule(sql, {clock});
  let id = 0;
  for (const event of list) {
    if (event.kind === 'row') rule.push({id: id++});
    else if (event.kind === 'pass') clock.advance(event.ms);
    else clock.jump(event.ms);
  }
  clock.advance(60_000);
  rule.pipeline.close();
  expect(clock.waiting).toBe(0);
  return (rule.take() as {id: number}[][]).map(rows => rows.map(row => row.id));
}

describe('a clock that somebody sets', () => {
  it.each(['TUMBLINGWINDOW(ss, 4)', 'SESSIONWINDOW(ss, 6, 2)'])('loses no row and doubles none: %s', window => {
    fc.assert(
      fc.property(events, list => {
        const rows = list.filter(event => event.kind === 'row').length;
        const fired = run(`SELECT id FROM demo GROUP BY ${window}`, list).flat();
        expect(fired).toEqual(Array.from({length: rows}, (_, id) => id));
      }),
    );
  });

  it.each([
    'HOPPINGWINDOW(ss, 6, 2)',
    'SLIDINGWINDOW(ss, 4)',
    'SLIDINGWINDOW(ss, 4, 2)',
  ])('leaves windows of rows in their order: %s', window => {
    fc.assert(
      fc.property(events, list => {
        const firings = run(`SELECT id FROM demo GROUP BY ${window}`, list);
        for (const ids of firings) expect(ids).toEqual(ids.toSorted((a, b) => a - b));
        if (window === 'SLIDINGWINDOW(ss, 4)') expect(firings.map(ids => ids.at(-1))).toEqual(firings.map((_, id) => id));
      }),
    );
  });
});

describe('windows that end at the same moments', () => {
  it('share one timer, however many rules there are', () => {
    const clock = new VirtualClock(start);
    const rules = Array.from({length: 300}, (_, i) => {
      const window = ['TUMBLINGWINDOW(ss, 5)', 'HOPPINGWINDOW(ss, 20, 5)', 'HOPPINGWINDOW(ss, 5, 5)'][i % 3];
      return new CompiledRule(`SELECT count(*) AS n FROM demo GROUP BY ${window}`, {clock});
    });
    expect(clock.waiting).toBe(1);
    clock.advance(10_000);
    for (const rule of rules) expect(rule.take()).toEqual([[{}], [{}]]);
    for (const rule of rules) rule.pipeline.close();
    expect(clock.waiting).toBe(0);
  });

  it('are not asked for while a session is closed', () => {
    const clock = new VirtualClock(start);
    const rule = new CompiledRule('SELECT count(*) AS n FROM demo GROUP BY SESSIONWINDOW(ss, 5, 1)', {clock});
    expect(clock.waiting).toBe(0);
    rule.push({});
    expect(clock.waiting).toBe(1);
    clock.advance(2000);
    expect(clock.waiting).toBe(0);
    expect(rule.take()).toEqual([[{n: 1}]]);
  });
});
