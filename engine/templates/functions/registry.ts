import {builtins} from './builtins.ts';
import {collectionFunctions} from './collections.ts';
import {encodingFunctions} from './encoding.ts';
import {numberFunctions} from './numbers.ts';
import type {TemplateFunction} from './template-function.ts';
import {textFunctions} from './texts.ts';

/** Every function of templates by name; `and` and `or` are part of the compiler, since they do not evaluate all arguments. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  [builtins, numberFunctions, textFunctions, collectionFunctions, encodingFunctions].flatMap(family => Object.entries(family)),
);

export function isTemplateFunction(name: string): boolean {
  return name === 'and' || name === 'or' || templateFunctions.has(name);
}
