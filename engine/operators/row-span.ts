import type {Timestamp} from '#engine/base/clock.ts';
import type {Batch, WindowBatch} from './operator.ts';
import {RowQueue} from './row-queue.ts';
import type {SlidingContents} from './window-contents.ts';

/**
 * The rows of windows that overlap, for queries that need them: rows as results, or an aggregate whose state grows with the rows. Every row
 * is a pane of its own.
 */
export class RowSpan implements SlidingContents {
  readonly #emit: (batch: WindowBatch) => void;
  readonly #rows = new RowQueue();

  constructor(emit: (batch: WindowBatch) => void) {
    this.#emit = emit;
  }

  add(batch: Batch, from: number, to: number): void {
    this.#rows.push(batch, from, to);
  }

  cut(): void {}

  evict(limit: Timestamp, includesLimit: boolean): void {
    this.#rows.drop(this.#rows.countUntil(limit, includesLimit));
  }

  keep(rowCount: number): void {
    this.#rows.drop(Math.max(0, this.#rows.length - rowCount));
  }

  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void {
    this.#emit({...this.#rows.slice(), start, end, trigger});
  }

  /** Hands on the rows later than `after` and not later than `until`. */
  fireBetween(after: Timestamp, until: Timestamp, bounds: Pick<WindowBatch, 'start' | 'end' | 'trigger'>): void {
    this.#emit({...this.#rows.slice(this.#rows.countUntil(after, true), this.#rows.countUntil(until, true)), ...bounds});
  }

  snapshot(): Batch {
    return this.#rows.slice();
  }

  restore(state: unknown): void {
    this.#rows.restore(state as Batch);
  }
}
