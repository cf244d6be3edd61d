import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const projectRoot = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface SourceFile {
  /** From the project's root, with slashes: `engine/planner/plan.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Loaded when first used: `import('axios')`. */
  readonly lazy: boolean;
}

/** Every TypeScript file below the folders, sorted. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap(folder => readdirSync(path.join(projectRoot, folder), {recursive: true, encoding: 'utf8'}).map(name => `${folder}/${name}`))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map(name => {
      const text = readFileSync(path.join(projectRoot, name), 'utf8');
      return {path: name, text, imports: importsOf(text)};
    });
}

/** The file an import of ours names, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#grammar')) return 'engine/language/grammar/statement.js';
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : undefined;
}

function importsOf(text: string): readonly Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?([^'";]*?from\s+)?'([^']+)'/gm;
  for (const [, type, names, specifier] of text.matchAll(statement))
    found.push({specifier: specifier!, typeOnly: type !== undefined || isTypesOnly(names ?? ''), lazy: false});
  for (const [, specifier] of text.matchAll(/\bimport\('([^']+)'\)/g)) found.push({specifier: specifier!, typeOnly: false, lazy: true});
  return found;
}

/** `{type A, type B} from` names types only. */
function isTypesOnly(names: string): boolean {
  const inner = /\{([^}]*)\}/.exec(names)?.[1];
  if (
    inner === undefined ||
    names
      .replace(/\{[^}]*\}/, '')
      .replace('from', '')
      .trim() !== ''
  )
    return false;
  return inner
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .every(name => name.startsWith('type '));
}
