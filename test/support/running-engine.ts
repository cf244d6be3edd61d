import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {freePort} from './free-port.ts';
import {pollUntil} from './poll.ts';
import {type RunningProgram, startProgram} from './program.ts';
import {projectRoot} from './source-tree.ts';

/** The engine as a process with its own etc and data directories, on a free port. */
export interface RunningEngine {
  readonly url: string;
  readonly port: number;
  readonly etcDirectory: string;
  readonly dataDirectory: string;
  readonly program: RunningProgram;
  /** One REST call: status and text, JSON where it is JSON. */
  call(method: string, path: string, body?: unknown): Promise<{readonly status: number; readonly text: string; readonly json: unknown}>;
  /** Like `call`, and an error unless the answer is 2xx. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  kill(): Promise<void>;
  /** Starts it again on the same port and directories. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Broker of every conf key. */
  readonly broker?: string;
  /** Files added to etc, by path below it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startEngine({broker, files = {}, environment = {}}: EngineOptions = {}): Promise<RunningEngine> {
  const directory = mkdtempSync(path.join(tmpdir(), 'arrokoth-engine-'));
  const etcDirectory = path.join(directory, 'etc');
  const dataDirectory = path.join(directory, 'data');
  cpSync(path.join(projectRoot, 'configs/etc'), etcDirectory, {recursive: true});
  for (const [name, text] of Object.entries(files)) {
    cpSync(path.join(projectRoot, 'package.json'), path.join(etcDirectory, name));
    writeFileSync(path.join(etcDirectory, name), text);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const program = startProgram('engine', ['--etc', etcDirectory, '--data', dataDirectory], {
      environment: {
        KUIPER__BASIC__RESTPORT: String(port),
        ...(broker === undefined ? {} : {MQTT_SOURCE__DEFAULT__SERVER: broker}),
        ...environment,
      },
    });
    await pollUntil(async () => (await fetch(`${url}/ping`)).ok, {withinMs: 15_000, what: program.output});
    return program;
  };
  let program = await start();
  const call = async (method: string, target: string, body?: unknown) => {
    const answer = await fetch(url + target, {
      method,
      headers: {'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: typeof body === 'string' ? body : JSON.stringify(body)}),
    });
    const text = await answer.text();
    return {status: answer.status, text, json: parsed(text)};
  };
  return {
    url,
    port,
    etcDirectory,
    dataDirectory,
    get program() {
      return program;
    },
    call,
    async ask(method, target, body) {
      const {status, text, json} = await call(method, target, body);
      if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`);
      return json;
    },
    async kill() {
      await program.end('SIGKILL');
    },
    async restart() {
      await program.end('SIGTERM');
      program = await start();
    },
    async stop() {
      await program.end('SIGTERM');
      rmSync(directory, {recursive: true, force: true});
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
