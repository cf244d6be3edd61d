import type {Store, StoreChange} from './store.ts';

/** A store that forgets everything with the process; for tests and trial runs. Keys keep byte order as on disk. */
export function openMemoryStore(): Store {
  const entries = new Map<string, Uint8Array>();
  return {
    get: key => Promise.resolve(entries.get(key)),
    write(changes: readonly StoreChange[]) {
      for (const {key, value} of changes) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, value.slice());
      }
      return Promise.resolve();
    },
    async *entries(prefix) {
      const keys = [...entries.keys()].filter(key => key.startsWith(prefix));
      for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        const value = entries.get(key);
        if (value !== undefined) yield [key, value];
      }
    },
    close: () => Promise.resolve(),
  };
}
