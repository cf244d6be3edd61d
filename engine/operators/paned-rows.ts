import type {Timestamp} from '#engine/base/clock.ts';
import type {Batch} from './operator.ts';
import type {PaneGroups} from './pane-groups.ts';
import {RowQueue} from './row-queue.ts';
import type {SlidingContents} from './window-contents.ts';

interface PanedRowsState {
  readonly rows: Batch;
  readonly paned: number;
  readonly panes: unknown;
}

/** Rows in a pane: what a firing accumulates once more where its window begins inside one. */
const paneLength = 64;

/**
 * GROUP BY with aggregates over windows that overlap and fire at few rows.
 *
 * ```text
 *   rows    · · ·│· · · · · ·│· · · · · ·│· · · · · · ·
 *   panes    ⟨3⟩ │    ⟨6⟩    │    ⟨6⟩    │  none before the next firing
 * ```
 *
 * A row is only kept until a window fires; what came since the last firing then becomes panes of many rows, so that a group costs little
 * for each row. Of a pane that a window holds in part, the rows left are accumulated anew. Rows that no firing sees cost no more than their
 * place. State: the rows, and the panes, which keep the order of the groups.
 */
export class PanedRows implements SlidingContents {
  readonly #rows = new RowQueue();
  readonly #panes: PaneGroups;
  /** Rows at the front that are in panes; the oldest pane may hold some more that have left. */
  #paned = 0;

  constructor(panes: PaneGroups) {
    this.#panes = panes;
  }

  add(batch: Batch, from: number, to: number): void {
    this.#rows.push(batch, from, to);
  }

  cut(): void {}

  evict(limit: Timestamp, includesLimit: boolean): void {
    this.#drop(this.#rows.countUntil(limit, includesLimit));
  }

  keep(rowCount: number): void {
    this.#drop(Math.max(0, this.#rows.length - rowCount));
  }

  fire(start: Timestamp, end: Timestamp, trigger?: Timestamp): void {
    const gone = this.#panes.rowCount - this.#paned;
    if (gone > 0) this.#panes.remakeOldest(this.#rows.slice(0, this.#panes.oldestRowCount - gone));
    while (this.#paned < this.#rows.length) {
      const batch = this.#rows.slice(this.#paned, Math.min(this.#rows.length, this.#paned + paneLength));
      this.#panes.add(batch, 0, batch.rows.length);
      this.#panes.cut();
      this.#paned += batch.rows.length;
    }
    this.#panes.fire(start, end, trigger);
  }

  snapshot(): PanedRowsState {
    return {rows: this.#rows.slice(), paned: this.#paned, panes: this.#panes.snapshot()};
  }

  restore(state: unknown): void {
    const {rows, paned, panes} = state as PanedRowsState;
    this.#rows.restore(rows);
    this.#paned = paned;
    this.#panes.restore(panes);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#rows.drop(count);
    this.#paned = Math.max(0, this.#paned - count);
    this.#panes.keep(this.#paned);
  }
}
