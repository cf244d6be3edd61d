import type {JoinStep, Sides} from './join.ts';
import {type IndexCache, type JoinSpec, joinSets} from './join-sets.ts';
import type {TupleSet} from './tuple.ts';

/** A join with a stream's rows of the firing or with a scan table. A table is hashed anew only after it changed. */
export class SetJoin implements JoinStep {
  readonly #spec: JoinSpec;
  readonly #cache: IndexCache | undefined;

  constructor(spec: JoinSpec, isTable: boolean) {
    this.#spec = spec;
    this.#cache = isTable && spec.type !== 'right' ? {set: undefined, index: undefined} : undefined;
  }

  join(left: TupleSet, sides: Sides): TupleSet {
    return joinSets(left, sides(this.#spec.position), this.#spec, this.#cache);
  }
}
