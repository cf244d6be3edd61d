import cliProgress from 'cli-progress';

/** Fewer changes than this are done before a bar is drawn. */
const worthwhile = 50;

export interface Progress {
  begin(total: number): void;
  step(): void;
  end(): void;
}

/** A bar on standard error while a long pass runs; silent where nobody looks. */
export function createProgress(isTerminal: boolean): Progress {
  if (!isTerminal) return {begin() {}, step() {}, end() {}};
  let bar: cliProgress.SingleBar | undefined;
  return {
    begin(total) {
      if (total < worthwhile) return;
      bar = new cliProgress.SingleBar({format: '{bar} {value}/{total} changes, {eta} s left', clearOnComplete: true, hideCursor: true});
      bar.start(total, 0);
    },
    step: () => bar?.increment(),
    end: () => bar?.stop(),
  };
}
