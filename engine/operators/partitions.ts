import {copyState} from './copy-state.ts';

/** States of functions by partition, oldest generation first: plain data. */
export interface PartitionsState {
  readonly old: ReadonlyMap<string, readonly unknown[]>;
  readonly recent: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * The states of the analytic functions that share one PARTITION BY, by partition key: one list per partition, one state per function.
 *
 * Bounded: keys live in two generations. When the recent one is full it becomes the old one, and what nobody has asked for since it was the
 * recent one is forgotten. So a partition survives at least `capacity` other ones, at most twice as many are held, and a look-up costs what
 * it costs in a map.
 */
export class Partitions {
  readonly #capacity: number;
  readonly #initial: () => unknown[];
  #old = new Map<string, unknown[]>();
  #recent = new Map<string, unknown[]>();

  constructor(initial: () => unknown[], capacity = 100_000) {
    this.#initial = initial;
    this.#capacity = capacity;
  }

  /** The states of a partition, which the caller changes in place. */
  at(key: string): unknown[] {
    return this.#recent.get(key) ?? this.#renew(key);
  }

  snapshot(): PartitionsState {
    return copyState({old: this.#old, recent: this.#recent});
  }

  restore(state: PartitionsState): void {
    const {old, recent} = copyState(state) as {old: Map<string, unknown[]>; recent: Map<string, unknown[]>};
    this.#old = old;
    this.#recent = recent;
  }

  #renew(key: string): unknown[] {
    const states = this.#old.get(key) ?? this.#initial();
    if (this.#recent.size >= this.#capacity) {
      this.#old = this.#recent;
      this.#recent = new Map();
    } else this.#old.delete(key);
    this.#recent.set(key, states);
    return states;
  }
}
