import {loadFactory} from './factory-cache.ts';
import {type LibraryName, library} from './library.ts';

/** A name that needs no quoting and is no one's inherited member. */
const plainName = /^[A-Za-z$][A-Za-z0-9_$]{0,63}$/;

const functionNumbers = new WeakMap<object, number>();
let nextFunctionNumber = 0;

/**
 * The text of one factory of generated functions, and what it is bound to.
 *
 * Text from a statement never becomes text of the program: literals, names and anything else that differs between rules of one shape are
 * constants of the factory (`c0`, `c1`, …). Only names of ASCII letters, digits, underscores and dollar signs stand in the text, as quoted keys, because
 * access by a fixed key is faster.
 */
export class Emission {
  readonly #constants: unknown[] = [];
  readonly #library = new Set<LibraryName>();
  readonly #functions = new Map<string, object>();
  #locals = 0;

  /** Binds a value; equal objects are bound once. */
  constant(value: unknown): string {
    const known = typeof value === 'object' && value !== null ? this.#constants.indexOf(value) : -1;
    return `c${known >= 0 ? known : this.#constants.push(typeof value === 'string' ? internalized(value) : value) - 1}`;
  }

  /** A function of the registry, shared by all rules: its identity is part of the program's text. */
  shared(call: object): string {
    let number = functionNumbers.get(call);
    if (number === undefined) functionNumbers.set(call, (number = nextFunctionNumber++));
    const name = `f${number}`;
    this.#functions.set(name, call);
    return name;
  }

  /** A function of the run-time library. */
  call(name: LibraryName, ...values: readonly string[]): string {
    this.#library.add(name);
    return `$${name}(${values.join(', ')})`;
  }

  /** A property key as it stands between brackets. */
  key(name: string): string {
    return isPlainName(name) ? JSON.stringify(name) : this.constant(name);
  }

  /** A member of an object literal. A computed key makes `__proto__` a member like others. */
  entry(name: string, value: string): string {
    return isPlainName(name) ? `${JSON.stringify(name)}: ${value}` : `[${this.constant(name)}]: ${value}`;
  }

  /** A name for a local variable, unlike all others of this program. */
  local(prefix: string): string {
    return `${prefix}${this.#locals++}`;
  }

  /** Runs the program: `body` ends with `return …`. Programs of the same text share their code. */
  build<T>(body: string): T {
    const names = [...this.#library].sort();
    const functions = [...this.#functions.keys()].sort();
    const parameters = this.#constants.map((_, i) => `c${i}`).join(', ');
    const text = [
      '"use strict";',
      `const {${names.map(name => `${name}: $${name}`).join(', ')}} = library;`,
      `const {${functions.join(', ')}} = functions;`,
      `return function make(${parameters}) {`,
      body,
      '};',
    ].join('\n');
    const make = loadFactory(text, library, () => Object.fromEntries(this.#functions));
    return make(...this.#constants) as T;
  }
}

/** The string as JavaScript keeps property names and JSON.parse keeps short texts: equal ones are then one object, and comparing is quick. */
function internalized(text: string): string {
  return Object.keys({[text]: 0})[0]!;
}

export function isPlainName(name: string): boolean {
  return plainName.test(name) && !(name in Object.prototype);
}
