import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Clock} from '#engine/base/clock.ts';
import {compose, type Runner} from '#runner/commands/compose.ts';
import type {HealthReport} from '#runner/reconcile/health-watch.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {PassMode} from '#runner/reconcile/reconciler.ts';
import type {TrialResult} from '#runner/reconcile/trials.ts';
import {type RunningProgram, startProgram} from './program.ts';

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

export interface ComposedRunner extends Runner {
  pass(mode?: PassMode): Promise<PassReport>;
  /** A look at the rules after the last pass, and what it made of versions on trial. Throws when the engine does not answer. */
  look(): Promise<{readonly health: HealthReport; readonly trials: readonly TrialResult[]}>;
}

/** The runner inside this process, step by step. A new one remembers only what its inventory file holds. */
export async function composeRunner(place: RunnerPlace, clock?: Clock): Promise<ComposedRunner> {
  const runner = await compose({config: place.config}, {isService: true, ...(clock && {clock})});
  let last: PassReport | undefined;
  return {
    ...runner,
    async pass(mode = 'sync') {
      last = await runner.reconciler.pass({mode, signal: new AbortController().signal});
      return last;
    },
    async look() {
      const health = await runner.healthWatch.look(last!, runner.trials.rules());
      if (typeof health === 'string') throw new Error(health);
      return {health, trials: await runner.reconciler.judge(health)};
    },
  };
}

/** The real program in a process of its own, watching. */
export function startRunner(place: RunnerPlace, environment: Readonly<Record<string, string>> = {}): RunningProgram {
  return startProgram('runner', ['watch', place.config], {environment});
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

/** Runs another command of the program to its end. */
export async function runRunner(
  command: string,
  place: RunnerPlace,
  ...more: readonly string[]
): Promise<{readonly code: number; readonly stdout: string; readonly stderr: string}> {
  const {child} = startProgram('runner', [command, place.config, ...more]);
  const parts = {stdout: '', stderr: ''};
  child.stdout!.on('data', part => {
    parts.stdout += String(part);
  });
  child.stderr!.on('data', part => {
    parts.stderr += String(part);
  });
  const [code] = (await once(child, 'close')) as [number];
  return {code, ...parts};
}
