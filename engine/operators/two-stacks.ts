/** What `TwoStacks` holds, as plain data. */
export interface TwoStacksState<T> {
  readonly front: readonly T[];
  readonly back: readonly T[];
}

/** The front of those that have none yet: most groups of many hold few values. */
const none: never[] = [];

/**
 * The aggregate of a queue of values under an associative `merge` that has no inverse: adding, dropping the oldest and asking for the total
 * cost a constant number of merges each, on average over the life of a value; none while nobody asks.
 *
 * Source: the "two-stacks" algorithm, as in Tangwongsan, Hirzel, Schneider and Wu, "General Incremental Sliding-Window Aggregation"
 * (VLDB 2015). Values enter `back`, whose total is made when it is asked for. When the oldest has to leave a total and `front` is empty,
 * `back` is turned over: `front` then holds, for each value, the total of it and all later ones of that turn.
 *
 * ```text
 *   front (top first)            back
 *   abc  bc  c                   d  e        back total: de
 *   └ total = merge(abc, de)
 * ```
 *
 * `merge` must not change its arguments. Nothing subtracts, so that sums of floats keep no rounding error of values that have left.
 */
export class TwoStacks<T> {
  readonly #merge: (earlier: T, later: T) => T;
  #front: T[] = none;
  #back: T[] = [];
  /** Values at the head of `back` that have been dropped. */
  #dropped = 0;
  /** Of the values of `back` before place `#counted`. */
  #backTotal: T | undefined;
  #counted = 0;

  constructor(merge: (earlier: T, later: T) => T) {
    this.#merge = merge;
  }

  get isEmpty(): boolean {
    return this.#front.length === 0 && this.#back.length === this.#dropped;
  }

  push(value: T): void {
    this.#back.push(value);
  }

  /** Puts a value before the oldest. */
  unshift(value: T): void {
    const later = this.#front.at(-1);
    if (later === undefined) this.#front = [value];
    else this.#front.push(this.#merge(value, later));
  }

  /** Drops the oldest value. */
  shift(): void {
    if (this.#front.length === 0 && this.#counted === 0) {
      this.#dropped++;
      if (this.#dropped < 64 || this.#dropped * 2 < this.#back.length) return;
      this.#back = this.#back.slice(this.#dropped);
      this.#dropped = 0;
      return;
    }
    if (this.#front.length === 0) this.#turnOver();
    this.#front.pop();
  }

  /** The merged values; undefined of none. May be one of the values itself. */
  get total(): T | undefined {
    for (let i = Math.max(this.#counted, this.#dropped); i < this.#back.length; i++) {
      const value = this.#back[i]!;
      this.#backTotal = this.#backTotal === undefined ? value : this.#merge(this.#backTotal, value);
    }
    this.#counted = this.#back.length;
    const front = this.#front.at(-1);
    if (front === undefined) return this.#backTotal;
    return this.#backTotal === undefined ? front : this.#merge(front, this.#backTotal);
  }

  snapshot(): TwoStacksState<T> {
    return {front: this.#front.slice(), back: this.#back.slice(this.#dropped)};
  }

  restore({front, back}: TwoStacksState<T>): void {
    this.#front = front.slice();
    this.#back = back.slice();
    this.#dropped = 0;
    this.#backTotal = undefined;
    this.#counted = 0;
  }

  #turnOver(): void {
    let total: T | undefined;
    this.#front = [];
    for (let i = this.#back.length - 1; i >= this.#dropped; i--) {
      const value = this.#back[i]!;
      total = total === undefined ? value : this.#merge(value, total);
      this.#front.push(total);
    }
    this.#back = [];
    this.#dropped = 0;
    this.#backTotal = undefined;
    this.#counted = 0;
  }
}
