import {statSync} from 'node:fs';
import path from 'node:path';
import {type FSWatcher, watch} from 'chokidar';
import type {Clock, Timer} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';

/** Events closer together than this are one change. Longer than the 50 ms in which chokidar swallows the second of two. */
const quietMs = 100;
/** A change is announced after this long even if events keep coming. */
const longestMs = 1000;

export interface DirectoryWatch {
  /** Watches anew when the directory was replaced, removed or made since the last call. One `stat`. */
  check(): void;
  close(): Promise<void>;
}

/**
 * Calls `changed` some 100 ms after something moved below `directory`. A hint and nothing more: inotify can be missing (gVisor, NFS),
 * run out of watches, or die with a replaced directory, so the schedule reads again anyway.
 *
 * The directory is watched, never a file: a watch on a key of a ConfigMap dies with its first swap.
 */
export function watchDirectory(directory: string, clock: Clock, log: Logger, changed: () => void): DirectoryWatch {
  const root = path.resolve(directory);
  let timer: Timer | undefined;
  let firstAt: number | undefined;

  let identity = identityOf(root);

  const fire = () => {
    timer = undefined;
    firstAt = undefined;
    changed();
  };
  const noticed = () => {
    const now = clock.now();
    firstAt ??= now;
    timer?.cancel();
    timer = clock.at(Math.min(now + quietMs, firstAt + longestMs), fire);
  };
  // Of a directory that is not there chokidar would watch the parent, and look at all its entries whenever one of them changes.
  const open = (): FSWatcher | undefined => {
    if (identity === absent) return undefined;
    const opened = watch(root, {ignoreInitial: true, depth: 8, ignored: file => file !== root && isNoise(path.basename(file))});
    opened.on('all', noticed);
    // A swap between the first read and the moment the watch stands raises no event.
    opened.on('ready', noticed);
    opened.on('error', thrown => {
      // A link that leads in a circle ends no watch; reading says which it is.
      if ((thrown as NodeJS.ErrnoException).code === 'ELOOP') noticed();
      else log.warn('the directory cannot be watched; it is read on schedule', {directory, reason: messageOf(thrown)});
    });
    return opened;
  };

  let watcher = open();
  return {
    check() {
      const present = identityOf(root);
      if (present === identity) return;
      identity = present;
      void watcher?.close();
      watcher = open();
      noticed();
    },
    async close() {
      timer?.cancel();
      await watcher?.close();
    },
  };
}

const absent = 'absent';

function isNoise(name: string): boolean {
  return name.startsWith('..') && name !== '..data';
}

function identityOf(directory: string): string {
  const status = statSync(directory, {throwIfNoEntry: false, bigint: true});
  return status ? `${status.dev}:${status.ino}` : absent;
}
