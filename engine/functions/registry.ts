import {aggregateFunctions} from './aggregate/family.ts';
import {analyticFunctions} from './analytic/family.ts';
import type {FunctionDefinition, FunctionFamily} from './function.ts';
import {arrayFunctions} from './scalar/array.ts';
import {dateTimeFunctions} from './scalar/date-time.ts';
import {hashFunctions} from './scalar/hash.ts';
import {hitFunctions} from './scalar/hits.ts';
import {jsonFunctions} from './scalar/json.ts';
import {mathFunctions} from './scalar/math.ts';
import {objectFunctions} from './scalar/object.ts';
import {otherFunctions} from './scalar/other.ts';
import {stringFunctions} from './scalar/string.ts';
import {transformFunctions} from './scalar/transform.ts';
import {tableFunctions} from './table/family.ts';

/** Every function of the language, in the order of the reference page. */
export const functionFamilies: readonly FunctionFamily[] = [
  aggregateFunctions,
  analyticFunctions,
  tableFunctions,
  mathFunctions,
  stringFunctions,
  dateTimeFunctions,
  hashFunctions,
  jsonFunctions,
  transformFunctions,
  arrayFunctions(name => byName.get(name)),
  objectFunctions,
  otherFunctions,
  hitFunctions,
];

const byName: ReadonlyMap<string, FunctionDefinition> = new Map(
  functionFamilies.flatMap(({functions}) => functions.flatMap(one => [one.name, ...one.aliases].map(name => [name, one] as const))),
);

/** The function of that name or alias, in any case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name.toLowerCase());
}

/** All names, aliases included. */
export function functionNames(): Iterable<string> {
  return byName.keys();
}
