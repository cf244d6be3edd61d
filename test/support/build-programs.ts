import {execFileSync} from 'node:child_process';
import {readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {projectRoot} from './source-tree.ts';

/** Builds dist before the first test where a source is newer: tests of whole programs run what is built. */
export default function buildPrograms(): void {
  const built = modifiedAt(path.join(projectRoot, 'dist/engine.js'));
  const isStale = ['engine', 'runner', 'demo', 'build'].some(folder =>
    readdirSync(path.join(projectRoot, folder), {recursive: true, encoding: 'utf8'}).some(
      name => modifiedAt(path.join(projectRoot, folder, name)) > built,
    ),
  );
  if (isStale) execFileSync(process.execPath, [path.join(projectRoot, 'build/build.mjs')], {stdio: 'inherit'});
}

function modifiedAt(file: string): number {
  return statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0;
}
