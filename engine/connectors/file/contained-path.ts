import {realpathSync} from 'node:fs';
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path';

/**
 * The absolute path of `written` below `directory`, or undefined when it leads out of it, be it by `..`, as an absolute path, or through a
 * symbolic link. A leading `data/` means the directory itself, as paths relative to eKuiper's base directory do.
 */
export function containedPath(written: string, directory: string): string | undefined {
  if (written === '' || written.includes('\0')) return undefined;
  const below = isAbsolute(written) ? written : withoutData(written);
  const path = resolve(directory, below);
  return isWithin(path, resolve(directory)) && isWithin(physical(path), physical(resolve(directory))) ? path : undefined;
}

/** As `containedPath` where any place is allowed: the user's own choice, but relative paths still start from `directory`. */
export function insideOrAbsolute(written: string, directory: string): string | undefined {
  if (written === '' || written.includes('\0')) return undefined;
  return resolve(directory, isAbsolute(written) ? written : withoutData(written));
}

/** Whether `path` is `directory` or below it, symbolic links resolved. */
export function isInside(path: string, directory: string): boolean {
  const place = physical(path);
  const root = physical(resolve(directory));
  return place === root || isWithin(place, root);
}

function withoutData(written: string): string {
  return written.replace(/^(?:\.\/)?data\//, '');
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** With the links of whatever part exists resolved. */
function physical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(physical(parent), basename(path));
  }
}
