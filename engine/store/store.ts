/**
 * Keyed bytes that survive kill −9: definitions, checkpoints, disk queues. Keys are ordered by their bytes, so that a prefix is a range.
 * A resolved write has reached the operating system, which no crash of the process takes back; when it reaches the disk is the caller's choice.
 */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Applies all or nothing, in the order of the calls. `sync` (the default): resolves when it is on disk (group commit: writes that wait
   * together are synced together). Without it, it is on disk `lazySyncMs` later at the latest, which only a power cut can tell.
   */
  write(changes: readonly StoreChange[], options?: {readonly sync?: boolean}): Promise<void>;
  /** Entries whose key starts with `prefix`, in key order. */
  entries(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  close(): Promise<void>;
}

/** How long a write without `sync` may wait for the disk. */
export const lazySyncMs = 50;

/** `value` undefined deletes. */
export interface StoreChange {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}
