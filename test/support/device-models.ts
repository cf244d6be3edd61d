import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import type {Logger} from '#engine/base/logger.ts';
import type {DeviceTyping, TypingScope} from '#engine/kubeedge/device-typing.ts';
import {openDeviceTyping, type ReloadableTyping, type TypingChange} from '#engine/kubeedge/open-device-typing.ts';
import type {Metadata, Row} from '#engine/values/value.ts';

const samplesDirectory = join(dirname(fileURLToPath(import.meta.url)), '../kubeedge/samples');

/** Real model files, by the number their name begins with. */
export function sample(number: number): {readonly name: string; readonly text: string} {
  const name = readdirSync(samplesDirectory).find(one => one.startsWith(`${number}-`))!;
  return {name, text: readFileSync(join(samplesDirectory, name), 'utf8')};
}

export interface LogEntry {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told. */
export function recordingLogger(entries: LogEntry[]): Logger {
  const at =
    (level: string) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void entries.push({level, event, fields});
  const logger: Logger = {debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => logger};
  return logger;
}

export interface OpenModels {
  readonly typing: ReloadableTyping;
  readonly etcDirectory: string;
  readonly log: LogEntry[];
  readonly changes: TypingChange[];
  write(name: string, text: string): void;
}

/** Device typing over files written to the `sources` of a fresh etc directory, closed with the test. */
export async function openModels(
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>> = {},
  {tolerant = false}: {tolerant?: boolean} = {},
): Promise<OpenModels> {
  const etcDirectory = mkdtempSync(join(tmpdir(), 'arrokoth-models-'));
  onTestFinished(() => rmSync(etcDirectory, {recursive: true, force: true}));
  const write = (name: string, text: string) => {
    const path = join(etcDirectory, 'sources', name);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const log: LogEntry[] = [];
  const changes: TypingChange[] = [];
  const typing = await openDeviceTyping({
    etcDirectory,
    settings: {kubeedgeModelFile: Object.keys(files), ...settings},
    logger: recordingLogger(log),
    onChange: change => void changes.push(change),
    tolerant,
  });
  onTestFinished(() => typing.close());
  return {typing, etcDirectory, log, changes, write};
}

/** A Kuiper model file with one model. */
export function kuiperModel(name: string, types: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}): string {
  const properties = Object.entries(types).map(([property, dataType]) => ({name: property, dataType, ...more}));
  return JSON.stringify({deviceModels: [{name, properties}]});
}

export const decodeJson = (payload: Uint8Array): readonly Row[] => {
  const value = JSON.parse(new TextDecoder().decode(payload)) as Row | readonly Row[];
  return Array.isArray(value) ? value : [value as Row];
};

/** Rows and metadata of one message; objects are sent as JSON. */
export function send(
  typing: DeviceTyping,
  topic: string,
  message: object | string,
  scope?: TypingScope,
): {readonly rows: readonly Row[]; readonly row: Row; readonly metadata: Metadata} {
  const metadata: Metadata = {topic};
  const payload = new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message));
  const rows = typing.rows(payload, topic, metadata, decodeJson, scope);
  return {rows, row: rows[0]!, metadata};
}
