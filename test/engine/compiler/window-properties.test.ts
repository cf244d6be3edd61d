import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {feedStart, feeds, feedsOf, runFeed, type TimedRow, timed} from '#test/support/window-feed.ts';

const windows = [
  'TUMBLINGWINDOW(ss, 4)',
  'HOPPINGWINDOW(ss, 6, 2)',
  'HOPPINGWINDOW(ss, 5, 3)',
  'HOPPINGWINDOW(ss, 2, 5)',
  'SLIDINGWINDOW(ss, 3)',
  'SLIDINGWINDOW(ss, 3, 2)',
  'SLIDINGWINDOW(ss, 4) OVER (WHEN v > 10)',
  'SLIDINGWINDOW(ss, 20) OVER (WHEN v > 40)',
  'SLIDINGWINDOW(ss, 5, 2) OVER (WHEN v > 30)',
  'SESSIONWINDOW(ss, 5, 1)',
  'STATEWINDOW(v > 20)',
  'STATEWINDOW(v > 20, v < 0) OVER (PARTITION BY k)',
];
const countWindows = ['COUNTWINDOW(4)', 'COUNTWINDOW(4, 2)', 'COUNTWINDOW(5, 3)', 'COUNTWINDOW(6, 1)'];
const untyped = {columns: '()'};
const typed = {columns: '(id bigint, k string, v bigint, ts bigint)'};
const eventTime = {...typed, timestamp: 'ts'};

interface Collected {
  readonly k?: string;
  readonly vs: readonly (number | null)[] | null;
}

/** The aggregates of collected values, as simply as can be. */
function naive({k, vs}: Collected): object {
  if (vs === null) return k === undefined ? {} : {k};
  const numbers = vs.filter(v => v !== null);
  const result = {
    ...(k !== undefined && {k}),
    n: vs.length,
    ...(numbers.length > 0 && {
      s: numbers.reduce((a, b) => a + b, 0),
      lo: Math.min(...numbers),
      hi: Math.max(...numbers),
      last: numbers.at(-1),
    }),
    c: numbers.length,
  };
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isOrdered = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const sorted = (output: readonly unknown[]): unknown[] => output.map(rows => (rows as object[]).toSorted(isOrdered));

describe('aggregates over windows', () => {
  const aggregates = 'count(*) AS n, count(v) AS c, sum(v) AS s, min(v) AS lo, max(v) AS hi, last_value(v, TRUE) AS last';
  const settings = [
    {name: 'processing time', setting: untyped, kinds: [...windows, ...countWindows]},
    {name: 'processing time, typed columns', setting: typed, kinds: [...windows, ...countWindows]},
    {name: 'event time', setting: eventTime, kinds: windows},
  ];
  for (const {name, setting, kinds} of settings) {
    it.each(kinds)(`equal those of the rows collected, in ${name}: %s`, window => {
      fc.assert(
        fc.property(feeds, feed => {
          const rows = timed(feed);
          for (const key of ['', 'k, ']) {
            const accumulated = runFeed(`SELECT ${key}${aggregates} FROM demo GROUP BY ${key}${window}`, rows, setting);
            const collected = runFeed(`SELECT ${key}collect(v) AS vs FROM demo GROUP BY ${key}${window}`, rows, setting);
            expect(sorted(accumulated)).toEqual(sorted(collected.map(groups => (groups as Collected[]).map(naive))));
          }
        }),
        {numRuns: 60},
      );
    });
  }
});

describe('sliding windows of hundreds of rows that fire at few', () => {
  const window = 'SLIDINGWINDOW(ss, 200) OVER (WHEN v > 44)';
  const aggregates = 'SELECT k, count(*) AS n, count(v) AS c, sum(v) AS s, min(v) AS lo, max(v) AS hi, last_value(v, TRUE) AS last';

  it('hold what their rows collected give, and go on when they were saved', () => {
    fc.assert(
      fc.property(feedsOf(250, 500), feed => {
        const rows = timed(feed);
        const accumulated = runFeed(`${aggregates} FROM demo GROUP BY k, ${window}`, rows, typed);
        const collected = runFeed(`SELECT k, collect(v) AS vs FROM demo GROUP BY k, ${window}`, rows, typed);
        expect(sorted(accumulated)).toEqual(sorted(collected.map(groups => (groups as Collected[]).map(naive))));
        const restartBefore = rows.filter((_, i) => i % 37 === 0).map(row => row.id);
        expect(runFeed(`${aggregates} FROM demo GROUP BY k, ${window}`, rows, {...typed, restartBefore})).toEqual(accumulated);
        expect(runFeed(`${aggregates} FROM demo GROUP BY k, ${window}`, rows, {...typed, batched: true})).toEqual(accumulated);
      }),
      {numRuns: 30},
    );
  });
});

describe('a saved window goes on as if nothing had happened', () => {
  const queries = [
    'SELECT id, v, window_start() AS ws, window_end() AS we FROM demo GROUP BY',
    'SELECT k, count(*) AS n, sum(v) AS s, window_start() AS ws FROM demo GROUP BY k,',
    'SELECT collect(v) AS vs FROM demo WHERE v > avg(v) GROUP BY',
  ];
  for (const [name, setting] of [
    ['processing time', typed],
    ['event time', eventTime],
  ] as const) {
    it.each(name === 'event time' ? windows : [...windows, ...countWindows])(`in ${name}: %s`, window => {
      fc.assert(
        fc.property(feeds, feed => {
          const rows = timed(feed);
          for (const query of queries) {
            const sql = `${query} ${window}`;
            const whole = runFeed(sql, rows, setting);
            expect(runFeed(sql, rows, {...setting, restartBefore: rows.map(row => row.id)})).toEqual(whole);
            expect(runFeed(sql, rows, {...setting, batched: true})).toEqual(whole);
          }
        }),
        {numRuns: 25},
      );
    });
  }
});

describe('windows equal what their definition says', () => {
  const ids = (list: readonly TimedRow[]): object[] => list.map(({id}) => ({id}));
  const between = (rows: readonly TimedRow[], from: number, to: number) => rows.filter(({at}) => at >= from && at < to);

  it('hopping: every hop, the rows of the last length', () => {
    fc.assert(
      fc.property(feeds, feed => {
        const rows = timed(feed);
        const end = (rows.at(-1)?.at ?? feedStart) + 20_000;
        const expected: object[][] = [];
        // 12:00:03 is aligned to 12:00:04.
        for (let at = feedStart + 1000; at <= end; at += 2000) expected.push(ids(between(rows, at - 6000, at)));
        expect(runFeed('SELECT id FROM demo GROUP BY HOPPINGWINDOW(ss, 6, 2)', rows)).toEqual(expected);
      }),
    );
  });

  it('sliding: at each row, those of the last length', () => {
    fc.assert(
      fc.property(feeds, feed => {
        const rows = timed(feed);
        const expected = rows.map((row, i) => ids(rows.slice(0, i + 1).filter(({at}) => at >= row.at - 3000)));
        expect(runFeed('SELECT id FROM demo GROUP BY SLIDINGWINDOW(ss, 3)', rows)).toEqual(expected);
      }),
    );
  });

  it('sliding in event time: rows of one time see each other', () => {
    fc.assert(
      fc.property(feeds, feed => {
        const rows = timed(feed);
        const sql = 'SELECT id FROM demo GROUP BY SLIDINGWINDOW(ss, 3, 1)';
        const expected = rows.map(({at}) => ids(between(rows, at - 3000, at + 1000)));
        expect(runFeed(sql, rows, {timestamp: 'ts'}).slice(0, rows.length)).toEqual(expected);
      }),
    );
  });

  it('session: rows that follow each other within the timeout, where no tick cuts', () => {
    fc.assert(
      fc.property(feeds, feed => {
        const rows = timed(feed);
        const expected: object[][] = [];
        rows.forEach((row, i) => {
          if (i === 0 || row.at - rows[i - 1]!.at > 1000) expected.push([]);
          expected.at(-1)!.push({id: row.id});
        });
        expect(runFeed('SELECT id FROM demo GROUP BY SESSIONWINDOW(ms, 900000, 1000)', rows, {timestamp: 'ts'})).toEqual(expected);
      }),
    );
  });

  it('count: every interval the last length', () => {
    fc.assert(
      fc.property(feeds, fc.integer({min: 1, max: 6}), fc.integer({min: 1, max: 6}), (feed, a, b) => {
        const rows = timed(feed);
        const [length, interval] = [Math.max(a, b), Math.min(a, b)];
        const expected: object[][] = [];
        for (let n = interval; n <= rows.length; n += interval) if (n >= length) expected.push(ids(rows.slice(n - length, n)));
        expect(runFeed(`SELECT id FROM demo GROUP BY COUNTWINDOW(${length}, ${interval})`, rows)).toEqual(expected);
      }),
    );
  });
});
