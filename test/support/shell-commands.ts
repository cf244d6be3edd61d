import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A command and its arguments as the shell split them. */
export type ShellCommand = readonly [name: string, ...words: string[]];

/** Commands that the pages use. Each is a stand-in that only tells how it was called. */
const known = ['curl', 'mosquitto_pub', 'mosquitto_sub', 'npm', 'npx', 'kubectl', 'docker', 'arrokoth-engine', 'arrokoth-runner'];

/**
 * What a real shell would run for `script`: quoting, line continuation and pipes are its affair. Nothing is executed. A command that is not
 * known is an error.
 */
export function shellCommands(script: string): readonly ShellCommand[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'commands-'));
  try {
    const bin = path.join(directory, 'bin');
    const record = path.join(directory, 'record');
    mkdirSync(bin);
    // ASCII's own separators: between words 0x1F, after a command 0x1E.
    const standIn = `#!/bin/sh\n{ printf '%s\\037' "\${0##*/}" "$@"; printf '\\036'; } >> '${record}'\n`;
    for (const name of known) {
      writeFileSync(path.join(bin, name), standIn);
      chmodSync(path.join(bin, name), 0o755);
    }
    writeFileSync(record, '');
    const {status, stderr} = spawnSync('/bin/sh', ['-e', '-u', '-c', script], {cwd: directory, env: {PATH: bin}, encoding: 'utf8'});
    if (status !== 0 || stderr !== '') throw new Error(`the shell says: ${stderr}\n${script}`);
    return readRecord(record);
  } finally {
    rmSync(directory, {recursive: true, force: true});
  }
}

function readRecord(file: string): readonly ShellCommand[] {
  return readFileSync(file, 'utf8')
    .split('\x1e')
    .filter(entry => entry !== '')
    .map(entry => entry.split('\x1f').slice(0, -1) as unknown as ShellCommand);
}
