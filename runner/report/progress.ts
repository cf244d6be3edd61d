import cliProgress from 'cli-progress';
import type {Clock, Timer} from '#engine/base/clock.ts';

/** A pass that is over sooner shows no bar. */
const patienceMs = 1000;

export interface Progress {
  begin(total: number): void;
  step(): void;
  /** Writes a line of the log where the bar is; the bar is drawn again below it. */
  above(write: () => void): void;
  end(): void;
}

/** A bar on standard error while a pass takes longer than a second; nothing where nobody looks. */
export function createProgress(isTerminal: boolean, clock: Clock): Progress {
  if (!isTerminal) return {begin() {}, step() {}, above: write => write(), end() {}};
  let bar: cliProgress.SingleBar | undefined;
  let timer: Timer | undefined;
  let done = 0;
  return {
    begin(total) {
      done = 0;
      if (total === 0) return;
      timer = clock.at(clock.now() + patienceMs, () => {
        bar = new cliProgress.SingleBar({format: '{bar} {value}/{total} changes, {eta} s left', clearOnComplete: true, hideCursor: true});
        bar.start(total, done);
      });
    },
    step() {
      done++;
      bar?.update(done);
    },
    above(write) {
      if (bar) process.stderr.write('\r\u001b[K');
      write();
    },
    end() {
      timer?.cancel();
      bar?.stop();
      bar = undefined;
    },
  };
}
