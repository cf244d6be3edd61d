import {builtins} from './builtins.ts';
import {comparisons} from './compare.ts';
import {dateFunctions} from './dates.ts';
import {defaultFunctions} from './defaults.ts';
import {dictFunctions} from './dicts.ts';
import {encodingFunctions} from './encoding.ts';
import {hashFunctions} from './hashes.ts';
import {listFunctions} from './lists.ts';
import {numberFunctions} from './numbers.ts';
import {pathFunctions} from './paths.ts';
import {randomFunctions} from './randoms.ts';
import {reflectionFunctions} from './reflection.ts';
import {regexpFunctions} from './regexps.ts';
import {semverFunctions} from './semvers.ts';
import {spellingFunctions} from './spelling.ts';
import type {TemplateFamily, TemplateFunction} from './template-function.ts';
import {textListFunctions} from './text-lists.ts';
import {textFunctions} from './texts.ts';
import {urlFunctions} from './urls.ts';

export const templateFamilies: readonly TemplateFamily[] = [
  builtins,
  comparisons,
  textFunctions,
  spellingFunctions,
  textListFunctions,
  regexpFunctions,
  numberFunctions,
  defaultFunctions,
  listFunctions,
  dictFunctions,
  encodingFunctions,
  hashFunctions,
  dateFunctions,
  reflectionFunctions,
  pathFunctions,
  urlFunctions,
  semverFunctions,
  randomFunctions,
];

/** Every function of templates by name and alias; `and` and `or` are part of the compiler, since they do not evaluate all arguments. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  templateFamilies.flatMap(({functions}) =>
    Object.entries(functions).flatMap(([name, one]) => [name, ...one.aliases].map(known => [known, one] as const)),
  ),
);

export function isTemplateFunction(name: string): boolean {
  return name === 'and' || name === 'or' || templateFunctions.has(name);
}
