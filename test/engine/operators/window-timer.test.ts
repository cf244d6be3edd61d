import {expect, it} from 'vitest';
import {everyWindowEnd} from '#engine/operators/window-timer.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

function listen(clock: VirtualClock, firstEnd: number, lengthMs: number) {
  const seen: number[] = [];
  const timer = everyWindowEnd(clock, firstEnd, lengthMs, nominal => seen.push(nominal));
  return {seen, timer};
}

it('ticks at the first end and then at fixed steps', () => {
  const clock = new VirtualClock(100);
  const {seen} = listen(clock, 1000, 500);
  clock.advanceTo(2100);
  expect(seen).toEqual([1000, 1500, 2000]);
});

it('has one timer for all that end at the same moments', () => {
  const clock = new VirtualClock(0);
  const windows = Array.from({length: 1000}, (_, i) => listen(clock, 1000 + (i % 2) * 3000, 1000));
  expect(clock.waiting).toBe(1);
  listen(clock, 1500, 1000);
  expect(clock.waiting).toBe(2);
  clock.advanceTo(1000);
  expect(windows.every(({seen}) => seen.length === 1)).toBe(true);
  for (const {timer} of windows) timer.cancel();
  expect(clock.waiting).toBe(1);
  clock.advanceTo(5000);
  expect(windows.every(({seen}) => seen.length === 1)).toBe(true);
});

it('passes over moments missed, telling once and late', () => {
  const clock = new VirtualClock(0);
  const {seen} = listen(clock, 1000, 1000);
  clock.jump(4500);
  clock.advance(0);
  expect(seen).toEqual([1000]);
  clock.advanceTo(6000);
  expect(seen).toEqual([1000, 5000, 6000]);
});

it('stops when a tick cancels it', () => {
  const clock = new VirtualClock(0);
  let ticks = 0;
  const timer = everyWindowEnd(clock, 10, 10, () => {
    ticks++;
    timer.cancel();
  });
  clock.advanceTo(100);
  expect(ticks).toBe(1);
  expect(clock.waiting).toBe(0);
});
