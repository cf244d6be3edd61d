import {EvaluationError} from '#engine/base/errors.ts';
import {struct} from '#engine/values/data-type.ts';
import {toPlainText} from '#engine/values/text.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {param, repeated, scalar} from '../define.ts';
import {object, objectOf, objectOfArgument} from './object-arguments.ts';

const keys = repeated(param('key', 'any', 'The name of a member, or one array of names.'));

export const object_pick = scalar({
  name: 'object_pick',
  summary: 'An object with some of its members only; null of null.',
  params: [
    object,
    {...keys, summary: 'The name of a member, a path such as `pos.lat`, or one array of them; what is missing is passed over.'},
  ],
  examples: [
    ["object_pick(o, 'k1.temp', 'k2')", {k1: {temp: 23n}, k2: '2'}, {o: {k1: {temp: 23n, hum: 34n}, k2: '2', k3: null}}],
    ['object_pick(o, k)', {a: 1n}, {o: {a: 1n, b: 2n}, k: ['a', 'c']}],
  ],
  nullRule: 'seen',
  returns: struct(),
  call: (from: Value, ...names: readonly Value[]) => {
    if (from === null) return null;
    const row = objectOfArgument(from, 'first');
    const [first] = names;
    const wanted = Array.isArray(first) ? namesIn(first) : names;
    return pick(
      row,
      wanted.flatMap(name => (typeof name === 'string' ? [pathOf(name, row)] : [])),
    );
  },
});

/** A name that is there as it stands is no path. */
function pathOf(name: string, row: Row): readonly string[] {
  return Object.hasOwn(row, name) ? [name] : name.split('.');
}

/** The members at the paths, each at its place. */
function pick(row: Row, paths: readonly (readonly string[])[]): Row {
  const members = new Map<string, Value>();
  const within = new Map<string, (readonly string[])[]>();
  for (const [name, ...rest] of paths) {
    if (name === undefined || !Object.hasOwn(row, name)) continue;
    if (rest.length === 0) members.set(name, row[name]!);
    else within.set(name, [...(within.get(name) ?? []), rest]);
  }
  for (const [name, rests] of within) {
    const target = row[name]!;
    if (members.has(name) || !isRow(target)) continue;
    const part = pick(target, rests);
    if (Object.keys(part).length > 0) members.set(name, part);
  }
  return objectOf(members);
}

export const erase = scalar({
  name: 'erase',
  summary: 'An object without one member or without several.',
  params: [object, keys],
  examples: [
    ["erase(o, 'a')", {b: 2n}, {o: {a: 1n, b: 2n}}],
    ['erase(o, k)', {c: 3n}, {o: {a: 1n, b: 2n, c: 3n}, k: ['a', 'b']}],
  ],
  returns: struct(),
  call: (from: Value, key: Value, ...more: readonly Value[]) => {
    if (more.length > 0) throw new EvaluationError(`the argument number should be 2, got ${more.length + 2}`);
    const row = objectOfArgument(from, 'first');
    if (typeof key !== 'string' && !Array.isArray(key)) throw new EvaluationError('second argument should be string or []string');
    const names = new Set(Array.isArray(key) ? namesIn(key) : [key]);
    return objectOf(Object.entries(row).filter(([name]) => !names.has(name)));
  },
});

/** Elements that are no text stand for their text. */
function namesIn(list: readonly Value[]): readonly string[] {
  return list.map(toPlainText);
}
