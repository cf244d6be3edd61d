/** A topic seen on a connection, with what its owner derived from it. */
export interface CachedTopic {
  readonly name: string;
  /** Kept by the owner of the cache; `undefined` until it is derived. */
  route: unknown;
}

interface Entry extends CachedTopic {
  readonly bytes: Buffer;
  readonly next: Entry | undefined;
}

/** Beyond this the cache starts over, so that endless new topics cost time but no memory. */
const maxTopics = 20_000;

/** Finds topics by their bytes, so that no string is made and no filter matched for a topic seen before. */
export class TopicCache {
  #entries = new Map<number, Entry>();

  lookUp(bytes: Buffer, start: number, end: number): CachedTopic {
    const hash = hashOf(bytes, start, end);
    const first = this.#entries.get(hash);
    for (let entry = first; entry; entry = entry.next) if (isSame(entry.bytes, bytes, start, end)) return entry;
    if (this.#entries.size >= maxTopics) this.#entries = new Map();
    const entry: Entry = {
      name: bytes.toString('utf8', start, end),
      bytes: Buffer.from(bytes.subarray(start, end)),
      route: undefined,
      next: this.#entries.get(hash),
    };
    this.#entries.set(hash, entry);
    return entry;
  }

  /** Everything derived is to be derived anew. */
  clear(): void {
    this.#entries = new Map();
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
