import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startBroker as startSimpleBroker} from '../../demo/broker.ts';
import {freePort} from './free-port.ts';

export interface Broker {
  readonly port: number;
  /** `tcp://127.0.0.1:port`. */
  readonly url: string;
  /** Ends the process; idempotent. */
  stop(): Promise<void>;
  /** Ends it without a word (SIGKILL); `restart` brings it back. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `stop`. */
  restart(): Promise<void>;
}

/** Debian's, or the one that the environment names. */
const mosquitto = process.env['MOSQUITTO'] ?? '/usr/sbin/mosquitto';

/** Tests of MQTT itself need mosquitto; where there is none they are skipped, and the others take the demo's broker. CI has it. */
export const hasMosquitto = existsSync(mosquitto);

/** A mosquitto of its own on a free port. `lines` are added to its configuration. */
export async function startBroker(lines: readonly string[] = []): Promise<Broker> {
  const port = await freePort();
  if (!hasMosquitto) return standIn(port, lines);
  const directory = mkdtempSync(join(tmpdir(), 'broker-'));
  const file = join(directory, 'mosquitto.conf');

  const start = async () => {
    mkdirSync(directory, {recursive: true});
    writeFileSync(file, [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0', ...lines, ''].join('\n'));
    const child = spawn(mosquitto, ['-c', file], {stdio: ['ignore', 'ignore', 'pipe']});
    let output = '';
    child.stderr.on('data', part => (output += String(part)));
    for (let attempt = 0; !(await accepts(port)); attempt++) {
      if (child.exitCode !== null || attempt > 200) throw new Error(`mosquitto does not listen on ${port}: ${output}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    return child;
  };
  let child = await start();
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    port,
    url: `tcp://127.0.0.1:${port}`,
    kill: () => stop('SIGKILL'),
    async stop() {
      await stop();
      rmSync(directory, {recursive: true, force: true});
    },
    async restart() {
      await stop();
      child = await start();
    },
  };
}

async function standIn(port: number, lines: readonly string[]): Promise<Broker> {
  if (lines.length > 0) throw new Error(`this test needs mosquitto at ${mosquitto}`);
  let broker: {close(): Promise<void>} | undefined = await startSimpleBroker(port);
  const stop = async () => {
    await broker?.close();
    broker = undefined;
  };
  return {
    port,
    url: `tcp://127.0.0.1:${port}`,
    stop,
    kill: stop,
    async restart() {
      await stop();
      broker = await startSimpleBroker(port);
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
