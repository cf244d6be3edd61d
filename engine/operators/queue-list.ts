/** A first-in, first-out list: dropping from the front costs a constant time on average and leaves no memory behind. */
export class QueueList<T> {
  #items: T[];
  #first = 0;

  constructor(items: readonly T[] = []) {
    this.#items = items.slice();
  }

  get length(): number {
    return this.#items.length - this.#first;
  }

  get first(): T | undefined {
    return this.#items[this.#first];
  }

  at(position: number): T | undefined {
    return this.#items[this.#first + position];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts an item before the one at `position`. */
  insert(position: number, item: T): void {
    this.#items.splice(this.#first + position, 0, item);
  }

  replaceFirst(item: T): void {
    this.#items[this.#first] = item;
  }

  /** Forgets the first `count` items. */
  drop(count: number): void {
    this.#first += count;
    if (this.#first < 64 || this.#first * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  slice(from = 0, to: number = this.length): T[] {
    return this.#items.slice(this.#first + from, this.#first + to);
  }
}
