import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parse} from 'yaml';
import {projectRoot} from './source-tree.ts';

/** One case of test/conformance (its README explains the form). */
export interface ConformanceCase {
  readonly file: string;
  readonly name: string;
  readonly streams: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  readonly with: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
  readonly sql: string;
  readonly unordered: boolean;
  readonly input: readonly CaseInput[];
  readonly answer: readonly unknown[];
  readonly refused: string | undefined;
  readonly open: boolean;
  /** What eKuiper really answers is a defect (`ekuiper`); `answer` was worked out by hand. */
  readonly differs: boolean;
}

export type CaseInput = {readonly payload: string; readonly to: string | undefined} | {readonly waitMs: number};

export function readCases(file: string): readonly ConformanceCase[] {
  const suite = parse(readFileSync(path.join(projectRoot, 'test/conformance', file), 'utf8')) as {defaults?: object; cases: object[]};
  return suite.cases.map(one => {
    const given = {...suite.defaults, ...one} as Record<string, unknown>;
    return {
      file,
      name: given['name'] as string,
      streams: (given['streams'] ?? {demo: '()'}) as Record<string, string>,
      tables: (given['tables'] ?? {}) as Record<string, string>,
      with: (given['with'] ?? {}) as Record<string, Record<string, string>>,
      options: (given['options'] ?? {}) as Record<string, unknown>,
      action: (given['action'] ?? {}) as Record<string, unknown>,
      sql: given['sql'] as string,
      unordered: given['unordered'] === true,
      input: ((given['input'] ?? []) as unknown[]).map(readInput),
      answer: (given['answer'] ?? []) as unknown[],
      refused: given['refused'] as string | undefined,
      open: given['open'] === true,
      differs: given['ekuiper'] !== undefined,
    };
  });
}

function readInput(raw: unknown): CaseInput {
  const wrapped = raw !== null && typeof raw === 'object' && ('$data' in raw || '$raw' in raw || '$wait' in raw);
  if (!wrapped) return {payload: JSON.stringify(raw), to: undefined};
  const input = raw as {$data?: unknown; $raw?: string; $wait?: number; $stream?: string; $topic?: string};
  if (input.$wait) return {waitMs: input.$wait};
  return {payload: input.$raw ?? JSON.stringify(input.$data), to: input.$topic ?? input.$stream};
}

/** The CREATE statement of a stream or table of a case; `topic` is where its input goes. */
export function ddlOf(given: ConformanceCase, kind: 'STREAM' | 'TABLE', name: string, topic: string): string {
  const spec = (kind === 'STREAM' ? given.streams : given.tables)[name]!;
  if (/^\s*create\s/i.test(spec)) return spec.replaceAll('$topic', topic);
  const options = {DATASOURCE: topic, FORMAT: 'JSON', ...(given.with[name] ?? (kind === 'STREAM' ? given.with['*'] : undefined))};
  const list = Object.entries(options).map(([key, value]) => `${key}="${value}"`);
  return `CREATE ${kind} ${name} ${spec || '()'} WITH (${list.join(', ')})`;
}

/** Whether the messages that came out are the answer: numbers within 1e-9, order of rows free where the case says so. */
export function isAnswer(given: ConformanceCase, messages: readonly unknown[]): boolean {
  return same(given.answer, messages) || (given.unordered && same(rowsSorted(given.answer), rowsSorted(messages)));
}

function rowsSorted(messages: readonly unknown[]): unknown {
  return messages.map(message => (Array.isArray(message) ? message.map(row => JSON.stringify(sortedKeys(row))).sort() : message));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== 'object') return value;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map(key => [key, sortedKeys(members[key])]),
  );
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object' && !Array.isArray(a) && !Array.isArray(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every(key => key in b && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
    );
  }
  return a === b;
}
