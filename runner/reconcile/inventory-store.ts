import {mkdir, open, readFile, rename} from 'node:fs/promises';
import path from 'node:path';
import {messageOf} from '#engine/base/errors.ts';
import {contentHash} from '#runner/base/content-hash.ts';
import {emptyInventory, type Inventory, parseInventory, printInventory} from './inventory.ts';

/** One file, replaced as a whole: written beside, synced, renamed, the directory synced. Only its owner may read it: it holds file contents. */
export class InventoryStore {
  readonly file: string;
  /** Why the inventory is in memory only, or why the stored one was not used; undefined when all is well. */
  problem: string | undefined;
  /** What the file holds: the hash of its text, and the parts that text was made of. */
  #writtenHash = '';
  #writtenParts: readonly unknown[] = [];

  constructor(stateDir: string) {
    this.file = path.join(path.resolve(stateDir), 'inventory.json');
  }

  /** The stored inventory; an empty one when there is none or it cannot be read. A damaged file is kept aside. */
  async load(): Promise<Inventory> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT')
        this.problem = `the inventory "${this.file}" cannot be read: ${messageOf(thrown)}`;
      return emptyInventory();
    }
    try {
      const inventory = parseInventory(text);
      this.#hasWritten(text, partsOf(inventory));
      return inventory;
    } catch (thrown) {
      this.problem = `the inventory "${this.file}" was damaged (${messageOf(thrown)}) and set aside; objects that match their files are adopted`;
      await rename(this.file, `${this.file}.damaged`).catch(() => {});
      return emptyInventory();
    }
  }

  /** Resolves when the inventory is on disk, or with `problem` set when it cannot be; it then lives in memory. */
  async save(inventory: Inventory): Promise<void> {
    const parts = partsOf(inventory);
    if (isAlike(parts, this.#writtenParts)) return;
    const text = printInventory(inventory);
    if (contentHash(text) === this.#writtenHash) return;
    const temporary = `${this.file}.tmp`;
    try {
      await mkdir(path.dirname(this.file), {recursive: true, mode: 0o700});
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.file);
      await syncDirectory(path.dirname(this.file));
      this.#hasWritten(text, parts);
      this.problem = undefined;
    } catch (thrown) {
      this.problem = `the inventory cannot be written to "${this.file}" and lives in memory: ${messageOf(thrown)}`;
    }
  }

  #hasWritten(text: string, parts: readonly unknown[]): void {
    this.#writtenHash = contentHash(text);
    this.#writtenParts = parts;
  }
}

/**
 * The inventory as one flat list. Its entries are never changed in place, so two lists of the same parts print the same text; printing
 * thousands of objects after each pass without a change would cost more than the comparison of the pass.
 */
function partsOf({objects, files, done, restarts, trials, unwell}: Inventory): readonly unknown[] {
  return [objects, files, done, restarts, trials, unwell].flatMap(part => [part.size, ...[...part.entries()].flat()]);
}

function isAlike(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
