import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {invalidOperation} from '#engine/values/arithmetic.ts';
import {equal} from '#engine/values/comparison.ts';
import {type Int, narrow, widen} from '#engine/values/int.ts';
import {defineMember} from '#engine/values/member.ts';
import {toText} from '#engine/values/text.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';

/** A copy of a row without some of its members. */
export function without(row: Row, hidden: ReadonlySet<string>): Row {
  const copy: Row = {};
  for (const name of Object.keys(row)) if (!hidden.has(name)) defineMember(copy, name, row[name]!);
  return copy;
}

/** A row as an untyped value: its int columns in the untyped form. */
export function widenColumns(row: Row, columns: readonly string[]): Row {
  const copy = {...row};
  for (const name of columns) {
    const value = Object.hasOwn(row, name) ? row[name] : null;
    if (typeof value === 'number') defineMember(copy, name, widen(value as Int));
  }
  return copy;
}

/** `needle IN (items)`, all evaluated: null items never match, a null needle is in nothing. */
export function inItems(needle: Value, items: readonly Value[]): boolean {
  try {
    for (const item of items) if (equal(needle, item)) return true;
    return false;
  } catch (thrown) {
    throw new EvaluationError(`evaluate in expression error: ${messageOf(thrown)}`);
  }
}

/** `needle IN set`; a null set has no elements. */
export function inSet(needle: Value, set: Value): boolean {
  if (set === null) return false;
  if (!Array.isArray(set)) throw invalidOperation('IN', needle, set);
  return inItems(needle, set);
}

/** Condition of HAVING: unlike WHERE, null is an error. */
export function havingHolds(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(`invalid condition that returns non-bool value ${describe(value)}`);
}

/** The text that groups rows: values that print alike fall into one group, as in eKuiper. */
export function groupKey(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (typeof value === 'number' && Number.isInteger(value) && value < 1_000_000 && value > -1_000_000) return String(value);
  return toText(value, '<nil>');
}

/** Whether `value` is not among those `seen` yet; it is afterwards. Numbers compare numerically, other values by type and text. */
export function isDistinct(seen: Set<number | string>, value: Value): boolean {
  const key = distinctKey(value);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function distinctKey(value: Value): number | string {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `n${value}`;
  return typeof value === 'string' ? `s${value}` : `o${describe(value)}`;
}

export function rethrow(error: unknown): never {
  throw error;
}

/** Gives the value of a scalar function, or null when it fails: what eKuiper does with one in an aggregate query. */
export function attempt(call: () => Value, swallowed: (error: unknown) => void): Value {
  try {
    return call();
  } catch (error) {
    swallowed(error);
    return null;
  }
}

/** An int that a function gave, in the typed form. */
export function narrowed(value: Value): Value {
  return typeof value === 'bigint' ? narrow(value) : value;
}

type Watch = (state: unknown, leading: readonly Value[], names: readonly string[], values: readonly Value[]) => Row;

/** Calls a function that watches values; a name that is null stands for a row, whose columns are watched one by one. Null of no column. */
export function watch(
  call: Watch,
  cell: {readonly state: unknown},
  leading: readonly Value[],
  names: readonly (string | null)[],
  values: readonly Value[],
): Value {
  const given = names.includes(null) ? spreadRows(names, values) : {names: names as readonly string[], values};
  const columns = call(cell.state, leading, given.names, given.values);
  return Object.keys(columns).length === 0 ? null : columns;
}

function spreadRows(names: readonly (string | null)[], values: readonly Value[]): {readonly names: string[]; readonly values: Value[]} {
  const spread = {names: [] as string[], values: [] as Value[]};
  for (const [i, name] of names.entries()) {
    const members = name === null ? Object.entries(values[i] as Row) : [[name, values[i]!] as const];
    for (const [member, value] of members) {
      spread.names.push(member);
      spread.values.push(value);
    }
  }
  return spread;
}

/** A row with some columns replaced or added. */
export function replaced(row: Row, names: readonly string[], values: readonly Value[]): Row {
  const copy = {...row};
  for (const [i, name] of names.entries()) defineMember(copy, name, values[i]!);
  return copy;
}

/** Adds the members of `columns`, null ones too, to a result; an own `__proto__` stays one. */
export function addColumns(result: Row, columns: Value): void {
  if (columns === null) return;
  for (const name of Object.keys(columns as Row)) defineMember(result, name, (columns as Row)[name]!);
}
