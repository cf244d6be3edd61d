import {mkdirSync} from 'node:fs';
import {ClassicLevel} from 'classic-level';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {lazySyncMs, type Store, type StoreChange} from './store.ts';

interface Waiting {
  readonly changes: readonly StoreChange[];
  readonly sync: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the LevelDB store in `directory`, creating it if need be. A directory that another process has open, or that cannot be written,
 * is an ArrokothError that names it.
 */
export async function openLevelStore(directory: string): Promise<Store> {
  const database = new ClassicLevel<string, Uint8Array>(directory, {keyEncoding: 'utf8', valueEncoding: 'view'});
  try {
    mkdirSync(directory, {recursive: true});
    await database.open();
  } catch (thrown) {
    throw openingFault(directory, thrown);
  }
  return new LevelStore(database, directory);
}

/** Writes that arrive while a sync is under way share the next one, so a thousand writers cost a few syncs. */
class LevelStore implements Store {
  readonly #database: ClassicLevel<string, Uint8Array>;
  readonly #directory: string;
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;
  #lazySync: NodeJS.Timeout | undefined;
  #closed = false;
  /** A write failed, and its log may end in half a record, behind which nothing would be found again. */
  #isTorn = false;

  constructor(database: ClassicLevel<string, Uint8Array>, directory: string) {
    this.#database = database;
    this.#directory = directory;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#database.get(key) as Promise<Uint8Array | undefined>;
  }

  write(changes: readonly StoreChange[], {sync = true}: {readonly sync?: boolean} = {}): Promise<void> {
    if (this.#closed) return Promise.reject(new ArrokothError(`the store in "${this.#directory}" is closed`, {code: errorCode.io}));
    if (changes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({changes, sync, resolve, reject});
      this.#committing ??= this.#commit();
    });
  }

  async *entries(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    for await (const [key, value] of this.#database.iterator({gte: prefix})) {
      if (!key.startsWith(prefix)) return;
      if (key === syncMark.key) continue;
      yield [key, value];
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#lazySync) await this.write([syncMark]);
    this.#closed = true;
    await this.#committing;
    await this.#database.close();
  }

  /** A sync covers everything written before it. */
  #noteSync(synced: boolean): void {
    if (synced) {
      clearTimeout(this.#lazySync);
      this.#lazySync = undefined;
    } else if (this.#lazySync === undefined) {
      // A failure shows at the next write that waits for the disk.
      this.#lazySync = setTimeout(() => void this.write([syncMark]).catch(() => {}), lazySyncMs);
    }
  }

  async #commit(): Promise<void> {
    // Let every write of this turn of the event loop in before the first sync.
    await undefined;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#isTorn) await this.#reopen();
        const sync = group.some(waiting => waiting.sync);
        await this.#database.batch(group.flatMap(({changes}) => changes).map(operation), {sync});
        this.#noteSync(sync);
        for (const {resolve} of group) resolve();
      } catch (thrown) {
        this.#isTorn = true;
        const error = new ArrokothError(`could not write to the store in "${this.#directory}": ${messageOf(thrown)}`, {
          code: errorCode.io,
          cause: thrown,
        });
        for (const {reject} of group) reject(error);
      }
    }
    this.#committing = undefined;
  }

  /** Opening reads the log up to its torn end and goes on in a new one. */
  async #reopen(): Promise<void> {
    if (this.#database.status === 'open') await this.#database.close();
    try {
      await this.#database.open();
    } catch (thrown) {
      throw thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    }
    this.#isTorn = false;
  }
}

/** Written to have what stands before it in LevelDB's log synced. */
const syncMark: StoreChange = {key: '\u0000sync', value: new Uint8Array(0)};

function operation({key, value}: StoreChange): {type: 'del'; key: string} | {type: 'put'; key: string; value: Uint8Array} {
  return value === undefined ? {type: 'del', key} : {type: 'put', key, value};
}

function openingFault(directory: string, thrown: unknown): ArrokothError {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = (cause as {code?: unknown} | undefined)?.code;
  if (code === 'LEVEL_LOCKED') {
    return new ArrokothError(`the data directory "${directory}" is in use by another process`, {
      code: errorCode.io,
      hint: 'Stop the other engine or give this one a data directory of its own (--data).',
      cause,
    });
  }
  if (code === 'LEVEL_CORRUPTION') {
    return new ArrokothError(`the store in "${directory}" is damaged: ${messageOf(cause)}`, {
      code: errorCode.io,
      hint: 'Move the directory away and start again; the runner restores what its command files declare.',
      cause,
    });
  }
  return new ArrokothError(`could not open the store in "${directory}": ${messageOf(cause)}`, {
    code: errorCode.io,
    hint: 'The engine needs a data directory it may write to (--data).',
    cause,
  });
}
