import type {Batch, Operator, WindowBatch} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

/**
 * Aggregates over windows that keep their rows: the groups of each firing are made anew from them. Where windows do not overlap the groups
 * themselves are the contents of the window, and where every aggregate merges its panes are (`PaneGroups`): no rows are kept then. Stateless
 * between firings.
 */
export class Aggregate implements Operator<WindowBatch> {
  readonly name = 'aggregate';
  readonly #groups: WindowContents;

  constructor(groups: WindowContents) {
    this.#groups = groups;
  }

  push({start, end, trigger, ...rows}: WindowBatch): void {
    this.#groups.add(rows satisfies Batch, 0, rows.rows.length);
    this.#groups.fire(start, end, trigger);
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
