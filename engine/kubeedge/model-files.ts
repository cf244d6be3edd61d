import {readdir, readFile, realpath, stat} from 'node:fs/promises';
import {isAbsolute, join, relative, resolve, sep} from 'node:path';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {DeviceCatalogue} from './device-model.ts';
import type {KubeedgeVersion} from './kubeedge-version.ts';
import {readModelText} from './model-document.ts';

/** Four times what a ConfigMap can hold. */
const maxFileBytes = 4 * 1024 * 1024;
const maxFiles = 1000;
const maxAttempts = 4;

export interface ModelFile {
  /** As the user knows it: relative to the etc directory. */
  readonly name: string;
  readonly text: string;
}

/** The absolute paths that `kubeedgeModelFile` names. Throws for one outside the etc directory. */
export function modelPaths(etcDirectory: string, setting: string | readonly string[]): readonly string[] {
  const etc = resolve(etcDirectory);
  const named = typeof setting === 'string' ? [setting] : setting;
  return named
    .filter(name => name.trim() !== '')
    .map(name => {
      const path = resolve(etc, 'sources', name);
      if (name.includes('\0') || !isInside(path, etc)) throw outside(name);
      return path;
    });
}

/**
 * Reads the files as of one moment. In a mounted ConfigMap an update replaces the directory behind the links: when that happens between two
 * reads, or a link dangles as it does for an instant, everything is read again.
 */
export async function readModelFiles(etcDirectory: string, paths: readonly string[]): Promise<readonly ModelFile[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const before = await listFiles(etcDirectory, paths);
      const files: ModelFile[] = [];
      for (const {name, real} of before) files.push({name, text: await readFile(real, 'utf8')});
      const after = await listFiles(etcDirectory, paths);
      if (attempt === maxAttempts || JSON.stringify(before) === JSON.stringify(after)) return files;
    } catch (thrown) {
      const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
      if (isMissing && attempt < maxAttempts) continue;
      throw readable(etcDirectory, thrown);
    }
  }
}

/** All models and devices of the files. Throws the first fault, with file, line and column. */
export function readCatalogue(files: readonly ModelFile[], version: KubeedgeVersion): DeviceCatalogue {
  const parts = files.map(({name, text}) => readModelText(text, name, version));
  const models = parts.flatMap(part => part.models);
  if (models.length === 0) {
    const names = files.map(file => `"${file.name}"`).join(', ');
    throw new ArrokothError(files.length === 0 ? 'kubeedgeModelFile names no file with a device model' : `${names} hold no device model`, {
      code: errorCode.configuration,
    });
  }
  return {models, instances: parts.flatMap(part => part.instances), warnings: parts.flatMap(part => part.warnings)};
}

interface Found {
  readonly name: string;
  /** Behind all links. */
  readonly real: string;
}

async function listFiles(etcDirectory: string, paths: readonly string[]): Promise<readonly Found[]> {
  const etc = resolve(etcDirectory);
  // `etc` and `etc/sources` may themselves be links or mounts, wherever an administrator put them.
  const roots = await Promise.all([etc, join(etc, 'sources')].map(root => realpath(root).catch(() => root)));
  const found: Found[] = [];
  for (const path of paths) {
    const isDirectory = (await stat(path)).isDirectory();
    const names = isDirectory ? (await readdir(path)).filter(name => !name.startsWith('.') && /\.(json|ya?ml)$/i.test(name)).sort() : [''];
    for (const name of names) {
      const file = name === '' ? path : join(path, name);
      const real = await realpath(file);
      const shownName = relative(etc, file);
      if (!roots.some(root => isInside(real, root))) throw outside(shownName);
      const {size, ...kind} = await stat(real).then(stats => ({size: stats.size, file: stats.isFile()}));
      if (!kind.file) {
        if (isDirectory) continue;
        throw new ArrokothError(`"${shownName}" is no file`, {code: errorCode.configuration});
      }
      if (size > maxFileBytes)
        throw new ArrokothError(`"${shownName}" has ${size} bytes, expected at most ${maxFileBytes}`, {code: errorCode.configuration});
      found.push({name: shownName, real});
      if (found.length > maxFiles)
        throw new ArrokothError(`kubeedgeModelFile names more than ${maxFiles} files`, {code: errorCode.configuration});
    }
  }
  return found;
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function outside(name: string): ArrokothError {
  return new ArrokothError(`kubeedgeModelFile "${name}" lies outside the etc directory`, {
    code: errorCode.configuration,
    hint: 'Put the model file under etc/sources and name it relative to that.',
  });
}

function readable(etcDirectory: string, thrown: unknown): Error {
  if (thrown instanceof ArrokothError) return thrown;
  const {code, path} = thrown as NodeJS.ErrnoException;
  const name = path === undefined ? undefined : relative(resolve(etcDirectory), path);
  const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : messageOf(thrown);
  return new ArrokothError(`could not read device model ${name === undefined ? '' : `"${name}"`}: ${reason}`, {
    code: errorCode.configuration,
    cause: thrown,
  });
}
