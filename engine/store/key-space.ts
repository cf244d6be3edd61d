import type {Store, StoreChange} from './store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The part of a store whose keys begin with `name/`: each floor keeps to its own. Values are text. Keys inside may hold anything,
 * `name` itself no `/`.
 *
 * Definitions live here: a resolved write survives kill −9 and is on disk moments later. Waiting for the disk each time would make a thousand
 * rules take seconds, and what a power cut takes back the runner restores.
 */
export class KeySpace {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, name: string) {
    this.#store = store;
    this.#prefix = `${name}/`;
  }

  /** A change for `Store.write`, so that several key spaces change together. */
  change(key: string, value: string | undefined): StoreChange {
    return {key: this.#prefix + key, value: value === undefined ? undefined : encoder.encode(value)};
  }

  put(key: string, value: string): Promise<void> {
    return this.#store.write([this.change(key, value)], {sync: false});
  }

  delete(key: string): Promise<void> {
    return this.#store.write([this.change(key, undefined)], {sync: false});
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#store.get(this.#prefix + key);
    return value && decoder.decode(value);
  }

  async *entries(): AsyncIterable<readonly [key: string, value: string]> {
    for await (const [key, value] of this.#store.entries(this.#prefix)) yield [key.slice(this.#prefix.length), decoder.decode(value)];
  }
}
