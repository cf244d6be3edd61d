import type {Expression, OrderItem, OverClause} from './expression.ts';
import type {Span} from './span.ts';

export type Statement = SelectStatement | CreateStatement | ShowStatement | DescribeStatement | ExplainStatement | DropStatement;

export interface SelectStatement {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly fields: readonly SelectField[];
  readonly from: SourceReference;
  readonly joins: readonly JoinClause[];
  readonly where: Expression | undefined;
  /** Grouping expressions in order; the window, if any, stands in `window`. */
  readonly groupBy: readonly Expression[];
  readonly window: WindowClause | undefined;
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | undefined;
  readonly span: Span;
}

export interface SelectField {
  readonly expression: Expression;
  readonly alias: string | undefined;
  readonly invisible: boolean;
  readonly span: Span;
}

export interface SourceReference {
  readonly name: string;
  readonly alias: string | undefined;
  readonly span: Span;
}

export interface JoinClause {
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly source: SourceReference;
  readonly on: Expression | undefined;
  readonly span: Span;
}

/** `windowKind` is the lower-case name without `window`: tumbling, hopping, sliding, session, count, state. */
export interface WindowClause {
  readonly windowKind: 'tumbling' | 'hopping' | 'sliding' | 'session' | 'count' | 'state';
  readonly arguments: readonly Expression[];
  readonly filter: Expression | undefined;
  readonly over: OverClause | undefined;
  readonly span: Span;
}

export type SourceKind = 'stream' | 'table';

export interface CreateStatement {
  readonly kind: 'create';
  readonly sourceKind: SourceKind;
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly options: readonly SourceOption[];
  readonly span: Span;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** The DEFAULT literal. */
  readonly defaultValue: Expression | undefined;
  readonly span: Span;
}

export type ColumnType =
  | {readonly kind: 'bigint' | 'float' | 'string' | 'datetime' | 'boolean' | 'bytea'}
  | {readonly kind: 'array'; readonly element: ColumnType}
  | {readonly kind: 'struct'; readonly fields: readonly {readonly name: string; readonly type: ColumnType}[]};

/** `key` is upper case as in the reference (`DATASOURCE`, `CONF_KEY` …); TRUE/FALSE without quotes arrive as those words. */
export interface SourceOption {
  readonly key: string;
  readonly value: string;
  readonly span: Span;
}

export interface ShowStatement {
  readonly kind: 'show';
  readonly sourceKind: SourceKind;
  readonly span: Span;
}
export interface DescribeStatement {
  readonly kind: 'describe';
  readonly sourceKind: SourceKind;
  readonly name: string;
  readonly span: Span;
}
export interface ExplainStatement {
  readonly kind: 'explain';
  readonly sourceKind: SourceKind;
  readonly name: string;
  readonly span: Span;
}
export interface DropStatement {
  readonly kind: 'drop';
  readonly sourceKind: SourceKind;
  readonly name: string;
  readonly span: Span;
}
