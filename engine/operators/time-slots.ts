/** A span of time in ms, its end excluded. */
export type Slot = readonly [start: number, end: number];

/** Time slots that were told already, in order and apart from each other. */
export class TimeSlots {
  #slots: Slot[] = [];

  /** Takes in a span; gives the parts of it that were in no slot before. */
  add(start: number, end: number): readonly Slot[] {
    const news: Slot[] = [];
    const slots: Slot[] = [];
    let [mergedStart, mergedEnd] = [start, end];
    let at = start;
    for (const slot of this.#slots) {
      if (slot[1] < start || slot[0] > end) {
        slots.push(slot);
        continue;
      }
      if (slot[0] > at) news.push([at, slot[0]]);
      at = Math.max(at, slot[1]);
      mergedStart = Math.min(mergedStart, slot[0]);
      mergedEnd = Math.max(mergedEnd, slot[1]);
    }
    if (at < end) news.push([at, end]);
    slots.push([mergedStart, mergedEnd]);
    this.#slots = slots.sort(([a], [b]) => a - b);
    return news;
  }

  /** Forgets slots that ended before `limit`. */
  forget(limit: number): void {
    if (this.#slots.length > 0 && this.#slots[0]![1] < limit) this.#slots = this.#slots.filter(slot => slot[1] >= limit);
  }

  snapshot(): readonly Slot[] {
    return this.#slots.slice();
  }

  restore(slots: readonly Slot[]): void {
    this.#slots = slots.slice();
  }
}
