import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {TwoStacks} from '#engine/operators/two-stacks.ts';

describe('two stacks', () => {
  it('hold the merged values of a queue in their order', () => {
    const value = fc.string({maxLength: 2});
    const steps = fc.array(
      fc.oneof({weight: 3, arbitrary: value}, {weight: 2, arbitrary: fc.constant(null)}, {weight: 1, arbitrary: fc.record({first: value})}),
    );
    fc.assert(
      fc.property(steps, taken => {
        const stacks = new TwoStacks<string>((a, b) => a + b);
        const queue: string[] = [];
        for (const step of taken) {
          if (typeof step === 'string') {
            stacks.push(step);
            queue.push(step);
          } else if (step !== null) {
            stacks.unshift(step.first);
            queue.unshift(step.first);
          } else if (queue.length > 0) {
            stacks.shift();
            queue.shift();
          }
          expect(stacks.isEmpty).toBe(queue.length === 0);
          expect(stacks.total).toBe(queue.length === 0 ? undefined : queue.join(''));
          const copy = new TwoStacks<string>((a, b) => a + b);
          copy.restore(stacks.snapshot());
          expect(copy.total).toBe(stacks.total);
        }
      }),
    );
  });

  it('merge a constant number of times for each value, however long the queue is', () => {
    for (const length of [10, 10_000]) {
      let merges = 0;
      const stacks = new TwoStacks<number>((a, b) => {
        merges++;
        return a + b;
      });
      for (let i = 0; i < 30_000; i++) {
        stacks.push(1);
        if (i >= length) stacks.shift();
        expect(stacks.total).toBe(Math.min(i + 1, length));
      }
      expect(merges / 30_000).toBeLessThan(3.01);
    }
  });
});
