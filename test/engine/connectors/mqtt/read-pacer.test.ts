import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {ReadPacer} from '#engine/connectors/mqtt/read-pacer.ts';

let calls: string[];
let pacer: ReadPacer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1000);
  calls = [];
  pacer = new ReadPacer({resume: () => void calls.push('resume'), nudge: () => void calls.push('nudge')});
});
afterEach(() => {
  pacer.stop();
  vi.useRealTimers();
});

/** Reads of `messages` each, a millisecond apart while reading on; returns how often reading on was refused. */
function readFor(ms: number, messages: number): number {
  let refusals = 0;
  for (let passed = 0; passed < ms; ) {
    if (pacer.mayReadOn(messages * 100, messages)) {
      vi.advanceTimersByTime(1);
      passed += 1;
    } else {
      refusals++;
      vi.advanceTimersByTime(2);
      passed += 2;
    }
  }
  return refusals;
}

describe('the read pacer', () => {
  it('delays nothing at low rates', () => {
    expect(readFor(200, 2)).toBe(0);
    expect(calls).toEqual([]);
  });

  it('pauses two milliseconds after a small read at high rates, and stops when they end', () => {
    expect(readFor(400, 10)).toBeGreaterThan(150);
    expect(new Set(calls)).toEqual(new Set(['resume']));
    readFor(100, 1);
    calls.length = 0;
    expect(readFor(200, 1)).toBe(0);
  });

  it('reads on after a large read', () => {
    readFor(100, 20);
    expect(pacer.mayReadOn(64 * 1024, 600)).toBe(true);
  });

  it('nudges once a broker has kept messages back', () => {
    readFor(100, 20);
    expect(pacer.mayReadOn(1000, 20)).toBe(false);
    vi.advanceTimersByTime(40);
    calls.length = 0;
    readFor(20, 150);
    expect(calls.slice(0, 4)).toEqual(['nudge', 'resume', 'nudge', 'resume']);
  });

  it('leaves no timer behind', () => {
    readFor(100, 20);
    pacer.mayReadOn(100, 1);
    pacer.stop();
    calls.length = 0;
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
