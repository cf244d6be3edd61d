import type {AggregateFunction, AnalyticFunction, ColumnsFunction, ScalarFunction, WindowFunction} from '#engine/functions/function.ts';
import type {BinaryOperator} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';

/**
 * An expression after analysis: every name resolved, every call looked up, every node typed. What the compiler turns into JavaScript.
 *
 * A literal of type int holds a safe number or a bigint (the typed form). The analyzer inserts no conversions: the compiler converts
 * between the typed and the untyped form where a node's type meets a slot of type `any`.
 */
export type BoundExpression =
  | BoundLiteral
  | BoundColumn
  | BoundMember
  | BoundElement
  | BoundSlice
  | BoundUnary
  | BoundBinary
  | BoundBetween
  | BoundIn
  | BoundLike
  | BoundIsNull
  | BoundCase
  | BoundScalarCall
  | BoundMetadata
  | BoundSlot
  | BoundStar
  | BoundColumnsCall;

interface Typed {
  readonly type: DataType;
  readonly span: Span;
}

export interface BoundLiteral extends Typed {
  readonly kind: 'literal';
  readonly value: Value;
}

/**
 * In the place of a stream's name: the column is that of the first source, in FROM and JOIN order, whose row has it. Such a name is found
 * when rows come, where some source may have columns nobody declared. eKuiper's name for it; no stream can be called so.
 */
export const anyStream = '$$default';

/** A column of the input row of the stage. */
export interface BoundColumn extends Typed {
  readonly kind: 'column';
  readonly stream: string;
  readonly name: string;
  /** In a join with rows of unknown columns, a name that only this source may have but that does not say so: its condition stays above. */
  readonly isUnqualified?: true;
}

export interface BoundMember extends Typed {
  readonly kind: 'member';
  readonly target: BoundExpression;
  readonly name: string;
}

export interface BoundElement extends Typed {
  readonly kind: 'element';
  readonly target: BoundExpression;
  readonly index: BoundExpression;
}

export interface BoundSlice extends Typed {
  readonly kind: 'slice';
  readonly target: BoundExpression;
  readonly from: BoundExpression | undefined;
  readonly to: BoundExpression | undefined;
}

export interface BoundUnary extends Typed {
  readonly kind: 'unary';
  readonly operator: '-' | 'NOT';
  readonly operand: BoundExpression;
}

export interface BoundBinary extends Typed {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: BoundExpression;
  readonly right: BoundExpression;
}

export interface BoundBetween extends Typed {
  readonly kind: 'between';
  readonly operand: BoundExpression;
  readonly low: BoundExpression;
  readonly high: BoundExpression;
  readonly negated: boolean;
}

export interface BoundIn extends Typed {
  readonly kind: 'in';
  readonly operand: BoundExpression;
  readonly items: readonly BoundExpression[] | undefined;
  readonly set: BoundExpression | undefined;
  readonly negated: boolean;
}

export interface BoundLike extends Typed {
  readonly kind: 'like';
  readonly operand: BoundExpression;
  readonly pattern: BoundExpression;
  readonly negated: boolean;
}

export interface BoundIsNull extends Typed {
  readonly kind: 'is-null';
  readonly operand: BoundExpression;
  readonly negated: boolean;
}

export interface BoundCase extends Typed {
  readonly kind: 'case';
  readonly operand: BoundExpression | undefined;
  readonly branches: readonly {readonly when: BoundExpression; readonly then: BoundExpression}[];
  readonly otherwise: BoundExpression | undefined;
}

export interface BoundScalarCall extends Typed {
  readonly kind: 'call';
  readonly definition: ScalarFunction;
  readonly arguments: readonly BoundExpression[];
}

/** The path of a `reference` argument: `meta(device->id)`. In a join `stream` is never undefined. */
export interface BoundMetadata extends Typed {
  readonly kind: 'metadata';
  readonly stream: string | undefined;
  readonly path: readonly string[];
}

/**
 * A value computed by an earlier stage or earlier in this one: an alias, an aggregate's result, an analytic function's value. `slot` numbers
 * the `aliases`, `aggregates` or `analytics` of the plan; of `window`, the aggregates of a WHERE above a window; of
 * `window-function`, the `functions` of the WindowFuncNode.
 */
export interface BoundSlot extends Typed {
  readonly kind: 'slot';
  readonly of: 'alias' | 'aggregate' | 'analytic' | 'window' | 'window-function';
  readonly slot: number;
}

/** `*` as an argument: the whole row (`collect(*)`, `count(*)`). */
export interface BoundStar extends Typed {
  readonly kind: 'star';
  readonly stream: string | undefined;
  readonly except: readonly string[];
  /** `REPLACE(expression AS name)`. */
  readonly replace?: readonly {readonly name: string; readonly expression: BoundExpression}[];
}

/** A call that makes columns of what it watches, by name (`changed_cols`); its value is an object of them. */
export interface BoundColumnsCall extends Typed {
  readonly kind: 'columns-call';
  readonly definition: ColumnsFunction;
  /** What precedes the watched columns. */
  readonly arguments: readonly BoundExpression[];
  /** A star stands for all columns of the row under their own names. */
  readonly watched: readonly {readonly name: string; readonly expression: BoundExpression}[];
}

/** An aggregate call of the statement; equal calls share one. */
export interface BoundAggregate {
  readonly definition: AggregateFunction;
  /** What is accumulated, per input row; undefined for `count(*)`. */
  readonly argument: BoundExpression | undefined;
  /** Values of the literal arguments after the first. */
  readonly options: readonly Value[];
  readonly distinct: boolean;
  readonly filter: BoundExpression | undefined;
  readonly type: DataType;
  readonly span: Span;
}

/** An analytic call of the statement. */
export interface BoundAnalytic {
  readonly definition: AnalyticFunction;
  readonly arguments: readonly BoundExpression[];
  readonly partitionBy: readonly BoundExpression[];
  readonly when: BoundExpression | undefined;
  readonly type: DataType;
  readonly span: Span;
}

/** A window function of SELECT, over the items of each firing. */
export interface BoundWindowFunction {
  readonly definition: WindowFunction;
  readonly partitionBy: readonly BoundExpression[];
  readonly orderBy: readonly {readonly expression: BoundExpression; readonly descending: boolean}[];
  readonly type: DataType;
  readonly span: Span;
}
