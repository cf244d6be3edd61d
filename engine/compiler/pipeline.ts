import type {Clock, Timestamp} from '#engine/base/clock.ts';
import type {KeyedState} from '#engine/functions/function.ts';
import type {Find} from '#engine/operators/lookup-join.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {Row} from '#engine/values/value.ts';

/**
 * A rule as a graph of running operators, made by the compiler from a plan. Rows go in by stream, results come out synchronously.
 * Compiled code is shared between rules of the same shape: a rule costs closures over its constants, not new code.
 */
export interface Pipeline {
  /** One entry per source of the plan, in the plan's order. */
  readonly inputs: readonly PipelineInput[];
  /** Operators in the order of the status answer: upstream first. Without sources and sinks. */
  readonly operators: readonly OperatorNode[];
  /** Plain data, from which `restore` of a pipeline of the same plan continues. */
  snapshot(): unknown;
  restore(state: unknown): void;
  close(): void;
}

export interface PipelineInput {
  readonly stream: string;
  /** The position in `operators` of the one that the rows reach first; 0 when undefined. */
  readonly entry?: number;
  push(batch: Batch): void;
}

/**
 * A node of the status and topology answers. `name` without index (`filter`, `window`, `project`); `downstream` holds positions in
 * `Pipeline.operators`, empty for the last.
 */
export interface OperatorNode {
  readonly name: string;
  readonly metrics: NodeMetrics;
  readonly downstream: readonly number[];
  /** Whether the node sees rows that an index may withhold because it knows the filter drops them: the runtime adds those to its input count. */
  readonly countsWithheld: boolean;
}

/** Counters as plain fields; read at scrape or status, never formatted on the hot path. */
export class NodeMetrics {
  recordsIn = 0;
  recordsOut = 0;
  messagesProcessed = 0;
  exceptions = 0;
  lastException = '';
  lastExceptionAt: Timestamp = 0;
  lastInvocationAt: Timestamp = 0;
  latencyUs = 0;

  fail(message: string, at: Timestamp): void {
    this.exceptions++;
    this.lastException = message;
    this.lastExceptionAt = at;
  }
}

/** Where the results of a rule go. */
export interface ResultOutput {
  /** Results of a windowless rule: each row is a message of its own. The array belongs to the callee afterwards. */
  rows(rows: Row[]): void;
  /** One firing of a window: all rows are one message. May be empty. */
  collection(rows: Row[]): void;
  /** A row or window that failed, already counted on its node. */
  error(error: Error): void;
}

/** What a pipeline needs of the rule it runs in. */
export interface PipelineEnvironment {
  readonly clock: Clock;
  readonly ruleId: string;
  readonly ruleStartMs: number;
  readonly timeZone: string;
  /** What get_keyed_state reads; nothing is remembered where it is absent. */
  readonly keyedState?: KeyedState | undefined;
  readonly output: ResultOutput;
  /** How a lookup table is asked for the columns `fields` (all when undefined) of rows whose `keys` have given values. */
  readonly lookup?: (table: string, fields: readonly string[] | undefined, keys: readonly string[]) => Find;
  /** Columns that a star over the stream leaves out (`DeviceTyping.hiddenColumns`); none when undefined. */
  readonly hiddenColumns?: (stream: string) => readonly string[];
}
