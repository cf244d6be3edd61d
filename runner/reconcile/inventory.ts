import type {ObjectKey} from '#runner/desired/declared.ts';
import type {GoodContent} from '#runner/desired/file-ledger.ts';
import type {HealthCode} from './rule-health.ts';
import type {TrialRecord} from './trials.ts';

/** What the runner knows of one object beyond the engine and the files. */
export interface InventoryEntry {
  readonly file: string;
  /** Of the declared content that was sent last. */
  readonly hash: string;
  /**
   * `making`: the engine had none when the request was about to be sent, so whatever it has afterwards is the runner's. `taking`: the engine
   * had another one of this name, which is not the runner's until its own content is there. `made`: seen in the engine.
   */
  readonly state: 'making' | 'taking' | 'made';
  readonly isProtected: boolean;
  /** Whether somebody else made it: it was there, alike or another one, when a file first declared it. */
  readonly isAdopted?: boolean | undefined;
  /** Of the engine's text for this content, where the engine stores it in another form. */
  readonly settledHash?: string | undefined;
  /** Of a rule: whether it ran, when last seen as wanted. */
  readonly running?: boolean | undefined;
}

/**
 * The runner's memory: what it made, what its files last said while they were in order, and what it has begun. Written before the first
 * request of a pass and after the last, so that a runner killed in between neither forgets what it made nor what it owes.
 */
export interface Inventory {
  readonly objects: Map<ObjectKey, InventoryEntry>;
  readonly files: Map<string, GoodContent>;
  /** Hashes of commands that were carried out. */
  readonly done: Set<string>;
  /** Rules to be restarted, with the reason: what they use was changed. */
  readonly restarts: Map<string, string>;
  /** By file name, where rollback is on. */
  readonly trials: Map<string, TrialRecord>;
  /** What ailed rules at the last look, where rollback is on. */
  unwell: ReadonlyMap<string, HealthCode>;
}

export function emptyInventory(): Inventory {
  return {objects: new Map(), files: new Map(), done: new Set(), restarts: new Map(), trials: new Map(), unwell: new Map()};
}

/** Whether the runner can prove that it made the object. */
export function isOwned(entry: InventoryEntry): boolean {
  return entry.state !== 'taking';
}

export function printInventory(inventory: Inventory): string {
  const {objects, files, done, restarts, trials, unwell} = inventory;
  const plain = {
    version: 1,
    objects: Object.fromEntries(objects),
    files: Object.fromEntries(files),
    done: [...done],
    restarts: Object.fromEntries(restarts),
    ...(trials.size > 0 ? {trials: Object.fromEntries(trials)} : {}),
    ...(unwell.size > 0 ? {unwell: Object.fromEntries(unwell)} : {}),
  };
  return `${JSON.stringify(plain)}\n`;
}

/** Throws an Error when `text` is no inventory. */
export function parseInventory(text: string): Inventory {
  const plain = JSON.parse(text) as {
    version?: unknown;
    objects?: Record<ObjectKey, InventoryEntry>;
    files?: Record<string, GoodContent>;
    done?: string[];
    restarts?: Record<string, string>;
    trials?: Record<string, TrialRecord>;
    unwell?: Record<string, HealthCode>;
  } | null;
  if (plain?.version !== 1) throw new Error('not an inventory of version 1');
  return {
    objects: new Map(Object.entries(plain.objects ?? {}) as [ObjectKey, InventoryEntry][]),
    files: new Map(Object.entries(plain.files ?? {})),
    done: new Set(plain.done),
    restarts: new Map(Object.entries(plain.restarts ?? {})),
    trials: new Map(Object.entries(plain.trials ?? {})),
    unwell: new Map(Object.entries(plain.unwell ?? {})),
  };
}
