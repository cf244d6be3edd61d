import {ownMember} from '#engine/values/member.ts';
import type {Row, Value} from '#engine/values/value.ts';

type Key = string | number;

/**
 * The newest row of each key, with an index for every column that was ever asked for. Numbers are equal whatever their kind, as in the
 * language; other values by type and text. Rows of one answer come in the order in which their keys first appeared.
 */
export class KeyedRows {
  readonly #column: string;
  readonly #rows = new Map<Key, Row>();
  readonly #indexes = new Map<string, Map<Key, Map<Key, Row>>>();

  /** `column` holds the key. */
  constructor(column: string) {
    this.#column = column;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Takes the place of the row of its key; false for a row without a key. */
  put(row: Row): boolean {
    const value = ownMember(row, this.#column);
    if (value === null) return false;
    const key = keyOf(value);
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    for (const [column, index] of this.#indexes) {
      if (before !== undefined) unlist(index, column, key, before);
      list(index, column, key, row);
    }
    return true;
  }

  delete(value: Value): void {
    if (value === null) return;
    const key = keyOf(value);
    const before = this.#rows.get(key);
    if (before === undefined) return;
    this.#rows.delete(key);
    for (const [column, index] of this.#indexes) unlist(index, column, key, before);
  }

  /** Rows whose columns have the values. */
  find(columns: readonly string[], values: readonly Value[]): readonly Row[] {
    const at = Math.max(0, columns.indexOf(this.#column));
    const [column, value] = [columns[at]!, values[at]!];
    if (value === null) return [];
    const candidates = column === this.#column ? this.#byKey(keyOf(value)) : this.#byColumn(column, keyOf(value));
    if (columns.length === 1 || candidates.length === 0) return candidates;
    return candidates.filter(row => columns.every((name, i) => has(row, name, values[i]!)));
  }

  #byKey(key: Key): readonly Row[] {
    const row = this.#rows.get(key);
    return row === undefined ? [] : [row];
  }

  #byColumn(column: string, key: Key): readonly Row[] {
    let index = this.#indexes.get(column);
    if (index === undefined) {
      this.#indexes.set(column, (index = new Map()));
      for (const [primary, row] of this.#rows) list(index, column, primary, row);
    }
    return [...(index.get(key)?.values() ?? [])];
  }
}

function has(row: Row, column: string, value: Value): boolean {
  const own = ownMember(row, column);
  return own !== null && value !== null && keyOf(own) === keyOf(value);
}

function list(index: Map<Key, Map<Key, Row>>, column: string, primary: Key, row: Row): void {
  const value = ownMember(row, column);
  if (value === null) return;
  const key = keyOf(value);
  const rows = index.get(key);
  if (rows === undefined) index.set(key, new Map([[primary, row]]));
  else rows.set(primary, row);
}

function unlist(index: Map<Key, Map<Key, Row>>, column: string, primary: Key, row: Row): void {
  const value = ownMember(row, column);
  if (value === null) return;
  const key = keyOf(value);
  const rows = index.get(key);
  rows?.delete(primary);
  if (rows?.size === 0) index.delete(key);
}

function keyOf(value: Value): Key {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `n${value}`;
  if (typeof value === 'string') return `s${value}`;
  return `o${JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? Number(member) : member))}`;
}
