import type {SourceKind} from '#engine/language/ast/statement.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundAggregate, BoundAnalytic, BoundColumn, BoundExpression, BoundWindowFunction} from './bound-expression.ts';

/**
 * The logical plan: a tree of nodes from the result down to its sources. Nodes are read-only; a rewrite returns a new tree.
 * Physical operators are the compiler's.
 */
export type PlanNode =
  | SourceNode
  | MergeNode
  | JoinNode
  | WatermarkNode
  | AnalyticNode
  | DedupNode
  | WindowFuncNode
  | FilterNode
  | WindowNode
  | AggregateNode
  | HavingNode
  | OrderNode
  | ProjectNode;

/** A column, or a member of one: `['pos', 'lat']` is `pos.lat`. */
export type ReadPath = readonly [column: string, ...members: string[]];

export interface SourceNode {
  readonly kind: 'source';
  /** Name of the stream. */
  readonly stream: string;
  /** What columns of it carry as their stream: its name, or its alias where the statement reads the stream twice. */
  readonly id: string;
  readonly sourceKind: SourceKind;
  /** A table that is asked by key and sends no rows. */
  readonly isLookup: boolean;
  /** How many rows a scan table keeps. */
  readonly retainSize: number;
  readonly schema: StreamSchema;
  /** Columns the rule reads, or all (a star); set by column pruning. */
  readonly columns: readonly string[] | 'all';
  /** The same, down to members of structs. */
  readonly reads: readonly ReadPath[] | 'all';
  /** The rule reads `meta()`/`mqtt()` or sends metadata on. */
  readonly usesMetadata: boolean;
  /** In event time: where a row's time stands. */
  readonly timestamp?: TimestampColumn | undefined;
}

/** The options TIMESTAMP and TIMESTAMP_FORMAT of a stream. */
export interface TimestampColumn {
  readonly column: string;
  /** Pattern of texts; undefined: one of the known forms. */
  readonly format: string | undefined;
}

/**
 * Event time: gives each row the time of its TIMESTAMP column, drops rows that are late and hands the others on in the order of their time,
 * held back until the watermark has passed them.
 */
export interface WatermarkNode {
  readonly kind: 'watermark';
  readonly input: PlanNode;
  readonly lateToleranceMs: number;
}

/**
 * Evaluates analytic functions for every row, before anything drops one: `analytics` are what the slots of kind `analytic` mean, each needing
 * only those before it. Their values travel with the row as columns that no star shows (`analyticColumn`).
 */
export interface AnalyticNode {
  readonly kind: 'analytic';
  readonly input: PlanNode;
  /** With the source whose rows each sees. */
  readonly analytics: readonly (BoundAnalytic & {readonly slot: number; readonly source: string})[];
}

/** Holds each row until the end of its time slot and adds the part of the slot not told before (`dedupColumn`). */
export interface DedupNode {
  readonly kind: 'dedup';
  readonly input: PlanNode;
  readonly start: BoundColumn;
  readonly end: BoundColumn;
  readonly now: BoundColumn;
  readonly expireMs: number;
}

/** Numbers the items of each firing: `functions` are what the slots of kind `window-function` mean. */
export interface WindowFuncNode {
  readonly kind: 'windowFunc';
  readonly input: PlanNode;
  readonly functions: readonly BoundWindowFunction[];
}

/** The column under which the value of an analytic slot travels with its row. */
export function analyticColumn(slot: number): string {
  return `$$a${slot}`;
}

/** The column that holds the time slots `dedup_trigger` found. */
export const dedupColumn = '$$dedup';

/**
 * The streams of a rule with several sources, each with the conditions that stand before everything else. Rows become tuples here
 * (`engine/operators/tuple.ts`). The tree has this leaf in the place of a source; no stream at all where a rule reads tables alone.
 */
export interface MergeNode {
  readonly kind: 'merge';
  /** SourceNodes, or filters of one. */
  readonly inputs: readonly PlanNode[];
}

/** FROM and JOIN over the rows of a firing, or over each row where there is no window. */
export interface JoinNode {
  readonly kind: 'join';
  readonly input: PlanNode;
  /** `id` of the source of FROM. */
  readonly from: string;
  /** In the order of the statement; each joins what came out of those before. */
  readonly steps: readonly JoinStep[];
  /** The scan tables: SourceNodes, or filters of one. */
  readonly tables: readonly PlanNode[];
}

export interface JoinStep {
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  /** `id` of the source that joins. */
  readonly source: string;
  readonly kind: 'stream' | 'scan' | 'lookup';
  /** Undefined: every pair matches. */
  readonly on: BoundExpression | undefined;
}

export interface FilterNode {
  readonly kind: 'filter';
  /** `filter`: from the FILTER of a window alone; else from WHERE. Nothing but names in answers depends on it. */
  readonly clause?: 'where' | 'filter';
  readonly input: PlanNode;
  readonly condition: BoundExpression;
  /** Above a window: aggregates over all its rows, before the filter; what slots of kind `window` in the condition mean. */
  readonly aggregates?: readonly BoundAggregate[];
}

export interface WindowNode {
  readonly kind: 'window';
  readonly input: PlanNode;
  readonly window: WindowSpec;
  /** FILTER(WHERE …) of the window. */
  readonly filter: BoundExpression | undefined;
  /** The window follows the watermark; else the clock. */
  readonly isEventTime?: boolean;
  /** Windows of time without rows give nothing (eKuiper's incremental windows); else an empty result. */
  readonly omitsEmpty?: boolean;
}

export type WindowSpec = TumblingSpec | HoppingSpec | SlidingSpec | SessionSpec | CountSpec | StateSpec;

export type TimeUnit = 'dd' | 'hh' | 'mi' | 'ss' | 'ms';

export interface TumblingSpec {
  readonly kind: 'tumbling';
  readonly unit: TimeUnit;
  /** In units. */
  readonly length: number;
}

/** Every `hop` units a window of the last `length`. */
export interface HoppingSpec {
  readonly kind: 'hopping';
  readonly unit: TimeUnit;
  readonly length: number;
  readonly hop: number;
}

/** At each row a window of the last `length` units. */
export interface SlidingSpec {
  readonly kind: 'sliding';
  readonly unit: TimeUnit;
  readonly length: number;
  /** In units: the window fires so much later, with the rows that came until then. */
  readonly delay: number;
  /** OVER(WHEN …): rows for which it is true trigger; undefined: all. */
  readonly when: BoundExpression | undefined;
  /** Rows exactly `length` before the trigger are out, those exactly `delay` after it are in: window version v2. */
  readonly isLeftExclusive: boolean;
  /** With a delay: one result at the trigger, and one of the rows after it. */
  readonly sendsTwice: boolean;
}

/** Rows with less than `timeout` units between them; cut at ticks every `length` units. */
export interface SessionSpec {
  readonly kind: 'session';
  readonly unit: TimeUnit;
  readonly length: number;
  readonly timeout: number;
}

export interface StateSpec {
  readonly kind: 'state';
  readonly begin: BoundExpression;
  /** Undefined: `begin` closes the window too. */
  readonly emit: BoundExpression | undefined;
  readonly partitionBy: readonly BoundExpression[];
}

export interface CountSpec {
  readonly kind: 'count';
  readonly length: number;
  /** Fires every `interval` rows; at most `length`. */
  readonly interval: number;
}

/**
 * Groups the rows of a window. `groupBy` empty: one group. `aggregates` are what the slots of kind `aggregate` mean. A window whose every
 * aggregate accumulates is compiled with its AggregateNode into one operator that keeps accumulators, no rows.
 *
 * Without a window below, each row is a group of its own. Under a ProjectNode that is not `aggregate` (an aggregate only in HAVING or ORDER
 * BY) the node computes its slots over the window and hands on the window's rows: HAVING then keeps or drops all of them.
 */
export interface AggregateNode {
  readonly kind: 'aggregate';
  readonly input: PlanNode;
  readonly groupBy: readonly BoundExpression[];
  readonly aggregates: readonly BoundAggregate[];
  /** Columns outside aggregates are those of the group's last row (eKuiper's incremental windows); else of its first. */
  readonly takesLastRow?: boolean;
}

export interface HavingNode {
  readonly kind: 'having';
  readonly input: PlanNode;
  readonly condition: BoundExpression;
}

export interface OrderNode {
  readonly kind: 'order';
  readonly input: PlanNode;
  readonly items: readonly {readonly expression: BoundExpression; readonly descending: boolean}[];
}

export interface ProjectNode {
  readonly kind: 'project';
  readonly input: PlanNode;
  /** In SELECT order. */
  readonly fields: readonly ProjectedField[];
  /** Whether rows of the output are groups (an aggregate query) or single rows. */
  readonly aggregate: boolean;
  readonly limit: number | undefined;
  readonly distinct: boolean;
  /** The field whose elements become rows of their own, and the function that gave them; `limit` then counts the rows made. */
  readonly expands?: {readonly field: string; readonly function: string} | undefined;
  readonly sendNilField: boolean;
  readonly sendMeta: boolean;
}

export type ProjectedField =
  | {
      readonly kind: 'expression';
      readonly name: string;
      readonly expression: BoundExpression;
      /** Written with AS: a null of it then leaves nothing, also where it is a column under its own name. */
      readonly isAliased: boolean;
      readonly invisible: boolean;
      /** The value's members are columns of the result, in place of the value itself. */
      readonly spread?: boolean;
    }
  | {
      readonly kind: 'star';
      readonly stream: string | undefined;
      readonly except: readonly string[];
      readonly replace: readonly {readonly name: string; readonly expression: BoundExpression}[];
    };

/** A planned rule: the tree and what the statement names. */
export interface Plan {
  readonly root: ProjectNode;
  /** Alias expressions in the order they may be evaluated; slots of kind `alias` number these. Each is evaluated at most once per row. */
  readonly aliases: readonly {readonly name: string; readonly expression: BoundExpression}[];
  readonly sources: readonly SourceNode[];
  /** Output columns in SELECT order, for the rule's schema; a star over an open stream makes it `open`. */
  readonly output: {readonly columns: readonly {readonly name: string; readonly type: DataType}[]; readonly open: boolean};
  /**
   * The leading conjunct of WHERE when it has the form `column op constant` and stands before anything that could fail: rows for which it is
   * false or null need not reach the rule. `equal` compares like `=` of the language.
   */
  readonly guard: Guard | undefined;
  /** Things that are legal and probably not meant, with position; shown by validate and explain. */
  readonly warnings: readonly string[];
}

export interface Guard {
  readonly column: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  /** A number (int or float alike), a string, or a boolean. */
  readonly constant: Extract<Value, number | string | boolean>;
}

/** Options of a rule that change its plan or its results. */
export interface PlanOptions {
  readonly isEventTime: boolean;
  readonly sendNilField: boolean;
  readonly sendMetaToSink: boolean;
  /** How far event time may lag before a row is late; 1000 when undefined. */
  readonly lateToleranceMs?: number | undefined;
  readonly enableIncrementalWindow?: boolean | undefined;
  /** `v2`: the second sliding window of eKuiper. */
  readonly windowVersion?: string | undefined;
  readonly enableSendSlidingWindowTwice?: boolean | undefined;
}

/** What the planner asks of the catalog. */
export interface SchemaLookup {
  /** Undefined when no stream or table has that name. */
  source(
    name: string,
  ): {readonly kind: SourceKind; readonly schema: StreamSchema; readonly options: ReadonlyMap<string, string>} | undefined;
  /** Names for "did you mean". */
  names(): Iterable<string>;
}
