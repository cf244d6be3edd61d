import type {DataType} from '#engine/values/data-type.ts';
import type {Metadata, Row, Value} from '#engine/values/value.ts';

/**
 * The contract of every function of the language. A function is one entry of one family file; reference pages, validation and tests are
 * derived from it.
 *
 * Values reach `call` in the untyped form of `Value`: an int is a bigint, a float a number. An `int` result may be given as a safe number
 * or a bigint; a result of type `any` must keep the untyped form. A result is never undefined. Errors are thrown as `EvaluationError`.
 */
export type FunctionDefinition =
  | ScalarFunction
  | AggregateFunction
  | AnalyticFunction
  | TableFunction
  | ColumnsFunction
  | WindowFunction
  | TriggerFunction;

/** What a parameter accepts; checked for literals before a rule runs, as eKuiper does. */
export type ParameterType = 'any' | 'number' | 'int' | 'string' | 'boolean' | 'datetime' | 'array' | 'object' | 'reference';

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly summary: string;
  readonly optional: boolean;
  /** Takes the rest of the arguments; only the last parameter. */
  readonly repeated: boolean;
  /** Must be a literal. */
  readonly literal: boolean;
}

/**
 * What becomes of a null argument (an empty array or object counts as null too, as in eKuiper): the result is null, false or 0 without a
 * call, or the function sees it. The caller applies it (`callScalar` does); `call` and kernels of other rules than `seen` never meet a null.
 */
export type NullRule = 'null' | 'false' | 'zero' | 'seen';

/** `[expression text, result]`; executed as a test and printed as reference. Columns named in it come from `row`. */
export type Example = readonly [expression: string, result: unknown, row?: Readonly<Record<string, unknown>>];

interface Described {
  /** Lower case. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** One sentence for people, present tense. */
  readonly summary: string;
  readonly params: readonly Parameter[];
  readonly examples: readonly Example[];
  readonly nullRule: NullRule;
  /** The static result type from the argument types and, where given, the values of literal arguments (undefined for others). */
  readonly returns: (argumentTypes: readonly DataType[], literals?: readonly (Value | undefined)[]) => DataType;
  /**
   * Checks beyond count and literal types, run once when the rule is planned. `literals[i]` is the value of a literal argument, the path of a
   * reference, undefined for others. Returns what is wrong, or undefined.
   */
  readonly check?: (literals: readonly (Value | undefined)[]) => string | undefined;
  /** What is right to ask for and cannot be done by this program; asked when the rule is planned, after `check`. */
  readonly lacks?: ((literals: readonly (Value | undefined)[]) => string | undefined) | undefined;
}

export interface ScalarFunction extends Described {
  readonly kind: 'scalar';
  /** Same arguments, same result, no scope: may be folded before the rule runs. */
  readonly pure: boolean;
  /** `call` takes a `Scope` as its first argument. */
  readonly usesScope: boolean;
  /** The part of the scope that some condition of the statement has to keep for it. */
  readonly needs?: 'hits' | 'aggregateHits' | undefined;
  /** `reference` parameters arrive as a path: `meta(device->id)` gives `['device', 'id']`, `meta(*)` gives `[]`. */
  readonly call: (...values: never[]) => Value;
  /**
   * Faster forms for static types: chosen when every argument's kind is the given one and none is null at run time; ints arrive in the typed
   * form (safe number or bigint).
   */
  readonly kernels?: readonly {readonly kinds: readonly DataType['kind'][]; readonly call: (...values: never[]) => Value}[];
}

/**
 * An aggregate that is told its rows one at a time. State is plain data (what structuredClone copies), so that operators can snapshot it.
 * `add` returns the next state (the same object if it mutates it).
 */
export interface AggregateFunction<State = unknown> extends Described {
  readonly kind: 'aggregate';
  readonly usesScope: boolean;
  /** `add` gets `[value, row]` in place of the value. */
  readonly usesRow?: boolean;
  /** `options` here and below: the literal arguments after the first (p of a percentile, ignoreNull …). `count(*)` adds `true` per row. */
  readonly initial: (options: readonly Value[]) => State;
  readonly add: (state: State, value: Value, options: readonly Value[]) => State;
  /** Undo of `add` for the oldest value, where the aggregate has an inverse; lets sliding windows evict. */
  readonly remove?: (state: State, value: Value, options: readonly Value[]) => State;
  /** The null of a window without rows stands in the result, as in eKuiper; that of other aggregates is left out. */
  readonly showsEmpty?: boolean;
  /** The state does not grow with the rows: windows that overlap may keep many of them and merge. */
  readonly isBounded?: boolean;
  /** Joins two panes; lets hopping windows combine them. Changes neither. */
  readonly merge?: (earlier: State, later: State, options: readonly Value[]) => State;
  /** The result over the rows added; `empty` windows (no row at all) give null before this is asked. */
  readonly result: (state: State, options: readonly Value[]) => Value;
  /**
   * A form for one static argument kind. Numbers of an `int` column arrive in the typed form (safe number or bigint), of a `float` column as
   * numbers; nulls are skipped before `add`.
   */
  readonly kernels?: readonly AggregateKernel<never>[];
}

export interface AggregateKernel<State> {
  readonly kind: DataType['kind'];
  readonly initial: () => State;
  readonly add: (state: State, value: never) => State;
  readonly remove?: (state: State, value: never) => State;
  readonly merge?: (earlier: State, later: State) => State;
  readonly result: (state: State) => Value;
}

/** Keeps state per call site and partition; sees every raw row. `step` returns the value for this row and mutates or replaces the state. */
export interface AnalyticFunction<State = unknown> extends Described {
  readonly kind: 'analytic';
  readonly initial: (options: readonly Value[]) => State;
  /**
   * `updated: false` means OVER(WHEN …) was not true for this row. `stars` holds the positions of arguments that are `*`, the value of which is
   * the row. A step that throws leaves the state as it was.
   */
  readonly step: (
    state: State,
    values: readonly Value[],
    updated: boolean,
    stars?: readonly number[],
  ) => {readonly state: State; readonly value: Value};
}

/** Makes columns of the values it watches, compared with what it gave before (changed_cols). Keeps state per call site. */
export interface ColumnsFunction<State = unknown> extends Described {
  readonly kind: 'columns';
  readonly initial: () => State;
  /** `names[i]` is what `values[i]` is called; the result holds the columns to add, which may be none. May change the state. */
  readonly step: (state: State, leading: readonly Value[], names: readonly string[], values: readonly Value[]) => Row;
}

/** Gives each item of a firing a number by its position among those of its partition (row_number). */
export interface WindowFunction extends Described {
  readonly kind: 'window';
  /** The value of the item that comes `position`-th, from 0, in its partition. */
  readonly at: (position: number) => number;
}

/** A field that decides when its row goes on (dedup_trigger); the planner knows it by name. */
export interface TriggerFunction extends Described {
  readonly kind: 'trigger';
}

/** Makes several rows of one (unnest, extract). */
export interface TableFunction extends Described {
  readonly kind: 'table';
  /** The elements: an object's members become columns, any other value stands under the name of the field. */
  readonly call: (...values: never[]) => readonly Value[];
}

/** How often a condition was true before, and when last (ms; 0: never). */
export interface Hits {
  count: number;
  atMs: number;
}

/**
 * What a scalar function may know besides its arguments. One object per rule, its fields set for each row or window before evaluation:
 * functions must not keep it.
 */
export interface Scope {
  readonly ruleId: string;
  readonly ruleStartMs: number;
  metadata: Metadata | undefined;
  /** Of the row; in an aggregate query, the window's end. */
  timestamp: number;
  windowStart: number | null;
  windowEnd: number | null;
  windowTrigger: number | null;
  /** Of WHERE, or of the trigger condition of a window; whoever evaluates the condition keeps it. */
  readonly hits: Hits;
  /** Of HAVING, as it was before the group at hand. */
  readonly aggregateHits: Hits;
  now(): number;
  /** IANA zone of basic.timezone. */
  readonly timeZone: string;
  /** What get_keyed_state reads; nothing is remembered where it is absent. */
  readonly keyedState?: KeyedState | undefined;
}

/** Values under keys that all rules of an engine share, in the untyped form. */
export interface KeyedState {
  get(key: string): Value | undefined;
}

/** Functions that belong together on one reference page. */
export interface FunctionFamily {
  readonly title: string;
  readonly functions: readonly FunctionDefinition[];
}
