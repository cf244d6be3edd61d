import {closeSync, constants, fstatSync, openSync, readSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {contentHash} from '#runner/base/content-hash.ts';
import {hideValue} from '#runner/base/hidden-values.ts';
import {isSecretKey} from '#runner/base/mask.ts';
import {matchesPattern} from '#runner/base/pattern.ts';

/** A variable, file or label that cannot be had; the message says why. */
export class ValueError extends Error {}

export interface ValueSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Patterns of the names that files may use. */
  readonly variables: readonly string[];
  /** Folders below which `${file:…}` may read. */
  readonly valueDirs: readonly string[];
  /** A Downward API file of `key="value"` lines. */
  readonly labelsFile: string;
}

/** The files that went into a declaration: path → hash of the content, or of the reason why there was none. */
export type ValueReads = ReadonlyMap<string, string>;

const largestBytes = 64 << 10;
/** The runner's own settings, which may hold its credentials. */
const ownVariable = /^RUNNER__/i;

type Content = {readonly text: string} | {readonly reason: string};
type HashedContent = Content & {readonly hash: string};

/**
 * What stands behind `${VAR}`, `${file:…}` and `when`. The environment of a process never changes, files do: each declaration keeps what it
 * read, and is made anew when that is no longer what the files hold.
 */
export class Values {
  readonly #settings: ValueSettings;
  #contents = new Map<string, HashedContent>();
  readonly #paths = new Map<string, string>();

  constructor(settings: ValueSettings) {
    this.#settings = settings;
  }

  /** Files are read again from here on, each once. */
  refresh(): void {
    this.#contents = new Map();
  }

  isCurrent(reads: ValueReads): boolean {
    for (const [file, hash] of reads) if (this.#content(file).hash !== hash) return false;
    return true;
  }

  /** A view that notes which files were asked for. */
  open(): ValueView {
    const reads = new Map<string, string>();
    const read = (file: string): string => {
      const content = this.#content(file);
      reads.set(file, content.hash);
      if ('reason' in content) throw new ValueError(content.reason);
      return content.text;
    };
    return {
      reads,
      variable: name => this.#variable(name),
      file: file => {
        const text = read(file).replace(/\r?\n$/, '');
        hideValue(text);
        this.#paths.set(text, file);
        return text;
      },
      labels: () => parseLabels(read(this.#settings.labelsFile), this.#settings.labelsFile),
    };
  }

  /** The file that gave this value; undefined when none did. */
  pathOf(value: string): string | undefined {
    return this.#paths.get(value);
  }

  #variable(name: string): string | undefined {
    const {environment, variables} = this.#settings;
    if (ownVariable.test(name)) throw new ValueError(`the variable ${name} is a setting of the runner and not for files`);
    if (!variables.some(pattern => matchesPattern(pattern, name)))
      throw new ValueError(`the variable ${name} is not one that the setting "variables" allows (${variables.join(', ')})`);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && isSecretKey(name)) hideValue(value);
    return value;
  }

  #content(file: string): HashedContent {
    const known = this.#contents.get(file);
    if (known) return known;
    const content = this.#readFile(file);
    const hashed = {...content, hash: hashOf(content)};
    this.#contents.set(file, hashed);
    return hashed;
  }

  #readFile(file: string): Content {
    const {valueDirs, labelsFile} = this.#settings;
    const folders = file === labelsFile ? [...valueDirs, path.dirname(labelsFile)] : valueDirs;
    const outside = {reason: `"${file}" is not below one of the folders of the setting "valueDirs" (${valueDirs.join(', ')})`};
    if (!path.isAbsolute(file)) return {reason: `"${file}" must be an absolute path`};
    if (!folders.some(folder => isBelow(path.resolve(file), path.resolve(folder)))) return outside;
    try {
      // A mounted Secret is links inside its folder; where a link leads must be permitted as well.
      const real = realpathSync(file);
      if (!folders.some(folder => isBelow(real, realOf(folder)))) return outside;
      return readSmallFile(file, real);
    } catch (thrown) {
      const {code, message} = thrown as NodeJS.ErrnoException;
      return {reason: code === 'ENOENT' ? `the file "${file}" does not exist` : `the file "${file}" cannot be read (${code ?? message})`};
    }
  }
}

export interface ValueView {
  readonly reads: ValueReads;
  /** Undefined when it is not set. Throws ValueError when files may not use it. */
  variable(name: string): string | undefined;
  /** Without one line end. A secret from now on. Throws ValueError. */
  file(path: string): string;
  /** Throws ValueError. */
  labels(): ReadonlyMap<string, string>;
}

/** Opened without following a last link and without waiting, so that neither a swapped link nor a pipe is read. */
function readSmallFile(file: string, real: string): Content {
  const handle = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(handle);
    if (!status.isFile()) return {reason: `"${file}" is not a regular file`};
    if (status.size > largestBytes) return {reason: `"${file}" is larger than ${largestBytes >> 10} KiB`};
    const bytes = Buffer.alloc(largestBytes + 1);
    const length = readSync(handle, bytes, 0, bytes.length, 0);
    if (length > largestBytes) return {reason: `"${file}" is larger than ${largestBytes >> 10} KiB`};
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes.subarray(0, length))};
  } catch (thrown) {
    if (thrown instanceof TypeError) return {reason: `"${file}" is not UTF-8 text`};
    throw thrown;
  } finally {
    closeSync(handle);
  }
}

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}

function hashOf(content: Content): string {
  return 'text' in content ? contentHash('text', content.text) : contentHash('none', content.reason);
}

/** Lines `key="value"`, the value quoted as Go quotes strings. */
function parseLabels(text: string, file: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    try {
      if (at > 0) {
        labels.set(line.slice(0, at), String(JSON.parse(line.slice(at + 1))));
        continue;
      }
    } catch {
      // Told below.
    }
    throw new ValueError(`the labels file "${file}" holds a line that is not key="value"`);
  }
  return labels;
}
