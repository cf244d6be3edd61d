import type {Batch, Operator, WindowBatch} from './operator.ts';

/** A join without a window: every row is handed on by itself, as if it had come alone. Stateless. */
export class SingleRows implements Operator<Batch> {
  readonly name = 'aggregate';
  readonly #emit: (batch: WindowBatch) => void;

  constructor(emit: (batch: WindowBatch) => void) {
    this.#emit = emit;
  }

  push({rows, metadata, timestamps}: Batch): void {
    for (let i = 0; i < rows.length; i++) {
      const at = timestamps[i]!;
      this.#emit({rows: [rows[i]!], metadata: [metadata[i]], timestamps: [at], start: at, end: at});
    }
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
