import {readFileSync} from 'node:fs';
import {type Environment, environmentOverrides, type Override, withOverrides} from '#engine/base/environment-overrides.ts';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import type {Settings} from '#engine/base/settings.ts';
import {type FilePosition, parseYaml} from '#engine/base/yaml.ts';
import type {Properties} from './merge-properties.ts';

/** Sections of a configuration file by lower-case name. */
export type Sections = ReadonlyMap<string, Properties>;

/**
 * Reads a file of sections such as etc/mqtt_source.yaml, with the overrides of the environment in it. Undefined when there is neither a file
 * nor an override. Throws an ArrokothError with file, line and column for what cannot be read. With `settings`, a value that does not fit is
 * such an error, and a property nobody knows is a warning.
 */
export function readSections(
  path: string,
  overrideName: string,
  environment: Environment,
  settings?: Settings,
): {readonly sections: Sections; readonly warnings: readonly string[]} | undefined {
  const overrides = environmentOverrides(environment, overrideName);
  const text = readText(path);
  if (text === undefined && overrides.length === 0) return undefined;
  const {value, position} = parseYaml(text ?? '', path);
  if (value !== null && !isRecord(value)) throw misplaced(path, position([]), 'expected sections such as "default:"');
  const sections = new Map<string, Properties>();
  const findings: Findings = {problems: [], warnings: []};
  for (const [name, section] of Object.entries(
    withOverrides(value ?? {}, overrides, (override, present) => overrideValue(override, present, settings)),
  )) {
    if (section !== null && !isRecord(section)) throw misplaced(path, position([name]), `expected properties in section "${name}"`);
    sections.set(name.toLowerCase(), section ?? {});
    if (settings)
      checkSection(section ?? {}, settings, findings, property => `${path}${at(position([name, property]))}: ${name}.${property}`);
  }
  if (findings.problems.length > 0) throw new ArrokothError(findings.problems.join('\n'), {code: errorCode.configuration});
  return {sections, warnings: findings.warnings};
}

/** What is a text in the file or by the settings stays one: a password of digits is no number. */
function overrideValue({path, text, value}: Override, present: unknown, settings: Settings = {}): unknown {
  const known = Object.entries(settings).find(([name]) => name.toLowerCase() === path.at(-1));
  return typeof present === 'string' || known?.[1].type === 'text' ? text : value;
}

interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
}

/** Each property by itself: what several must have together is known only where a stream uses them. */
function checkSection(section: Properties, settings: Settings, {problems, warnings}: Findings, place: (property: string) => string): void {
  const names = Object.keys(settings);
  for (const [property, value] of Object.entries(section)) {
    const known = names.find(name => name.toLowerCase() === property.toLowerCase());
    if (known === undefined) {
      const suggestion = nearest(property, names);
      warnings.push(`${place(property)}: unknown property${suggestion === undefined ? '' : `, did you mean "${suggestion}"?`}`);
    } else if (value !== null && value !== undefined) {
      try {
        settings[known]!.read(value);
      } catch (thrown) {
        problems.push(`${place(property)}: ${messageOf(thrown)}`);
      }
    }
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ArrokothError(`could not read "${path}": ${messageOf(thrown)}`, {code: errorCode.io, cause: thrown});
  }
}

function misplaced(path: string, position: FilePosition | undefined, reason: string): ArrokothError {
  return new ArrokothError(`${path}${at(position)}: ${reason}`, {code: errorCode.configuration});
}

function at(position: FilePosition | undefined): string {
  return position === undefined ? '' : `:${position.line}:${position.column}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
