import {readFileSync} from 'node:fs';
import {type Environment, environmentOverrides, withOverrides} from '#engine/base/environment-overrides.ts';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {parseYaml} from '#engine/base/yaml.ts';
import type {Properties} from './merge-properties.ts';

/** Sections of a configuration file by lower-case name. */
export type Sections = ReadonlyMap<string, Properties>;

/**
 * Reads a file of sections such as etc/mqtt_source.yaml, with the overrides of the environment in it. Undefined when there is neither a file
 * nor an override. Throws an ArrokothError with file, line and column for what cannot be read.
 */
export function readSections(path: string, overrideName: string, environment: Environment): Sections | undefined {
  const overrides = environmentOverrides(environment, overrideName);
  const text = readText(path);
  if (text === undefined && overrides.length === 0) return undefined;
  const {value, position} = parseYaml(text ?? '', path);
  if (value !== null && !isRecord(value)) throw misplaced(path, position([]), 'expected sections such as "default:"');
  const sections = new Map<string, Properties>();
  for (const [name, section] of Object.entries(withOverrides(value ?? {}, overrides))) {
    if (section !== null && !isRecord(section)) throw misplaced(path, position([name]), `expected properties in section "${name}"`);
    sections.set(name.toLowerCase(), section ?? {});
  }
  return sections;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ArrokothError(`could not read "${path}": ${messageOf(thrown)}`, {code: errorCode.io, cause: thrown});
  }
}

function misplaced(path: string, at: {line: number; column: number} | undefined, reason: string): ArrokothError {
  return new ArrokothError(`${path}${at ? `:${at.line}:${at.column}` : ''}: ${reason}`, {code: errorCode.configuration});
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
