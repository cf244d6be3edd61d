import type {Batch} from './operator.ts';

/** Generated: whether a condition is true for row `i` of a batch; null, an error and any other value are false. */
export type RowTest = (batch: Batch, i: number) => boolean;

/** Generated: the text of a row's partition. */
export type RowKey = (batch: Batch, i: number) => string;
