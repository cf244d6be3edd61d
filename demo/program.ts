import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** A child program of the demo: its log lines one by one, and a stop that waits. */
export interface Program {
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** Starts a built program with this Node. Lines that are not JSON arrive as `{msg: line}`. */
export function startProgram(
  file: string,
  programArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
  log: (line: LogLine) => void,
): Program {
  const child = spawn(process.execPath, [file, ...programArguments], {
    env: {...process.env, ...environment},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({input: stream}).on('line', line => log(parseLine(line)));
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)));
  return {
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killer);
    },
  };
}

function parseLine(line: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(line);
    if (parsed !== null && typeof parsed === 'object') return parsed as LogLine;
  } catch {
    // A stack trace or a warning of Node.
  }
  return {msg: line};
}
