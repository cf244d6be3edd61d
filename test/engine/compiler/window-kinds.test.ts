import {describe, expect, it} from 'vitest';
import {CompiledRule, type CompiledRuleOptions} from '#test/support/compiled-rule.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/** 12:00:03.000 UTC. */
const start = Date.UTC(2024, 0, 1, 12, 0, 3);
const at = (second: number) => Date.UTC(2024, 0, 1, 12, 0) + second * 1000;

function startRule(sql: string, options: CompiledRuleOptions = {}): CompiledRule {
  return new CompiledRule(sql, {clock: new VirtualClock(start), ...options});
}

/** Pushes a row at each second named, then lets the clock go on to `until`. */
function play(rule: CompiledRule, rows: readonly (readonly [second: number, row: object])[], until: number): unknown[] {
  for (const [second, row] of rows) {
    rule.clock.advanceTo(at(second));
    rule.push(row);
  }
  rule.clock.advanceTo(at(until));
  return rule.take();
}

describe('a hopping window', () => {
  it('fires every hop, also without rows, with the bounds of its length', () => {
    const rule = startRule(
      'SELECT count(*) AS n, window_start() AS ws, window_end() AS we, window_trigger() AS wt FROM demo GROUP BY HOPPINGWINDOW(ss, 10, 5)',
    );
    expect(play(rule, [[4, {}]], 20)).toEqual([
      [{n: 1, ws: at(-5), we: at(5), wt: at(5)}],
      [{n: 1, ws: at(0), we: at(10), wt: at(10)}],
      [{ws: at(5), we: at(15), wt: at(15)}],
      [{ws: at(10), we: at(20), wt: at(20)}],
    ]);
  });

  it('gives rows, in their order, as one collection', () => {
    const rule = startRule('SELECT id FROM demo GROUP BY HOPPINGWINDOW(ss, 4, 2)');
    const rows = [3, 4, 5.5, 6].map(second => [second, {id: second}] as const);
    expect(play(rule, rows, 10)).toEqual([[{id: 3}], [{id: 3}, {id: 4}, {id: 5.5}], [{id: 4}, {id: 5.5}, {id: 6}], [{id: 6}]]);
  });

  it('fails for as long as a row that fails is in it', () => {
    const rule = startRule('SELECT sum(v + 1) AS s FROM demo GROUP BY HOPPINGWINDOW(ss, 4, 2)');
    const error = expect.stringContaining('invalid operation string(x) + int64(1)');
    expect(
      play(
        rule,
        [
          [3, {v: 1}],
          [5, {v: 'x'}],
          [7, {v: 2}],
        ],
        12,
      ),
    ).toEqual([[{s: 2}], error, error, [{s: 3}], [{}]]);
  });

  it('passes over hops that were missed, and goes on with those that were not', () => {
    const rule = startRule('SELECT collect(id) AS ids FROM demo GROUP BY HOPPINGWINDOW(ss, 10, 5)');
    rule.push({id: 1});
    rule.clock.jump(20_000);
    rule.push({id: 2});
    expect(rule.take()).toEqual([[{ids: [1]}]]);
    rule.clock.advanceTo(at(30));
    expect(rule.take()).toEqual([[{ids: [2]}], [{ids: [2]}]]);
  });

  it('begins anew when the clock was set back', () => {
    const rule = startRule('SELECT collect(id) AS ids, window_end() AS we FROM demo GROUP BY HOPPINGWINDOW(ss, 10, 5)');
    rule.push({id: 1});
    rule.clock.jump(-3_600_000);
    rule.push({id: 2});
    rule.clock.advance(2000);
    expect(rule.take()).toEqual([[{ids: [2], we: at(5) - 3_600_000}]]);
  });
});

describe('a sliding window', () => {
  it('fires at each row, both ends included', () => {
    const rule = startRule('SELECT collect(id) AS ids, window_start() AS ws, window_end() AS we FROM demo GROUP BY SLIDINGWINDOW(ss, 2)');
    const rows = [3, 4, 5, 6].map(second => [second, {id: second}] as const);
    expect(play(rule, rows, 60)).toEqual([
      [{ids: [3], ws: at(1), we: at(3)}],
      [{ids: [3, 4], ws: at(2), we: at(4)}],
      [{ids: [3, 4, 5], ws: at(3), we: at(5)}],
      [{ids: [4, 5, 6], ws: at(4), we: at(6)}],
    ]);
  });

  it('tests WHERE on its rows, so that rows that WHERE drops trigger too, and a window without any is silent', () => {
    const rule = startRule('SELECT collect(v) AS vs FROM demo WHERE v > 5 GROUP BY SLIDINGWINDOW(ss, 2)');
    expect(
      play(
        rule,
        [
          [3, {v: 1}],
          [4, {v: 6}],
          [5, {v: 2}],
          [9, {v: 3}],
        ],
        20,
      ),
    ).toEqual([[{vs: [6]}], [{vs: [6]}]]);
  });

  it('with a delay fires when it is over, without the rows of that moment', () => {
    const rule = startRule(
      'SELECT collect(id) AS ids, window_start() AS ws, window_end() AS we FROM demo GROUP BY SLIDINGWINDOW(ss, 2, 3) OVER (WHEN id = 5)',
    );
    const rows = [3, 4, 5, 6, 7.999].map(second => [second, {id: second}] as const);
    expect(play(rule, rows, 7.999)).toEqual([]);
    rule.clock.advanceTo(at(8));
    rule.push({id: 8});
    expect(rule.take()).toEqual([[{ids: [3, 4, 5, 6, 7.999], ws: at(3), we: at(8)}]]);
  });

  it('of version v2 leaves its start out and takes its end in', () => {
    const options = {options: {windowVersion: 'v2'}};
    const rows = [3, 4, 5, 6].map(second => [second, {id: second}] as const);
    expect(play(startRule('SELECT collect(id) AS ids FROM demo GROUP BY SLIDINGWINDOW(ss, 2)', options), rows, 60)).toEqual([
      [{ids: [3]}],
      [{ids: [3, 4]}],
      [{ids: [4, 5]}],
      [{ids: [5, 6]}],
    ]);
    const delayed = 'SELECT collect(id) AS ids FROM demo GROUP BY SLIDINGWINDOW(ss, 2, 1) OVER (WHEN id = 5)';
    expect(
      play(
        startRule(delayed, {...options, timestamp: 'ts'}),
        rows.map(([second, row]) => [second, {...row, ts: at(second)}]),
        60,
      ),
    ).toEqual([[{ids: [4, 5, 6]}]]);
  });

  it('of version v2 with a delay ends with the watermark that passes its end, however rows are batched', () => {
    const sql =
      'SELECT collect(id) AS ids, window_start() AS ws, window_end() AS we FROM demo GROUP BY SLIDINGWINDOW(ss, 1, 1) OVER (WHEN id < 6)';
    const rows = [3, 5.5, 6, 6.2, 11, 22].map(second => ({id: second, ts: at(second)}));
    const expected = [[{ids: [3, 5.5], ws: at(2), we: at(5.5)}], [{ids: [5.5, 6, 6.2, 11], ws: at(4.5), we: at(11)}]];
    const options = {options: {windowVersion: 'v2', lateToleranceMs: 0}, timestamp: 'ts'};
    expect(
      startRule(sql, options)
        .push(...rows)
        .take(),
    ).toEqual(expected);
    const single = startRule(sql, options);
    for (const row of rows) single.push(row);
    expect(single.take()).toEqual(expected);
  });

  it('sends two results with enableSendSlidingWindowTwice: before the trigger and after it', () => {
    const rule = startRule(
      'SELECT collect(id) AS ids, window_start() AS ws, window_end() AS we, window_trigger() AS wt FROM demo GROUP BY SLIDINGWINDOW(ss, 2, 3) OVER (WHEN id = 5)',
      {options: {enableSendSlidingWindowTwice: true}},
    );
    const rows = [3, 4, 5, 6, 7].map(second => [second, {id: second}] as const);
    expect(play(rule, rows, 7)).toEqual([[{ids: [4, 5], ws: at(3), we: at(5), wt: at(5)}]]);
    rule.clock.advanceTo(at(8));
    expect(rule.take()).toEqual([[{ids: [6, 7], ws: at(5), we: at(8), wt: at(5)}]]);
  });

  it('sends two results in event time too', () => {
    const rule = startRule('SELECT id FROM demo GROUP BY SLIDINGWINDOW(ss, 2, 3) OVER (WHEN id = 5)', {
      options: {enableSendSlidingWindowTwice: true},
      timestamp: 'ts',
    });
    rule.push(...[3, 4, 5, 6, 8, 9].map(id => ({id, ts: at(id)})));
    expect(rule.take()).toEqual([
      [{id: 4}, {id: 5}],
      [{id: 6}, {id: 8}],
    ]);
  });

  it('forgets what it holds when the clock was set back', () => {
    const rule = startRule('SELECT collect(id) AS ids FROM demo GROUP BY SLIDINGWINDOW(ss, 10)');
    rule.push({id: 1});
    rule.clock.jump(-5000);
    rule.push({id: 2});
    expect(rule.take()).toEqual([[{ids: [1]}], [{ids: [2]}]]);
  });
});

describe('a session window', () => {
  /** The sessions of the vectors in eKuiper's tests, as milliseconds after 2018-11-02T09:54:46 UTC. */
  const base = 1541152486000;
  const times = [13, 823, 1932, 2442, 3252, 4062, 4872, 5682, 6492, 7202, 8112];
  const sql = 'SELECT count(*) AS n, window_start() AS ws, window_end() AS we FROM demo GROUP BY SESSIONWINDOW(ss, 2, 1)';
  const sessions = [
    [13, 1823, 2],
    [1932, 4000, 3],
    [4000, 8000, 5],
    [8000, 9112, 1],
  ].map(([ws, we, n]) => [{n, ws: base + ws!, we: base + we!}]);

  it('ends after the timeout, and is cut at ticks', () => {
    const rule = startRule(sql, {clock: new VirtualClock(base)});
    for (const time of times) {
      rule.clock.advanceTo(base + time);
      rule.push({});
    }
    rule.clock.advance(60_000);
    expect(rule.take()).toEqual(sessions);
    expect(rule.clock.waiting).toBe(0);
  });

  it('does so in event time', () => {
    const rule = startRule(sql, {timestamp: 'ts'});
    rule.push(...[...times, 60_000].map(time => ({ts: base + time})));
    expect(rule.take()).toEqual(sessions);
  });

  it('is extended by a row that comes exactly the timeout later in event time, not by one later than that', () => {
    const rule = startRule('SELECT collect(ts) AS t FROM demo GROUP BY SESSIONWINDOW(ss, 30, 5)', {timestamp: 'ts'});
    rule.push(...[1000, 6000, 11001, 40_000].map(ts => ({ts})));
    expect(rule.take()).toEqual([[{t: [1000, 6000]}], [{t: [11001]}]]);
  });

  it('passes all ticks before a row', () => {
    const rule = startRule(
      'SELECT collect(ts) AS t, window_start() AS ws, window_end() AS we FROM demo GROUP BY SESSIONWINDOW(ss, 2, 10)',
      {
        timestamp: 'ts',
      },
    );
    rule.push(...[1000, 9000, 9500, 30_000].map(ts => ({ts})));
    expect(rule.take()).toEqual([[{t: [1000], ws: 1000, we: 4000}], [{t: [9000, 9500], ws: 4000, we: 12_000}]]);
  });

  it('is not extended by rows that WHERE drops, nor opened', () => {
    const rule = startRule('SELECT collect(v) AS vs FROM demo WHERE v > 0 GROUP BY SESSIONWINDOW(ss, 60, 2)');
    expect(
      play(
        rule,
        [
          [3, {v: 1}],
          [4, {v: -1}],
          [5.5, {v: 2}],
          [9, {v: -1}],
        ],
        30,
      ),
    ).toEqual([[{vs: [1]}], [{vs: [2]}]]);
  });

  it('is closed by a row behind its end although the timer is late', () => {
    const rule = startRule('SELECT collect(v) AS vs, window_end() AS we FROM demo GROUP BY SESSIONWINDOW(ss, 60, 2)');
    rule.push({v: 1});
    rule.clock.jump(5000);
    rule.push({v: 2});
    expect(rule.take()).toEqual([[{vs: [1], we: at(5)}]]);
  });
});

describe('a state window', () => {
  it('of one condition gives a closing row to the next window', () => {
    const rule = startRule('SELECT collect(v) AS vs, window_start() AS ws, window_end() AS we FROM demo GROUP BY STATEWINDOW(v > 5)');
    expect(
      play(
        rule,
        [
          [3, {v: 1}],
          [4, {v: 6}],
          [5, {v: 2}],
          [6, {v: 7}],
          [7, {v: 8}],
        ],
        30,
      ),
    ).toEqual([[{vs: [6, 2], ws: at(4), we: at(6)}], [{vs: [7], ws: at(6), we: at(7)}]]);
  });

  it('of two conditions does not test its first row for the end', () => {
    const rule = startRule('SELECT collect(v) AS vs FROM demo GROUP BY STATEWINDOW(v > 5, v > 3)');
    rule.push({v: 9}, {v: 1}, {v: 4}, {v: 2}, {v: 6}, {v: 7});
    expect(rule.take()).toEqual([[{vs: [9, 1, 4]}], [{vs: [6, 7]}]]);
  });

  it('counts a condition that fails or is null as false', () => {
    const rule = startRule('SELECT collect(id) AS ids FROM demo GROUP BY STATEWINDOW(v > 5, v < 3)');
    rule.push({id: 1, v: 'x'}, {id: 2}, {id: 3, v: 6}, {id: 4, v: 'x'}, {id: 5}, {id: 6, v: 1});
    expect(rule.take()).toEqual([[{ids: [3, 4, 5, 6]}]]);
  });

  it('keeps keys apart that would run together', () => {
    const rule = startRule('SELECT collect(id) AS ids FROM demo GROUP BY STATEWINDOW(v = 1, v = 2) OVER (PARTITION BY a, b)');
    rule.push(
      {id: 1, v: 1, a: 'x', b: 'yz'},
      {id: 2, v: 1, a: 'xy', b: 'z'},
      {id: 3, v: 2, a: 'xy', b: 'z'},
      {id: 4, v: 2, a: 'x', b: 'yz'},
    );
    expect(rule.take()).toEqual([[{ids: [2, 3]}], [{ids: [1, 4]}]]);
  });

  it('groups by the columns beside it', () => {
    const rule = startRule('SELECT line, count(*) AS n FROM demo GROUP BY line, STATEWINDOW(v > 10, v < 5)');
    rule.push({line: 'a', v: 11}, {line: 'b', v: 7}, {line: 'a', v: 4});
    expect(rule.take()).toEqual([
      [
        {line: 'a', n: 2},
        {line: 'b', n: 1},
      ],
    ]);
  });
});

describe('WHERE with an aggregate', () => {
  it('computes it over all rows of the window, also in processing time', () => {
    const rule = startRule('SELECT k, collect(v) AS vs FROM demo WHERE v > avg(v) AND count(*) > 2 GROUP BY k, TUMBLINGWINDOW(ss, 10)');
    rule.push({k: 'a', v: 1}, {k: 'b', v: 8}, {k: 'a', v: 9});
    rule.clock.advanceTo(at(10));
    rule.push({k: 'a', v: 1}, {k: 'a', v: 2});
    rule.clock.advanceTo(at(30));
    expect(rule.take()).toEqual([
      [
        {k: 'b', vs: [8]},
        {k: 'a', vs: [9]},
      ],
    ]);
  });

  it('costs the window when it fails', () => {
    const rule = startRule('SELECT v FROM demo WHERE v > sum(w) GROUP BY COUNTWINDOW(2)');
    rule.push({v: 1, w: 'x'}, {v: 2, w: 1}, {v: 5, w: 1}, {v: 1, w: 1});
    expect(rule.take()).toEqual([expect.stringMatching(/^run Where error: .*sum/), [{v: 5}]]);
  });
});

describe('the incremental plan', () => {
  const options = {options: {enableIncrementalWindow: true}};

  it('makes floats of sums and takes columns of the last row', () => {
    const typed = {...options, columns: '(id bigint, v bigint)'};
    const rule = startRule('SELECT id, avg(v) AS a, sum(v) AS s FROM demo GROUP BY COUNTWINDOW(2)', typed);
    rule.push({id: 1, v: 1}, {id: 2, v: 2});
    expect(rule.take()).toEqual([[{a: 1.5, id: 2, s: 3}]]);
  });

  it('passes over nulls', () => {
    const rule = startRule('SELECT sum(v) AS s FROM demo GROUP BY COUNTWINDOW(3)', options);
    rule.push({v: 1}, {v: 2}, {v: null});
    expect(rule.take()).toEqual([[{s: 3}]]);
  });

  it('tests each row by WHERE', () => {
    const rule = startRule('SELECT sum(v) AS s FROM demo WHERE v > 1 GROUP BY COUNTWINDOW(3)', options);
    rule.push({v: 5}, {v: 4}, {v: 1});
    expect(rule.take()).toEqual([[{s: 9}]]);
  });

  it('gives nothing for a window without rows', () => {
    const rule = startRule('SELECT count(*) AS n FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', options);
    expect(play(rule, [[12, {}]], 40)).toEqual([[{n: 1}]]);
  });

  it('lets a count window run in event time, which is refused otherwise', () => {
    const sql = 'SELECT collect(id) AS ids FROM demo GROUP BY COUNTWINDOW(2)';
    const rule = startRule(sql, {...options, timestamp: 'ts'});
    rule.push({id: 1, ts: 1}, {id: 2, ts: 3}, {id: 3, ts: 2}, {id: 4, ts: 4}, {id: 5, ts: 5});
    expect(rule.take()).toEqual([[{ids: [1, 2]}], [{ids: [4, 5]}]]);
    expect(() => startRule(sql, {timestamp: 'ts'})).toThrow('a count window cannot follow event time');
  });

  it('is not taken where an aggregate cannot follow it', () => {
    const rule = startRule('SELECT id, avg(v) AS a, stddev(v) AS d FROM demo GROUP BY COUNTWINDOW(2)', {
      ...options,
      columns: '(id bigint, v bigint)',
    });
    rule.push({id: 1, v: 1}, {id: 2, v: 2});
    expect(rule.take()).toEqual([[{a: 1, d: expect.any(Number), id: 1}]]);
  });
});

describe('event time', () => {
  it('orders rows of a rule without a window, and tests WHERE after it', () => {
    const rule = startRule('SELECT id, event_time() AS et FROM demo WHERE id != 3', {timestamp: 'ts', options: {lateToleranceMs: 5}});
    rule.push(...[20, 10, 30, 32, 32, 28, 40].map((ts, i) => ({id: i + 1, ts})));
    expect(rule.take()).toEqual([
      {et: 20, id: 1},
      {et: 28, id: 6},
      {et: 32, id: 4},
      {et: 32, id: 5},
    ]);
  });

  it('fires the windows of a gap one by one, but not those of a clock that was wrong', () => {
    const rule = startRule('SELECT count(*) AS n, window_end() AS we FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', {timestamp: 'ts'});
    rule.push({ts: 1000}, {ts: 31_000});
    expect(rule.take()).toEqual([[{n: 1, we: 10_000}], [{we: 20_000}], [{we: 30_000}]]);
    rule.push({ts: start}, {ts: at(10)});
    expect(rule.take()).toEqual([[{n: 1, we: 40_000}], [{n: 1, we: at(10)}]]);
  });

  it('keeps no timers', () => {
    const clock = new VirtualClock(start);
    for (const window of ['TUMBLINGWINDOW(ss, 10)', 'HOPPINGWINDOW(ss, 10, 5)', 'SLIDINGWINDOW(ss, 10, 5)', 'SESSIONWINDOW(ss, 10, 5)']) {
      startRule(`SELECT count(*) AS n FROM demo GROUP BY ${window}`, {timestamp: 'ts', clock}).push({ts: 5});
    }
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['(id bigint)', 'TIMESTAMP of stream "demo" is column "ts", which is not declared'],
    ['(id bigint, ts boolean)', 'TIMESTAMP of stream "demo" is column "ts" of type boolean, which holds no time'],
  ])('refuses a column that cannot hold a time: %s', (columns, message) => {
    expect(() => startRule('SELECT id FROM demo', {columns, timestamp: 'ts'})).toThrow(message);
  });

  it('refuses windows of version v2 that are not sliding', () => {
    expect(() => startRule('SELECT id FROM demo GROUP BY TUMBLINGWINDOW(ss, 10)', {options: {windowVersion: 'v2'}})).toThrow(
      'window version "v2" has no tumbling window',
    );
  });
});
