import type {Clock, Timer} from './clock.ts';

const longestTimeoutMs = 2 ** 31 - 1;

/** The machine's clock. A wait beyond setTimeout's 24.8 days is split. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(atEpochMs, task): Timer {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const left = atEpochMs - Date.now();
      handle = left > longestTimeoutMs ? setTimeout(arm, longestTimeoutMs) : setTimeout(task, Math.max(0, Math.ceil(left)));
    };
    arm();
    return {cancel: () => clearTimeout(handle)};
  },
};
