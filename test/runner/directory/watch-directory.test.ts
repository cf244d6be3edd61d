import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, it} from 'vitest';
import {systemClock} from '#engine/base/system-clock.ts';
import {watchDirectory} from '#runner/directory/watch-directory.ts';
import {pollUntil} from '#test/support/poll.ts';

const silent = {debug() {}, info() {}, warn() {}, error() {}, child: () => silent};

/** Directories and files that this process has under watch. */
function inotifyWatches(): number {
  return readdirSync('/proc/self/fdinfo')
    .map(fd => {
      try {
        return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      } catch {
        return '';
      }
    })
    .reduce((sum, text) => sum + (text.match(/^inotify wd:/gm)?.length ?? 0), 0);
}

/** The most of them within a third of a second: a watch of the parent would stand some 10 ms after it is asked for. */
async function mostWatches(): Promise<number> {
  let most = 0;
  const endAt = performance.now() + 300;
  await pollUntil(() => {
    most = Math.max(most, inotifyWatches());
    return performance.now() > endAt;
  });
  return most;
}

it.runIf(process.platform === 'linux')(
  'watches nothing, not the parent either, while the directory is not there, and it once it is',
  async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'watched-'));
    const directory = path.join(parent, 'commands');
    const before = inotifyWatches();
    let changes = 0;
    const watch = watchDirectory(directory, systemClock, silent, () => changes++);
    try {
      watch.check();
      expect(inotifyWatches()).toBe(before);

      mkdirSync(directory);
      watch.check();
      await pollUntil(() => changes > 0 && inotifyWatches() > before);
      const seen = changes;
      writeFileSync(path.join(directory, 'a.json'), '{}');
      await pollUntil(() => changes > seen);

      rmSync(directory, {recursive: true});
      watch.check();
      await pollUntil(() => inotifyWatches() === before);
      expect(await mostWatches()).toBe(before);
    } finally {
      await watch.close();
      rmSync(parent, {recursive: true, force: true});
    }
  },
);
