import type {Timestamp} from '#engine/base/clock.ts';
import {type Counters, countIn, measured} from './counters.ts';
import type {Batch, Operator} from './operator.ts';
import type {RowKey, RowTest} from './row-test.ts';
import type {WindowContents} from './window-contents.ts';

/** What a state window is made of. */
export interface StateWindowParts {
  readonly begin: RowTest;
  /** Undefined: `begin` closes a window as well. */
  readonly emit: RowTest | undefined;
  /** Undefined: all rows are of one partition. */
  readonly partition: RowKey | undefined;
  /** Contents of one window. */
  readonly createContents: () => WindowContents;
  readonly counters: Counters;
}

interface OpenWindow {
  readonly start: Timestamp;
  readonly contents: WindowContents;
}

type StateWindowState = readonly (readonly [key: string, start: Timestamp, contents: unknown])[];

/**
 * Windows that conditions open and close, in each partition on its own. Rows outside a window are dropped.
 *
 * ```text
 *   begin        ●───────●──────●──▶     a true row closes the window without itself and opens the next
 *   begin, emit  ●──────○   ●───○──▶     the begin row is not tested for emit; the emit row is the last
 * ```
 *
 * A condition that is null or fails counts as false. Time plays no part: bounds are the times of the rows that open and close. State: the
 * open windows; a partition without one costs nothing.
 */
export class StateWindow implements Operator<Batch, StateWindowState> {
  readonly name = 'window';
  readonly #parts: StateWindowParts;
  readonly #open = new Map<string, OpenWindow>();

  constructor(parts: StateWindowParts) {
    this.#parts = parts;
  }

  push(batch: Batch): void {
    const {begin, emit, partition, counters} = this.#parts;
    const {timestamps} = batch;
    const count = timestamps.length;
    countIn(counters, timestamps);
    for (let i = 0; i < count; i++) {
      const key = partition === undefined ? '' : partition(batch, i);
      const window = this.#open.get(key);
      if (window === undefined) {
        if (begin(batch, i)) this.#begin(key, batch, i);
      } else if (emit === undefined) {
        if (begin(batch, i)) {
          this.#close(key, window, timestamps[i]!);
          this.#begin(key, batch, i);
        } else window.contents.add(batch, i, i + 1);
      } else {
        window.contents.add(batch, i, i + 1);
        if (emit(batch, i)) this.#close(key, window, timestamps[i]!);
      }
    }
  }

  snapshot(): StateWindowState {
    return [...this.#open].map(([key, {start, contents}]) => [key, start, contents.snapshot()] as const);
  }

  restore(state: StateWindowState): void {
    this.#open.clear();
    for (const [key, start, saved] of state) {
      const contents = this.#parts.createContents();
      contents.restore(saved);
      this.#open.set(key, {start, contents});
    }
  }

  close(): void {}

  #begin(key: string, batch: Batch, i: number): void {
    const contents = this.#parts.createContents();
    contents.add(batch, i, i + 1);
    this.#open.set(key, {start: batch.timestamps[i]!, contents});
  }

  #close(key: string, {start, contents}: OpenWindow, end: Timestamp): void {
    // Before firing: a snapshot taken downstream must not hold the window too.
    this.#open.delete(key);
    this.#parts.counters.recordsOut++;
    measured(this.#parts.counters, () => contents.fire(start, end));
  }
}
