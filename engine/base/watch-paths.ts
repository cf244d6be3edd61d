import {readdirSync, statSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {watch} from 'chokidar';

/**
 * How often paths are looked at without being told: some mounts (NFS, virtiofs, exhausted inotify) never tell, and chokidar swallows the
 * second of two changes within 50 ms. A look costs some microseconds a file.
 */
const pollMs = 1000;
/** Directories are looked into this deep. */
const maxDepth = 3;

/**
 * Calls `onChange` after something changed at one of `paths` (files or directories, which need not exist yet), once for changes that
 * come within `debounceMs` of each other. Safe for mounted ConfigMaps: there every update replaces the `..data` link, which no watch on
 * a file survives, so the containing directories are watched. Watching is a hint only; what stands on disk decides, so nothing is
 * reported twice and a change that raised no event is found within a second.
 */
export function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  {debounceMs = 200}: {debounceMs?: number} = {},
): {close(): Promise<void>} {
  const watched = paths.map(path => resolve(path));
  let seen = fingerprint(watched);
  let pending: NodeJS.Timeout | undefined;
  let closed = false;

  const compare = () => {
    const present = fingerprint(watched);
    if (closed || present === seen) return;
    seen = present;
    arm();
    onChange();
  };
  const hint = () => {
    clearTimeout(pending);
    pending = setTimeout(compare, debounceMs);
    pending.unref();
  };

  const watcher = watch([...new Set(watched.map(path => dirname(path)))], {
    ignoreInitial: true,
    depth: 0,
    // The timestamped directories behind `..data` only make noise.
    ignored: path => basename(path).startsWith('..') && basename(path) !== '..data',
  });
  watcher.on('all', hint);
  watcher.on('ready', hint);
  // Out of watches or a path without permission: polling goes on.
  watcher.on('error', () => {});
  /** A directory's watch ends with it; adding one that is watched already does nothing. */
  const arm = () => watcher.add(watched.filter(isDirectory));
  arm();
  const poll = setInterval(compare, pollMs);
  poll.unref();

  return {
    async close() {
      closed = true;
      clearTimeout(pending);
      clearInterval(poll);
      await watcher.close();
    },
  };
}

/** Identity, size and time of everything at `paths`: differs whenever the bytes may differ. */
function fingerprint(paths: readonly string[]): string {
  return paths.map(path => describe(path, 0)).join('\n');
}

function describe(path: string, depth: number): string {
  try {
    const {ino, size, mtimeNs, dev} = statSync(path, {bigint: true});
    if (!isDirectory(path)) return `${path} ${dev}:${ino}:${size}:${mtimeNs}`;
    if (depth >= maxDepth) return path;
    const names = readdirSync(path).filter(name => !name.startsWith('..'));
    return [path, ...names.sort().map(name => describe(join(path, name), depth + 1))].join('\n');
  } catch {
    return `${path} absent`;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}
