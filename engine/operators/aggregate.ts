import type {Batch, Operator, WindowBatch} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

/**
 * Aggregates over windows that overlap: the groups of each firing are made anew from its rows. Where windows do not overlap the groups
 * themselves are the contents of the window and no rows are kept. Stateless between firings.
 */
export class Aggregate implements Operator<WindowBatch> {
  readonly name = 'aggregate';
  readonly #groups: WindowContents;

  constructor(groups: WindowContents) {
    this.#groups = groups;
  }

  push({start, end, ...rows}: WindowBatch): void {
    this.#groups.add(rows satisfies Batch, 0, rows.rows.length);
    this.#groups.fire(start, end);
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
