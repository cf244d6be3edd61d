// How many scenarios of the runner hold on a real eKuiper, as `RECORD=1 ENGINE_URL=… npm run test:runner` wrote it down.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {code} from './markdown.ts';

export interface RealEngineRecord {
  readonly engine: string;
  readonly version: string;
  readonly holds: readonly string[];
  /** The reason of each scenario that does not hold. */
  readonly doNot: Readonly<Record<string, string>>;
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export function readRecord(): RealEngineRecord {
  return JSON.parse(readFileSync(path.join(root, 'test/runner/real-engine.json'), 'utf8')) as RealEngineRecord;
}

export function realEngineSection(): string {
  const {engine, version, holds, doNot} = readRecord();
  const reasons = Object.entries(doNot);
  const sentence = `When the suite was last recorded, ${holds.length} of ${holds.length + reasons.length} scenarios held on ${engine} ${version}`;
  if (reasons.length === 0) return `${sentence}: all of them.`;
  const list = reasons.map(([name, reason]) => `- ${code(name)}: ${reason}`).join('\n');
  return `${sentence}; ${reasons.length === 1 ? 'one did' : `${reasons.length} did`} not:\n\n${list}`;
}
