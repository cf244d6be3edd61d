/** A fault of a model file and the path of the member at fault; the loader adds file, line and column. */
export class ModelFault extends Error {
  readonly path: readonly (string | number)[];
  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * An object of a model file whose keys match in any case, as Go's JSON decoder matches them: files spell `datatype` and `CollectCycle`.
 * Null counts as absent.
 */
export class ModelFields {
  readonly path: readonly (string | number)[];
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(object: Readonly<Record<string, unknown>>, path: readonly (string | number)[] = []) {
    this.#object = object;
    this.path = path;
  }

  /** The key as written in the file. */
  key(name: string): string | undefined {
    if (Object.hasOwn(this.#object, name)) return name;
    const folded = name.toLowerCase();
    return Object.keys(this.#object).findLast(key => key.toLowerCase() === folded);
  }

  keys(): readonly string[] {
    return Object.keys(this.#object);
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  value(name: string): unknown {
    const key = this.key(name);
    return key === undefined ? undefined : (this.#object[key] ?? undefined);
  }

  /** Numbers and booleans count as their text: YAML reads `name: 12` as a number. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    throw this.fault(name, `expected ${name} to be a string, got ${shown(value)}`);
  }

  requiredText(name: string, owner: string): string {
    const text = this.text(name);
    if (text === undefined || text === '') throw this.fault(name, `${owner} has no ${name}`);
    return text;
  }

  object(name: string): ModelFields | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const path = [...this.path, this.key(name)!];
    if (!isObject(value)) throw new ModelFault(path, `expected ${name} to be an object, got ${shown(value)}`);
    return new ModelFields(value, path);
  }

  list(name: string): readonly ModelFields[] {
    const value = this.value(name);
    if (value === undefined) return [];
    const path = [...this.path, this.key(name)!];
    if (!Array.isArray(value)) throw new ModelFault(path, `expected ${name} to be a list, got ${shown(value)}`);
    return value.map((item: unknown, i) => {
      if (!isObject(item)) throw new ModelFault([...path, i], `expected each item of ${name} to be an object, got ${shown(item)}`);
      return new ModelFields(item, [...path, i]);
    });
  }

  fault(name: string | undefined, message: string): ModelFault {
    const key = name === undefined ? undefined : this.key(name);
    return new ModelFault(key === undefined ? this.path : [...this.path, key], message);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member)) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
