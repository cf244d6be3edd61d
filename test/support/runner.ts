import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {compose, type Runner} from '#runner/commands/compose.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {PassMode} from '#runner/reconcile/reconciler.ts';
import {collect, type RunningProgram} from './program.ts';
import {projectRoot} from './source-tree.ts';

/** A directory of command files, one of state and a cf.yaml, in a temporary place. */
export interface RunnerPlace {
  readonly root: string;
  readonly commands: string;
  readonly state: string;
  readonly config: string;
  /** Writes, or with undefined removes, command files. */
  write(files: Readonly<Record<string, string | undefined>>): void;
  remove(): void;
}

export function createRunnerPlace(engineUrl: string, settings: Readonly<Record<string, unknown>> = {}): RunnerPlace {
  const root = mkdtempSync(path.join(tmpdir(), 'runner-'));
  const place = {root, commands: path.join(root, 'commands'), state: path.join(root, 'state'), config: path.join(root, 'cf.yaml')};
  mkdirSync(place.commands);
  const all = {
    url: engineUrl,
    commandDir: place.commands,
    stateDir: place.state,
    timeout: 2000,
    httpPort: 0,
    heartbeat: '200ms',
    ...settings,
  };
  writeFileSync(place.config, JSON.stringify(all));
  return {
    ...place,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        if (text === undefined) rmSync(path.join(place.commands, name));
        else writeFileSync(path.join(place.commands, name), text);
      }
    },
    remove: () => rmSync(root, {recursive: true, force: true}),
  };
}

/** The runner inside this process, pass by pass. A new one remembers only what its inventory file holds. */
export async function composeRunner(place: RunnerPlace): Promise<Runner & {pass(mode?: PassMode): Promise<PassReport>}> {
  const runner = await compose({config: place.config}, {isService: true});
  return {...runner, pass: (mode = 'sync') => runner.reconciler.pass({mode, signal: new AbortController().signal})};
}

let bundle: Promise<string> | undefined;

/** The real program in a process of its own, built from the sources as they are. */
export async function startRunner(
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  bundle ??= buildRunner();
  return collect(spawn(process.execPath, [await bundle, ...programArguments], {env: {...process.env, NO_COLOR: '1', ...environment}}));
}

async function buildRunner(): Promise<string> {
  // Inside the project, so that packages are found.
  const outdir = path.join(projectRoot, 'node_modules/.cache/arrokoth', `runner-${process.pid}`);
  await build({
    entryPoints: [path.join(projectRoot, 'runner/main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
    outExtension: {'.js': '.mjs'},
  });
  process.once('exit', () => rmSync(outdir, {recursive: true, force: true}));
  return path.join(outdir, 'main.mjs');
}

/** A command file. */
export function commandFile(...commands: readonly object[]): string {
  return JSON.stringify({commands});
}

export function streamCommand(name: string, options = 'DATASOURCE="t", FORMAT="JSON"'): object {
  return {url: '/streams', method: 'POST', data: {sql: `CREATE STREAM ${name} () WITH (${options})`}};
}

export function ruleCommand(id: string, stream: string, more: object = {}): object {
  return {url: '/rules', method: 'POST', data: {id, sql: `SELECT * FROM ${stream}`, actions: [{nop: {}}], ...more}};
}
