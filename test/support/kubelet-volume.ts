import {lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/**
 * A mounted ConfigMap, updated step by step as kubelet's AtomicWriter does. Kubelets up to 1.22 (KubeEdge up to 1.12) make the visible
 * links of new keys before the swap, later ones after it.
 */
export class KubeletVolume {
  readonly directory: string;
  readonly #linksFirst: boolean;
  #counter = 0;

  constructor(directory: string, order: 'up to 1.22' | 'from 1.23') {
    this.directory = directory;
    this.#linksFirst = order === 'up to 1.22';
    mkdirSync(directory, {recursive: true});
  }

  /** The steps of one update; the one named `swap` is the moment at which the content changes. */
  steps(payload: Readonly<Record<string, string>>): readonly {readonly name: string; run(): void}[] {
    const old = this.#current();
    const oldNames = old === undefined ? [] : readdirSync(path.join(this.directory, old));
    const stamp = `..2026_08_06_14_58_${String(++this.#counter).padStart(2, '0')}.123456789`;
    const at = (...parts: string[]) => path.join(this.directory, ...parts);
    const content = [
      {name: 'make the directory', run: () => mkdirSync(at(stamp), {mode: 0o755})},
      ...Object.entries(payload).map(([key, text]) => ({name: `write ${key}`, run: () => writeFileSync(at(stamp, key), text)})),
    ];
    const links = Object.keys(payload)
      .filter(key => lstatSync(at(key), {throwIfNoEntry: false}) === undefined)
      .map(key => ({name: `link ${key}`, run: () => symlinkSync(path.join('..data', key), at(key))}));
    const swap = [
      {name: 'link ..data_tmp', run: () => symlinkSync(stamp, at('..data_tmp'))},
      {name: 'swap', run: () => renameSync(at('..data_tmp'), at('..data'))},
    ];
    const removed = oldNames.filter(key => payload[key] === undefined).map(key => ({name: `unlink ${key}`, run: () => rmSync(at(key))}));
    const cleaned = old === undefined ? [] : [{name: 'remove the old directory', run: () => rmSync(at(old), {recursive: true})}];
    return this.#linksFirst
      ? [...content, ...links, ...swap, ...removed, ...cleaned]
      : [...content, ...swap, ...links, ...removed, ...cleaned];
  }

  update(payload: Readonly<Record<string, string>>): void {
    for (const step of this.steps(payload)) step.run();
  }

  #current(): string | undefined {
    try {
      return readlinkSync(path.join(this.directory, '..data'));
    } catch {
      return undefined;
    }
  }
}
