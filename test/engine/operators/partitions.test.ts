import {describe, expect, it} from 'vitest';
import {Partitions} from '#engine/operators/partitions.ts';
import {saved} from '#test/support/saved.ts';

const touch = (partitions: Partitions, key: string): number => {
  const states = partitions.at(key);
  states[0] = (states[0] as number) + 1;
  return states[0] as number;
};

describe('partitions', () => {
  it('forget a key only after as many other keys as their capacity', () => {
    const partitions = new Partitions(() => [0], 4);
    touch(partitions, 'kept');
    touch(partitions, 'idle');
    for (let i = 0; i < 3; i++) touch(partitions, `other${i}`);
    expect(touch(partitions, 'idle')).toBe(2);
    for (let i = 0; i < 40; i++) {
      touch(partitions, `more${i}`);
      touch(partitions, 'kept');
    }
    expect(touch(partitions, 'kept')).toBe(42);
    expect(touch(partitions, 'idle')).toBe(1);
  });

  it('hold at most twice their capacity', () => {
    const partitions = new Partitions(() => [0], 8);
    for (let i = 0; i < 1000; i++) touch(partitions, `${i % 100}`);
    const {old, recent} = partitions.snapshot();
    expect(old.size + recent.size).toBeLessThanOrEqual(16);
  });

  it('are restored as copies', () => {
    const partitions = new Partitions(() => [{count: 0}]);
    (partitions.at('a')[0] as {count: number}).count = 3;
    const copy = new Partitions(() => [{count: 0}]);
    copy.restore(saved(partitions.snapshot()));
    (partitions.at('a')[0] as {count: number}).count = 4;
    expect(copy.at('a')).toEqual([{count: 3}]);
    expect(copy.at('b')).toEqual([{count: 0}]);
  });
});
