import {describe, expect, it} from 'vitest';
import {BackOff} from '#engine/base/back-off.ts';

describe('a back-off', () => {
  it('doubles up to its longest pause and starts over', () => {
    const backOff = new BackOff(100, 1000, () => 0);
    expect(Array.from({length: 6}, () => backOff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
    backOff.reset();
    expect(backOff.next()).toBe(100);
  });

  it('shortens each pause by up to half at random', () => {
    const backOff = new BackOff(100, 1000, () => 0.999);
    expect([backOff.next(), backOff.next()]).toEqual([50, 100]);
    const random = new BackOff(1000, 1000);
    for (let i = 0; i < 100; i++) {
      const pause = random.next();
      expect(pause).toBeGreaterThanOrEqual(500);
      expect(pause).toBeLessThanOrEqual(1000);
    }
  });
});
