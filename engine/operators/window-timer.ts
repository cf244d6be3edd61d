import type {Clock, Timer, Timestamp} from '#engine/base/clock.ts';

/** Called at each multiple: its nominal time, and what the clock shows. */
export type Tick = (nominal: Timestamp, now: Timestamp) => void;

/** One timer for all windows that end at the same moments. */
interface Beat {
  readonly lengthMs: number;
  next: Timestamp;
  timer: Timer;
  readonly ticks: Set<Tick>;
}

const beatsByClock = new WeakMap<Clock, Map<string, Beat>>();

/**
 * Calls `tick` at `firstEnd` and every `lengthMs` after it until cancelled. All who ask for the same moments on one clock share one timer,
 * in the order of their asking.
 *
 * After a stall or a jump of the clock the moments missed are passed over: `tick` is called once, late, and then at the next moment.
 */
export function everyWindowEnd(clock: Clock, firstEnd: Timestamp, lengthMs: number, tick: Tick): Timer {
  let beats = beatsByClock.get(clock);
  if (beats === undefined) beatsByClock.set(clock, (beats = new Map()));
  const shared = beats;
  const key = `${lengthMs} ${modulo(firstEnd, lengthMs)}`;
  let beat = shared.get(key);
  if (beat === undefined || beat.next > firstEnd) {
    const earlier = beat?.ticks;
    beat?.timer.cancel();
    beat = {lengthMs, next: firstEnd, timer: {cancel() {}}, ticks: earlier ?? new Set()};
    shared.set(key, beat);
    arm(clock, beat);
  }
  const {ticks} = beat;
  ticks.add(tick);
  return {
    cancel() {
      ticks.delete(tick);
      const current = shared.get(key);
      if (ticks.size > 0 || current?.ticks !== ticks) return;
      current.timer.cancel();
      shared.delete(key);
    },
  };
}

function arm(clock: Clock, beat: Beat): void {
  beat.timer = clock.at(beat.next, () => {
    const now = clock.now();
    const nominal = beat.next;
    // The multiple after now also when the clock was set back: else windows would stand still until it has caught up.
    const behind = Math.floor((now - nominal) / beat.lengthMs);
    beat.next = nominal + (behind + 1) * beat.lengthMs;
    arm(clock, beat);
    for (const tick of [...beat.ticks]) tick(nominal, now);
  });
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
