import {readdir, readFile, realpath, stat} from 'node:fs/promises';
import {dirname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {DeviceCatalogue} from './device-model.ts';
import type {KubeedgeVersion} from './kubeedge-version.ts';
import {readModelText} from './model-document.ts';

/** Four times what a ConfigMap can hold. */
const maxFileBytes = 4 * 1024 * 1024;
const maxFiles = 1000;
const maxAttempts = 4;

export interface ModelFile {
  /** As the user knows it: relative to the directory above `sources`. */
  readonly name: string;
  readonly text: string;
}

/** Where model files may lie. */
export interface ModelDirectories {
  /** What relative paths are relative to: etc/sources. */
  readonly sources: string;
  /** Files elsewhere in here may be named too (`../models/lamp.yaml`); nothing outside. */
  readonly etc: string;
}

/** The absolute paths that `kubeedgeModelFile` names. Throws for one outside the directories. */
export function modelPaths(directories: ModelDirectories, setting: string | readonly string[]): readonly string[] {
  const named = typeof setting === 'string' ? [setting] : setting;
  return named
    .filter(name => name.trim() !== '')
    .map(name => {
      const path = resolve(directories.sources, name);
      if (name.includes('\0') || !roots(directories).some(root => isInside(path, root))) throw outside(name);
      return path;
    });
}

/**
 * Reads the files as of one moment. In a mounted ConfigMap an update replaces the directory behind the links: when that happens between two
 * reads, or a file vanishes, everything is read again.
 */
export async function readModelFiles(directories: ModelDirectories, paths: readonly string[]): Promise<readonly ModelFile[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const before = await listFiles(directories, paths);
      const files: ModelFile[] = [];
      for (const {name, real} of before) files.push({name, text: await readFile(real, 'utf8')});
      const after = await listFiles(directories, paths);
      if (attempt === maxAttempts || JSON.stringify(after) === JSON.stringify(before)) return files;
    } catch (thrown) {
      const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || attempt === maxAttempts) throw readable(directories, thrown);
    }
  }
}

/** All models and devices of the files. Throws the first fault, with file, line and column. */
export function readCatalogue(files: readonly ModelFile[], version: KubeedgeVersion): DeviceCatalogue {
  const parts = files.map(({name, text}) => readModelText(text, name, version));
  const models = parts.flatMap(part => part.models);
  if (models.length === 0) {
    const names = files.map(file => `"${file.name}"`).join(', ');
    throw refused(files.length === 0 ? 'kubeedgeModelFile names no .json, .yaml or .yml file' : `no device model in ${names}`);
  }
  return {models, instances: parts.flatMap(part => part.instances), warnings: parts.flatMap(part => part.warnings)};
}

interface Found {
  readonly name: string;
  /** Behind all links. */
  readonly real: string;
}

async function listFiles(directories: ModelDirectories, paths: readonly string[]): Promise<readonly Found[]> {
  // The directories may themselves be links or mounts, wherever an administrator put them.
  const realRoots = await Promise.all(roots(directories).map(root => realpath(root).catch(() => root)));
  const found: Found[] = [];
  for (const path of paths) {
    const isDirectory = (await stat(path)).isDirectory();
    const names = isDirectory ? (await readdir(path)).filter(isModelName).sort() : [''];
    for (const name of names) {
      const file = name === '' ? path : join(path, name);
      const real = await realpath(file);
      const shownName = shownPath(directories, file);
      if (!realRoots.some(root => isInside(real, root))) throw outside(shownName);
      const stats = await stat(real);
      if (isDirectory && stats.isDirectory()) continue;
      if (!stats.isFile()) throw refused(`"${shownName}" is no file`);
      if (stats.size > maxFileBytes) throw refused(`"${shownName}" has ${stats.size} bytes, expected at most ${maxFileBytes}`);
      found.push({name: shownName, real});
      if (found.length > maxFiles) throw refused(`kubeedgeModelFile names more than ${maxFiles} files`);
    }
  }
  return found;
}

function isModelName(name: string): boolean {
  return !name.startsWith('.') && /\.(json|ya?ml)$/i.test(name);
}

function roots({sources, etc}: ModelDirectories): readonly string[] {
  return [resolve(sources), resolve(etc)];
}

/** As the user knows it: `sources/lamp.yaml`. */
function shownPath({sources}: ModelDirectories, path: string): string {
  return relative(dirname(resolve(sources)), path);
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function refused(message: string): ArrokothError {
  return new ArrokothError(message, {code: errorCode.configuration});
}

function outside(name: string): ArrokothError {
  return new ArrokothError(`kubeedgeModelFile "${name}" lies outside the etc directory`, {
    code: errorCode.configuration,
    hint: 'Put the model file under etc/sources and name it relative to that.',
  });
}

function readable(directories: ModelDirectories, thrown: unknown): Error {
  if (thrown instanceof ArrokothError) return thrown;
  const {code, path} = thrown as NodeJS.ErrnoException;
  const name = path === undefined ? '' : ` "${shownPath(directories, path)}"`;
  const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : messageOf(thrown);
  return new ArrokothError(`could not read device model${name}: ${reason}`, {code: errorCode.configuration, cause: thrown});
}
