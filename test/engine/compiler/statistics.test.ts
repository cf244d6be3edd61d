import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Row} from '#engine/values/value.ts';
import {feeds, runFeed, timed} from '#test/support/window-feed.ts';

const windows = [
  'TUMBLINGWINDOW(ss, 4)',
  'HOPPINGWINDOW(ss, 6, 2)',
  'SLIDINGWINDOW(ss, 3)',
  'SLIDINGWINDOW(ss, 3, 2)',
  'SESSIONWINDOW(ss, 5, 1)',
  'STATEWINDOW(v > 20)',
  'COUNTWINDOW(6, 1)',
];
const settings = [{columns: '()'}, {columns: '(id bigint, k string, v bigint, ts bigint)'}] as const;

interface Statistics {
  readonly middle?: number;
  readonly rank?: number;
  readonly spread?: number;
  readonly sample?: number;
  readonly distinct?: readonly Row[];
  readonly fresh?: Row;
}

const aggregates =
  'median(v) AS middle, percentile_disc(v, 0.75) AS rank, var(v) AS spread, vars(v) AS sample, deduplicate(v, true) AS distinct, deduplicate(v, false) AS fresh';

/** The aggregates of collected rows, as their definitions say. */
function naive(rows: readonly Row[]): Statistics {
  const numbers = rows.map(row => row['v']).filter(v => typeof v === 'number' || typeof v === 'bigint');
  const list = numbers.map(Number).sort((a, b) => a - b);
  const count = list.length;
  const mean = list.reduce((a, b) => a + b, 0) / count;
  const squares = list.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const isFirst = (row: Row, at: number) => rows.findIndex(other => String(other['v']) === String(row['v'])) === at;
  const last = rows.at(-1)!;
  return {
    ...(count > 0 && {
      middle: count % 2 === 1 ? list[count >> 1]! : (list[count / 2 - 1]! + list[count / 2]!) / 2,
      rank: list[Math.max(0, Math.ceil(0.75 * count) - 1)]!,
      spread: squares / count,
    }),
    ...(count > 1 && {sample: squares / (count - 1)}),
    distinct: rows.filter(isFirst),
    ...(isFirst(last, rows.length - 1) && {fresh: last}),
  };
}

function expectStatistics(actual: Statistics, expected: Statistics): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const name of ['middle', 'rank', 'spread', 'sample'] as const)
    if (expected[name] !== undefined) expect(Number(actual[name])).toBeCloseTo(expected[name], 9);
  expect(actual.distinct).toEqual(expected.distinct);
  expect(actual.fresh).toEqual(expected.fresh);
}

describe('statistics over windows equal those of the rows collected', () => {
  it.each(windows)('%s', window => {
    fc.assert(
      fc.property(feeds, fc.constantFrom(...settings), fc.boolean(), (feed, setting, restarts) => {
        const rows = timed(feed);
        const how = {...setting, ...(restarts && {restartBefore: rows.map(row => row.id)})};
        const actual = runFeed(`SELECT ${aggregates} FROM demo GROUP BY ${window}`, rows, how) as Statistics[][];
        const collected = runFeed(`SELECT collect(*) AS rows FROM demo GROUP BY ${window}`, rows, setting) as {rows: Row[] | null}[][];
        expect(actual.length).toBe(collected.length);
        for (const [i, [group]] of collected.entries()) {
          if (group === undefined || group.rows === null) expect(actual[i]).toEqual(group === undefined ? [] : [{}]);
          else expectStatistics(actual[i]![0]!, naive(group.rows));
        }
      }),
      {numRuns: 60},
    );
  });
});
