/**
 * A value as it travels through a rule.
 *
 * int and float differ at run time (`1` and `1.0` divide differently). The representation depends on what is known before the rule runs:
 *
 * - in a slot whose static type is `int`: a number while it is a safe integer, a bigint beyond (wraps at 64 bits);
 * - in an untyped slot (`any`: schemaless columns, elements of arrays and objects, CASE of mixed types): an int is always a bigint,
 *   a float always a number.
 *
 * `undefined` never appears in a slot: what is missing is null.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | DateTime | readonly Value[] | Row;

/** An object as JSON.parse gives it. Read members only through `member` or compiled access: names of Object.prototype are not members. */
export interface Row {
  [column: string]: Value;
}

/** An instant in a time zone: SQL type `datetime`. `toString` prints Go's `%v` form. */
export interface DateTime {
  /** With a fraction where the source had microseconds. */
  readonly epochMs: number;
  /** IANA name or fixed offset; `toJSON` prints RFC 3339 in it. */
  readonly zone: string;
  toJSON(): string;
}

/** What a source tells about a message beside its payload: topic, qos, device … Keys are read by `meta()`. */
export interface Metadata {
  [key: string]: unknown;
}
