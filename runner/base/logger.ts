import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {Writable} from 'node:stream';
import {pino, type StreamEntry} from 'pino';
import type {Logger} from '#engine/base/logger.ts';
import {wrapPino} from '#engine/base/pino-logger.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Lines for people instead of JSON on standard output. */
  readonly asText: boolean;
  readonly toConsole: boolean;
  /** A file that gets JSON lines; undefined for none. */
  readonly file: string | undefined;
  /** Standard output, or standard error where a command's result goes to the former. */
  readonly consoleFd: 1 | 2;
  readonly useColour: boolean;
}

/** Every line is written before the call returns: a killed runner has said what it did. */
export function createLogger({level, asText, toConsole, file, consoleFd, useColour}: LogOptions): Logger {
  const streams: StreamEntry[] = [];
  if (toConsole) streams.push({level, stream: asText ? textStream(consoleFd, useColour) : pino.destination({fd: consoleFd, sync: true})});
  if (file !== undefined) {
    mkdirSync(path.dirname(file), {recursive: true});
    streams.push({level, stream: pino.destination({dest: file, sync: true, append: true})});
  }
  return wrapPino(pino({level, base: null, timestamp: pino.stdTimeFunctions.isoTime}, pino.multistream(streams)));
}

const levels: Readonly<Record<number, {readonly mark: string; readonly colour: number}>> = {
  20: {mark: '·', colour: 2},
  30: {mark: '✓', colour: 32},
  40: {mark: '!', colour: 33},
  50: {mark: '✗', colour: 31},
};

/** `12:00:01 ✓ created stream demo  file=streams.json:2:5` */
function textStream(fd: 1 | 2, useColour: boolean): Writable {
  const target = fd === 1 ? process.stdout : process.stderr;
  const paint = (colour: number, text: string) => (useColour ? `\u001b[${colour}m${text}\u001b[0m` : text);
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      const {level, time, msg, ...fields} = JSON.parse(line) as {level: number; time: string; msg: string};
      const {mark, colour} = levels[level] ?? {mark: ' ', colour: 0};
      const details = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      const tail = details.length === 0 ? '' : `  ${paint(2, details.join(' '))}`;
      target.write(`${time.slice(11, 19)} ${paint(colour, mark)} ${msg}${tail}\n`, () => done());
    },
  });
}
