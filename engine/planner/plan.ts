import type {SourceKind} from '#engine/language/ast/statement.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundAggregate, BoundExpression} from './bound-expression.ts';

/**
 * The logical plan: a tree of nodes from the result down to its sources. Nodes are read-only; a rewrite returns a new tree.
 * Physical operators are the compiler's.
 */
export type PlanNode = SourceNode | FilterNode | WindowNode | AggregateNode | HavingNode | OrderNode | ProjectNode;

export interface SourceNode {
  readonly kind: 'source';
  /** Name of the stream. */
  readonly stream: string;
  readonly sourceKind: SourceKind;
  readonly schema: StreamSchema;
  /** Columns the rule reads, or all (a star); set by column pruning. */
  readonly columns: readonly string[] | 'all';
  /** The rule reads `meta()`/`mqtt()` or sends metadata on. */
  readonly usesMetadata: boolean;
}

export interface FilterNode {
  readonly kind: 'filter';
  /** `filter`: from the FILTER of a window alone; else from WHERE. Nothing but names in answers depends on it. */
  readonly clause?: 'where' | 'filter';
  readonly input: PlanNode;
  readonly condition: BoundExpression;
}

export interface WindowNode {
  readonly kind: 'window';
  readonly input: PlanNode;
  readonly window: TumblingSpec | CountSpec;
  /** FILTER(WHERE …) of the window. */
  readonly filter: BoundExpression | undefined;
}

export interface TumblingSpec {
  readonly kind: 'tumbling';
  readonly unit: 'dd' | 'hh' | 'mi' | 'ss' | 'ms';
  /** In units. */
  readonly length: number;
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
  readonly sendNilField: boolean;
  readonly sendMeta: boolean;
}

export type ProjectedField =
  | {readonly kind: 'expression'; readonly name: string; readonly expression: BoundExpression; readonly invisible: boolean}
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
