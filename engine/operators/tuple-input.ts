import type {Metadata, Row} from '#engine/values/value.ts';
import type {Batch, Operator} from './operator.ts';
import {asRow} from './tuple.ts';

/** Where the rows of one source become tuples. */
export interface TupleInputParts {
  /** What metadata is kept under. */
  readonly source: string;
  /** The place of the source among those of the rule. */
  readonly position: number;
  /** How many sources the rule reads. */
  readonly width: number;
  /** The rule reads metadata; else it is left behind. */
  readonly usesMetadata: boolean;
  readonly output: {push(batch: Batch): void};
}

/** Makes a tuple of each row of one source of a join; order and times stay. Stateless. */
export class TupleInput implements Operator<Batch> {
  readonly name = 'input';
  readonly #parts: TupleInputParts;
  readonly #none: readonly undefined[] = [];
  readonly #empty: readonly (Row | null)[];

  constructor(parts: TupleInputParts) {
    this.#parts = parts;
    this.#empty = Array.from({length: parts.width}, () => null);
  }

  push(batch: Batch): void {
    const {output} = this.#parts;
    output.push({
      rows: batch.rows.map(row => this.#tuple(row)),
      metadata: this.#parts.usesMetadata ? batch.metadata.map(metadata => this.#named(metadata)) : this.#none,
      timestamps: batch.timestamps,
    });
  }

  #tuple(row: Row): Row {
    const tuple = this.#empty.slice();
    tuple[this.#parts.position] = row;
    return asRow(tuple);
  }

  #named(metadata: Metadata | undefined): Metadata | undefined {
    return metadata && {[this.#parts.source]: metadata};
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
