import type {Guard} from '#engine/planner/plan.ts';
import type {Row, Value} from '#engine/values/value.ts';

type Scalar = number | string | boolean;

/** Entries whose threshold a value passes form a prefix of the list: `sign` 1 keeps it ascending (for > and >=), −1 descending. */
interface Thresholds<T> {
  readonly sign: 1 | -1;
  readonly bounds: number[];
  readonly inclusive: boolean[];
  readonly entries: T[];
}

/**
 * Finds, for a row, the entries whose guard may hold, in time that grows with the matches and not with the entries.
 *
 * Equality is a hash, ranges over numbers are sorted thresholds. A value for which the guard would be an error of the language (a string
 * against a number) reaches every such entry, so that the error is reported where it belongs; null reaches none, since a comparison with
 * null is false. The index may pass an entry too many but never one too few.
 */
export class GuardIndex<T> {
  readonly #columns = new Map<string, ColumnIndex<T>>();

  add(guard: Guard, entry: T): void {
    let column = this.#columns.get(guard.column);
    if (!column) this.#columns.set(guard.column, (column = new ColumnIndex()));
    column.add(guard, entry);
  }

  remove(guard: Guard, entry: T): void {
    const column = this.#columns.get(guard.column);
    if (!column) return;
    column.remove(guard, entry);
    if (column.size === 0) this.#columns.delete(guard.column);
  }

  visit(row: Row, found: (entry: T) => void): void {
    for (const [name, column] of this.#columns) {
      const value = name in Object.prototype ? (Object.hasOwn(row, name) ? row[name] : null) : row[name];
      if (value !== null && value !== undefined) column.visit(value, found);
    }
  }
}

class ColumnIndex<T> {
  size = 0;
  readonly #equal = new Map<Scalar, T[]>();
  readonly #above: Thresholds<T> = {sign: 1, bounds: [], inclusive: [], entries: []};
  readonly #below: Thresholds<T> = {sign: -1, bounds: [], inclusive: [], entries: []};
  /** Ranges over strings: the language orders them by bytes, which no list here does. */
  readonly #unordered: T[] = [];
  /** Every entry by the type of its constant. */
  readonly #byType: Record<'number' | 'string' | 'boolean', T[]> = {number: [], string: [], boolean: []};

  add({operator, constant}: Guard, entry: T): void {
    this.size++;
    this.#byType[typeof constant as 'number'].push(entry);
    if (operator === '=') {
      const entries = this.#equal.get(constant);
      if (entries) entries.push(entry);
      else this.#equal.set(constant, [entry]);
    } else if (typeof constant === 'number')
      insert(operator[0] === '>' ? this.#above : this.#below, constant, operator.length === 2, entry);
    else this.#unordered.push(entry);
  }

  remove({operator, constant}: Guard, entry: T): void {
    this.size--;
    without(this.#byType[typeof constant as 'number'], entry);
    if (operator === '=') {
      const entries = this.#equal.get(constant);
      if (entries && without(entries, entry).length === 0) this.#equal.delete(constant);
    } else if (typeof constant === 'number') {
      const list = operator[0] === '>' ? this.#above : this.#below;
      const at = list.entries.indexOf(entry);
      if (at < 0) return;
      list.entries.splice(at, 1);
      list.bounds.splice(at, 1);
      list.inclusive.splice(at, 1);
    } else without(this.#unordered, entry);
  }

  visit(value: Value, found: (entry: T) => void): void {
    const type = typeof value;
    if (type !== 'number' && type !== 'string' && type !== 'boolean') {
      // A bigint may round past a threshold and any other type is an error of the comparison: the entries decide.
      this.#visitTypes(undefined, found);
      return;
    }
    const equal = this.#equal.get(value as Scalar);
    if (equal) for (const entry of equal) found(entry);
    if (type === 'number') {
      visitPrefix(this.#above, value as number, found);
      visitPrefix(this.#below, value as number, found);
    } else if (type === 'string') for (const entry of this.#unordered) found(entry);
    this.#visitTypes(type as 'number', found);
  }

  #visitTypes(except: 'number' | 'string' | 'boolean' | undefined, found: (entry: T) => void): void {
    if (except !== 'number') for (const entry of this.#byType.number) found(entry);
    if (except !== 'string') for (const entry of this.#byType.string) found(entry);
    if (except !== 'boolean') for (const entry of this.#byType.boolean) found(entry);
  }
}

function insert<T>(list: Thresholds<T>, bound: number, inclusive: boolean, entry: T): void {
  let low = 0;
  let high = list.bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list.bounds[middle]! - bound) * list.sign < 0) low = middle + 1;
    else high = middle;
  }
  list.bounds.splice(low, 0, bound);
  list.inclusive.splice(low, 0, inclusive);
  list.entries.splice(low, 0, entry);
}

function visitPrefix<T>({sign, bounds, inclusive, entries}: Thresholds<T>, value: number, found: (entry: T) => void): void {
  for (let i = 0; i < bounds.length; i++) {
    const distance = (value - bounds[i]!) * sign;
    if (distance < 0) return;
    if (distance > 0 || inclusive[i]!) found(entries[i]!);
  }
}

function without<T>(list: T[], entry: T): T[] {
  const at = list.indexOf(entry);
  if (at >= 0) list.splice(at, 1);
  return list;
}
