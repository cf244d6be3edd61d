import type {Span} from './span.ts';

/** The tree of an expression as written: names are unresolved, function names unknown to the parser. All nodes are read-only data. */
export type Expression =
  | IntegerLiteral
  | FloatLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | TimeUnitLiteral
  | ColumnReference
  | MemberAccess
  | ElementAccess
  | SliceAccess
  | Wildcard
  | UnaryExpression
  | BinaryExpression
  | BetweenExpression
  | InExpression
  | LikeExpression
  | IsNullExpression
  | CaseExpression
  | FunctionCall;

export interface IntegerLiteral {
  readonly kind: 'integer';
  /** A number while it is a safe integer, a bigint beyond; saturates at 2^63 − 1. */
  readonly value: number | bigint;
  readonly span: Span;
}

export interface FloatLiteral {
  readonly kind: 'float';
  readonly value: number;
  /** The digits as written, so that a printed statement reads the same. */
  readonly text: string;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

export interface NullLiteral {
  readonly kind: 'null';
  readonly span: Span;
}

/** `DD HH MI SS MS`: the first argument of a time window. */
export interface TimeUnitLiteral {
  readonly kind: 'time-unit';
  readonly unit: 'dd' | 'hh' | 'mi' | 'ss' | 'ms';
  readonly span: Span;
}

/** A bare or back-quoted name. Whether it is a column, an alias or a stream is decided by the analyzer. */
export interface ColumnReference {
  readonly kind: 'column';
  readonly name: string;
  readonly span: Span;
}

/** `target.name` or `target->name`. `stream.column` parses as this too; the analyzer tells them apart. */
export interface MemberAccess {
  readonly kind: 'member';
  readonly target: Expression;
  readonly name: string;
  readonly operator: '.' | '->';
  readonly span: Span;
}

export interface ElementAccess {
  readonly kind: 'element';
  readonly target: Expression;
  readonly index: Expression;
  readonly span: Span;
}

/** `target[from:to]`; an absent bound is undefined. */
export interface SliceAccess {
  readonly kind: 'slice';
  readonly target: Expression;
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  readonly span: Span;
}

/** `*` or `stream.*`, with EXCEPT and REPLACE. */
export interface Wildcard {
  readonly kind: 'wildcard';
  readonly stream: string | undefined;
  readonly except: readonly string[];
  readonly replace: readonly {readonly expression: Expression; readonly alias: string}[];
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: 'unary';
  readonly operator: '-' | 'NOT';
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'AND' | 'OR';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface BetweenExpression {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
  readonly span: Span;
}

/** `operand IN (items…)`, or `operand IN set` where set is an array-valued primary; exactly one of `items` and `set` is given. */
export interface InExpression {
  readonly kind: 'in';
  readonly operand: Expression;
  readonly items: readonly Expression[] | undefined;
  readonly set: Expression | undefined;
  readonly negated: boolean;
  readonly span: Span;
}

export interface LikeExpression {
  readonly kind: 'like';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly negated: boolean;
  readonly span: Span;
}

export interface IsNullExpression {
  readonly kind: 'is-null';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly span: Span;
}

/** `operand` undefined: searched CASE. */
export interface CaseExpression {
  readonly kind: 'case';
  readonly operand: Expression | undefined;
  readonly branches: readonly {readonly when: Expression; readonly then: Expression}[];
  readonly otherwise: Expression | undefined;
  readonly span: Span;
}

/** A call of anything that looks like a function, windows outside GROUP BY included. `name` keeps its case. */
export interface FunctionCall {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** `count(DISTINCT x)`. */
  readonly distinct: boolean;
  /** `FILTER(WHERE …)`. */
  readonly filter: Expression | undefined;
  readonly over: OverClause | undefined;
  readonly span: Span;
}

export interface OverClause {
  readonly partitionBy: readonly Expression[];
  readonly when: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly span: Span;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}
