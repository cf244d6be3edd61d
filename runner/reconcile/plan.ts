import type {ObjectKey} from '#runner/desired/declared.ts';
import type {Change} from './change.ts';

export type DriftPolicy = 'heal' | 'report' | 'ignore';

/** An object that was changed behind the runner's back and is left so. */
export interface Drift {
  readonly key: ObjectKey;
  readonly what: string;
}

/** A delete that was not planned, and why. */
export interface HeldDelete {
  readonly key: ObjectKey;
  readonly reason: string;
}

/** What the difference between files and engine asks for. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Objects that are as declared: they get no request. */
  readonly same: ReadonlySet<ObjectKey>;
  /** Left alone by policy. */
  readonly drifts: readonly Drift[];
  readonly held: readonly HeldDelete[];
  /** Owned by the inventory, held by the engine, declared by nobody: what pruning would remove. */
  readonly orphans: ReadonlySet<ObjectKey>;
  /** Rules that ended by themselves (end of their input, their duration): running them again is not the runner's business. */
  readonly finished: ReadonlySet<string>;
}
