import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {projectRoot} from './source-tree.ts';

/** A program of ours as a child process, its output collected. */
export interface RunningProgram {
  readonly child: ChildProcess;
  output(): string;
  /** Sends the signal and resolves with the exit code, or the signal's name. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts `dist/<name>.js` as its bin would. `npm ci` and `npm run build` make dist. */
export function startProgram(
  name: 'engine' | 'runner' | 'demo',
  programArguments: readonly string[],
  {environment = {}, cwd = projectRoot}: ProgramOptions = {},
): RunningProgram {
  return collect(
    spawn(process.execPath, [path.join(projectRoot, 'dist', `${name}.js`), ...programArguments], {
      cwd,
      env: {...process.env, NO_COLOR: '1', ...environment},
    }),
  );
}

/** Wraps any child process. */
export function collect(child: ChildProcess): RunningProgram {
  const parts: string[] = [];
  child.stdout?.on('data', part => parts.push(String(part)));
  child.stderr?.on('data', part => parts.push(String(part)));
  return {
    child,
    output: () => parts.join(''),
    async end(signal = 'SIGTERM') {
      if (child.exitCode !== null) return child.exitCode;
      if (child.signalCode !== null) return child.signalCode;
      const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      child.kill(signal);
      const [code, by] = await exit;
      return code ?? by!;
    },
  };
}
