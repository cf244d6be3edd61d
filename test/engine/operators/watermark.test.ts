import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {NodeMetrics} from '#engine/compiler/pipeline.ts';
import type {Batch} from '#engine/operators/operator.ts';
import {rowTime} from '#engine/operators/row-time.ts';
import {Watermark} from '#engine/operators/watermark.ts';
import {dateTime} from '#engine/values/date-time.ts';
import type {Row} from '#engine/values/value.ts';
import {saved} from '#test/support/saved.ts';

/** Rows and watermarks as they come out: a row as `stream:time`, a watermark as `|time`. */
function startWatermark(lateToleranceMs: number, streams = 1) {
  const out: string[] = [];
  const errors: string[] = [];
  const counters = new NodeMetrics();
  const watermark = new Watermark({
    inputs: Array.from({length: streams}, (_, stream) => ({
      timeOf: rowTime('ts', undefined, 'UTC'),
      emit: ({rows, timestamps}: Batch) => rows.forEach((row, i) => void out.push(`${row['id'] ?? stream}:${timestamps[i]}`)),
    })),
    lateToleranceMs,
    counters,
    fail: error => void errors.push(error.message),
    listener: {advance: at => void out.push(`|${at}`)},
  });
  const push = (input: number, ...rows: readonly object[]) =>
    watermark.push({input, batch: {rows: rows as Row[], metadata: rows.map(() => undefined), timestamps: rows.map(() => 0)}});
  return {out, errors, counters, watermark, push, rows: () => out.filter(item => !item.startsWith('|'))};
}

describe('the watermark', () => {
  it('lets rows go on in the order of their time, and drops those that are late', () => {
    const {push, rows} = startWatermark(5);
    for (const ts of [20, 10, 30, 32, 32, 28, 40]) push(0, {id: ts, ts});
    expect(rows()).toEqual(['20:20', '28:28', '30:30', '32:32', '32:32']);
  });

  it('counts rows that are late, with the reason', () => {
    const {push, counters, errors} = startWatermark(1000);
    push(0, {ts: 5000}, {ts: 4000}, {ts: 3999});
    expect(counters).toMatchObject({recordsIn: 3, recordsOut: 0, exceptions: 1});
    expect(counters.lastException).toBe('row of 1970-01-01T00:00:03.999Z is late: the watermark is at 1970-01-01T00:00:04.000Z');
    expect(errors).toEqual([]);
  });

  it('keeps a row at the watermark, which goes on when the watermark moves', () => {
    const {push, out} = startWatermark(0);
    push(0, {id: 'a', ts: 5});
    push(0, {id: 'b', ts: 5});
    expect(out).toEqual(['a:5', '|5']);
    push(0, {id: 'c', ts: 4}, {id: 'd', ts: 6});
    expect(out.slice(2)).toEqual(['|5', 'b:5', 'd:6', '|6']);
  });

  it('is the smallest over the streams, and waits until each has had a row', () => {
    const {push, out} = startWatermark(0, 2);
    push(0, {ts: 10}, {ts: 20});
    expect(out).toEqual([]);
    push(1, {ts: 15});
    expect(out).toEqual(['0:10', '1:15', '|15']);
    push(1, {ts: 18});
    push(0, {ts: 17}, {ts: 19});
    expect(out.slice(3)).toEqual(['1:18', '|18']);
    push(1, {ts: 30});
    expect(out.slice(5)).toEqual(['0:19', '0:20', '|20']);
  });

  it('does not depend on how rows were batched, nor on a restart between them', () => {
    const times = fc.array(fc.nat(30), {maxLength: 30});
    fc.assert(
      fc.property(times, fc.nat(6), fc.nat(30), (list, tolerance, cut) => {
        const rows = list.map((ts, id) => ({id, ts}));
        const whole = startWatermark(tolerance);
        whole.push(0, ...rows);
        const single = startWatermark(tolerance);
        const restored = startWatermark(tolerance);
        rows.forEach((row, i) => {
          (i < cut ? single : restored).push(0, row);
          if (i === cut - 1) restored.watermark.restore(saved(single.watermark.snapshot()!));
        });
        expect([...single.rows(), ...restored.rows()]).toEqual(whole.rows());
        // A row comes out before its watermark and after every earlier one.
        for (const {out} of [whole, single]) {
          let reached = Number.NEGATIVE_INFINITY;
          for (const item of out) {
            const at = Number(item.split(/[:|]/)[1]);
            if (item.startsWith('|')) reached = at;
            else expect(at).toBeGreaterThanOrEqual(reached);
          }
        }
      }),
    );
  });

  it('costs a row without a time itself alone', () => {
    const {push, rows, errors} = startWatermark(0);
    push(0, {id: 1, ts: 1}, {id: 2}, {id: 3, ts: 'x'}, {id: 4, ts: true}, {id: 5, ts: 9e15}, {id: 6, ts: 2});
    expect(rows()).toEqual(['1:1', '6:2']);
    expect(errors).toEqual([
      'cannot find timestamp field ts in tuple',
      'cannot convert timestamp field ts to timestamp with error cannot parse "x"',
      'cannot convert timestamp field ts to timestamp with error unsupported type to convert to timestamp bool(true)',
      'cannot convert timestamp field ts to timestamp with error 9000000000000000 is no time',
    ]);
  });
});

describe('the time of a row', () => {
  it.each<[string, unknown, string | undefined, number]>([
    ['an int', 1500, undefined, 1500],
    ['a big int', 1500n, undefined, 1500],
    ['a float', 2500.9, undefined, 2500],
    ['a datetime', dateTime(1500, 'UTC'), undefined, 1500],
    ['a text with an offset', '2024-03-05T12:00:06+02:00', undefined, Date.UTC(2024, 2, 5, 10, 0, 6)],
    ['a text in the zone', '2024-03-05 12:00:06', undefined, Date.UTC(2024, 2, 5, 4, 0, 6)],
    ['a text of a pattern', '05.03.2024 12:00', 'dd.MM.yyyy HH:mm', Date.UTC(2024, 2, 5, 4, 0)],
  ])('is read of %s', (_, ts, format, time) => {
    expect(rowTime('ts', format, 'Asia/Shanghai')({ts} as Row)).toBe(time);
  });

  it('is no inherited member', () => {
    expect(() => rowTime('constructor', undefined, 'UTC')({})).toThrow('cannot find timestamp field');
  });
});
