/**
 * Keyed bytes that survive kill −9: definitions, checkpoints, disk queues. Keys are ordered by their bytes, so that a prefix is a range.
 * A resolved write is on disk (group commit: writes that wait together are synced together).
 */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Applies all or nothing. */
  write(changes: readonly StoreChange[]): Promise<void>;
  /** Entries whose key starts with `prefix`, in key order. */
  entries(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  close(): Promise<void>;
}

/** `value` undefined deletes. */
export interface StoreChange {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}
