import type {Timestamp} from '#engine/base/clock.ts';
import type {Metadata, Row} from '#engine/values/value.ts';

/**
 * Rows that travel together through a rule. Entry i of `metadata` and `timestamps` belongs to row i. The arrays belong to the caller: an
 * operator that keeps rows copies the references out; it never writes to the batch or to a row.
 */
export interface Batch {
  readonly rows: readonly Row[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
}

/** Rows of one firing with its bounds. */
export interface WindowBatch {
  readonly rows: readonly Row[];
  readonly metadata: readonly (Metadata | undefined)[];
  readonly timestamps: readonly Timestamp[];
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** What fired the window, where that is not its end. */
  readonly trigger?: Timestamp | undefined;
}

/** An operator that follows event time. */
export interface WatermarkListener {
  /** All rows of an earlier time have been pushed. Watermarks only grow. */
  advance(watermark: Timestamp): void;
  /** Hears of each step of the watermark before any row that it does not let pass; else of several at once. */
  readonly hearsEachStep?: boolean;
}

/** Where an operator puts its results; called synchronously, possibly several times or never for one input. */
export interface Output<T> {
  emit(value: T): void;
  /** A row or window that failed: counted, and sent on when the rule has sendError. */
  fail(error: Error): void;
}

/**
 * One physical operator of a running rule. Calls never overlap; everything is synchronous. `push` must not throw: failures go to the output.
 * Order of rows is kept.
 */
export interface Operator<In = Batch, State = unknown> {
  /** As in metrics and topology, without index: `filter`, `window`, `project`. */
  readonly name: string;
  push(input: In): void;
  /** Plain data (what `encodeSnapshot` takes) from which `restore` continues as if nothing had happened. Stateless: undefined. */
  snapshot(): State | undefined;
  /** Called before the first push. */
  restore(state: State): void;
  /** Cancels timers. Nothing is emitted afterwards. */
  close(): void;
}
