import {readdir, readFile, readlink, stat} from 'node:fs/promises';
import path from 'node:path';
import {contentHash} from '#runner/base/content-hash.ts';
import {isDeclarationFile, isIgnoredName} from './ignored-names.ts';
import type {Revision, SourceFile} from './revision.ts';

const attempts = 6;
const deepest = 8;
const largestFileBytes = 16 << 20;

/** The ground moved while it was read: `..data` points elsewhere, or a listed file is gone. Reading starts again. */
class MovedError extends Error {}

/**
 * Reads the directory as one revision.
 *
 * A mounted ConfigMap is read under the directory that `..data` names at this moment, never through the visible links: those are not
 * switched together, may dangle for a while on either side of the swap (before it with kubelets up to 1.22, after it with later ones),
 * and a missing link must not look like a deleted file. A `..data` that moved meanwhile, or a file that vanished, starts the read again.
 *
 * `pauseBetween` waits between two attempts. Never rejects: what cannot be read is a result.
 */
export async function readRevision(directory: string, pauseBetween: () => Promise<void>): Promise<Revision> {
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const last = attempt === attempts;
    try {
      const ignored: string[] = [];
      const isAtomic = (await currentTarget(directory)) !== undefined;
      const files = await readTree(path.resolve(directory), '', 0, ignored, last);
      files.sort((a, b) => (a.name < b.name ? -1 : 1));
      return {state: 'read', hash: contentHash(...files.map(file => `${file.name}\0${file.hash}\n`)), files, ignored, isAtomic};
    } catch (thrown) {
      reason = explain(thrown, directory);
      if (!(thrown instanceof MovedError) && !isMissing(thrown)) break;
      if (!last) await pauseBetween();
    }
  }
  return {state: 'unreadable', hash: contentHash('unreadable', reason), reason};
}

/** `prefix` is the path of `directory` inside the tree, in file names. With `tolerant` a vanished file is a broken one. */
async function readTree(directory: string, prefix: string, depth: number, ignored: string[], tolerant: boolean): Promise<SourceFile[]> {
  const target = await currentTarget(directory);
  const root = target === undefined ? directory : path.resolve(directory, target);
  const files = await readFolder(root, prefix, depth, ignored, tolerant);
  if (target !== (await currentTarget(directory))) throw new MovedError(`"${path.join(directory, '..data')}" moved while it was read`);
  return files;
}

async function readFolder(root: string, prefix: string, depth: number, ignored: string[], tolerant: boolean): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const entry of await readdir(root, {withFileTypes: true})) {
    const name = prefix + entry.name;
    if (isIgnoredName(entry.name)) continue;
    // A linked directory could lead anywhere, also back here; a ConfigMap nests only real ones.
    if (entry.isDirectory()) {
      if (depth < deepest) files.push(...(await readTree(path.join(root, entry.name), `${name}/`, depth + 1, ignored, tolerant)));
    } else if (isDeclarationFile(entry.name)) {
      files.push(await readSource(path.join(root, entry.name), name, tolerant));
    } else {
      ignored.push(name);
    }
  }
  return files;
}

async function readSource(file: string, name: string, tolerant: boolean): Promise<SourceFile> {
  try {
    const status = await stat(file);
    if (!status.isFile()) return broken(name, 'is not a regular file');
    if (status.size > largestFileBytes) return broken(name, `is larger than ${largestFileBytes >> 20} MiB`);
    const bytes = await readFile(file);
    return {name, hash: contentHash(bytes), text: new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)};
  } catch (thrown) {
    if (isMissing(thrown) && !tolerant) throw new MovedError(`"${name}" vanished while it was read`);
    if (isMissing(thrown)) return broken(name, 'is a link to nothing');
    if (thrown instanceof TypeError) return broken(name, 'is not UTF-8 text');
    return broken(name, `cannot be read: ${(thrown as Error).message.replace(/,? \w+ '.*$/, '')}`);
  }
}

function broken(name: string, unreadable: string): SourceFile {
  return {name, hash: contentHash('unreadable', unreadable), unreadable};
}

async function currentTarget(directory: string): Promise<string | undefined> {
  try {
    return await readlink(path.join(directory, '..data'));
  } catch (thrown) {
    const {code} = thrown as NodeJS.ErrnoException;
    // ENOENT: a plain directory; EINVAL: something else is called ..data (Windows shares, test copies).
    if (code === 'ENOENT' || code === 'EINVAL') return undefined;
    throw thrown;
  }
}

function isMissing(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException).code === 'ENOENT';
}

function explain(thrown: unknown, directory: string): string {
  if (thrown instanceof MovedError) return thrown.message;
  const {code, message} = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `the command directory "${directory}" does not exist`;
  if (code === 'ENOTDIR') return `the command directory "${directory}" is not a directory`;
  if (code === 'EACCES' || code === 'EPERM') return `the command directory "${directory}" may not be read by this user (${code})`;
  return `the command directory "${directory}" cannot be read: ${message}`;
}
