import {sortBytes} from './byte-order.ts';
import {isDateTime} from './type-name.ts';
import type {Row, Value} from './value.ts';

/** Distinct values in the sense of `sameValue`; looking one up takes time in proportion to its own size. */
export class ValueSet {
  readonly #scalars = new Set<Value>();
  readonly #texts = new Set<string>();

  constructor(values: readonly Value[] = []) {
    for (const value of values) this.add(value);
  }

  has(value: Value): boolean {
    return isComposite(value) ? this.#texts.has(canonical(value)) : this.#scalars.has(value);
  }

  /** Whether the value is new. */
  add(value: Value): boolean {
    const set: Set<unknown> = isComposite(value) ? this.#texts : this.#scalars;
    const before = set.size;
    set.add(isComposite(value) ? canonical(value) : value);
    return set.size > before;
  }
}

/** Whether a value consists of others or is compared by what it holds. */
export function isComposite(value: Value): boolean {
  return typeof value === 'object' && value !== null;
}

/** A text that two values share exactly when they are the same. */
function canonical(value: Value): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}i`;
    case 'number':
      return String(value);
    case 'boolean':
      return String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  if (isDateTime(value)) return `t${String(value)}`;
  const row = value as Row;
  return `{${sortBytes(Object.keys(row))
    .map(name => `${JSON.stringify(name)}:${canonical(row[name]!)}`)
    .join()}}`;
}
