import type {Batch, Operator} from './operator.ts';
import type {WindowContents} from './window-contents.ts';

/** Aggregates without a window: every row is a group by itself, as if it had come alone. Stateless. */
export class EachRow implements Operator<Batch> {
  readonly name = 'aggregate';
  readonly #contents: WindowContents;

  constructor(contents: WindowContents) {
    this.#contents = contents;
  }

  push(batch: Batch): void {
    for (let i = 0; i < batch.rows.length; i++) {
      this.#contents.add(batch, i, i + 1);
      this.#contents.fire(batch.timestamps[i]!, batch.timestamps[i]!);
    }
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
