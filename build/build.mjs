// Builds the program into dist/: the parser from its grammar, then one bundle per entry point. `npm ci` runs it.
import {chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const dist = path.join(root, 'dist');
const {dependencies} = require('../package.json');

/** Packages of which a small part is used, built in: loading all of them would cost more memory than their part of the program. */
const treeShaken = new Set(['valibot']);

/** LALR tables as an ES module. A grammar with a conflict is a defect: the build fails and names it. */
export function buildGrammar() {
  const source = path.join(root, 'engine/language/grammar/statement.jison');
  if (!existsSync(source)) return;
  const {Generator} = require('jison');
  const conflicts = [];
  const log = console.log;
  console.log = (...words) => conflicts.push(words.join(' '));
  let text;
  try {
    const generator = new Generator(readFileSync(source, 'utf8'), {type: 'lalr'});
    if (generator.conflicts > 0) throw new Error(`the grammar has ${generator.conflicts} conflicts:\n${conflicts.join('\n')}`);
    text = generator.generateModule({moduleName: 'statement', moduleMain: () => {}});
  } finally {
    console.log = log;
  }
  mkdirSync(path.join(dist, 'grammar'), {recursive: true});
  const target = path.join(dist, 'grammar/statement.js');
  // Renamed into place: whoever loads the parser meanwhile gets a whole one.
  writeFileSync(`${target}.${process.pid}`, `${text}\nexport {statement as parser};\n`);
  renameSync(`${target}.${process.pid}`, target);
}

async function bundle() {
  const {build} = await import('esbuild');
  const entries = {engine: 'engine/main.ts', runner: 'runner/main.ts', demo: 'demo/main.ts'};
  const present = Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file)));
  await build({
    entryPoints: Object.fromEntries(present.map(([name, file]) => [name, path.join(root, file)])),
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: Object.keys(dependencies).filter(name => !treeShaken.has(name)),
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const [name] of present) {
    const file = path.join(dist, `${name}.js`);
    const text = readFileSync(file, 'utf8');
    if (!text.startsWith('#!')) writeFileSync(file, `#!/usr/bin/env node\n${text}`);
    chmodSync(file, 0o755);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildGrammar();
  if (!process.argv.includes('--grammar')) {
    rmSync(path.join(dist, 'chunks'), {recursive: true, force: true});
    await bundle();
  }
}
