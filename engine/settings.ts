import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Environment, environmentOverrides} from './base/environment-overrides.ts';
import {ArrokothError, errorCode, messageOf} from './base/errors.ts';
import {readSettingsFile, type SettingsTree, type ValuesOf} from './base/settings-file.ts';
import {kuiperSettings, withoutEffect} from './kuiper-settings.ts';

export type EngineSettings = ValuesOf<typeof kuiperSettings>;

export interface LoadedSettings {
  readonly settings: EngineSettings;
  /** The rule options that kuiper.yaml or the environment set: the defaults of every rule. */
  readonly ruleDefaults: Readonly<Record<string, unknown>>;
  /** Lines to log at the start: unknown names, and settings that are read but do nothing. */
  readonly warnings: readonly string[];
}

/**
 * Reads kuiper.yaml of `etcDirectory` with the overrides of `environment` (`KUIPER__BASIC__RESTPORT`). A missing file means the defaults. A
 * bad value is an ArrokothError that lists each as `file:line:column: name: expected …`.
 */
export function loadSettings({etcDirectory, environment}: {etcDirectory: string; environment: Environment}): LoadedSettings {
  const file = join(etcDirectory, 'kuiper.yaml');
  const {values, given, warnings} = readSettingsFile(kuiperSettings, readText(file), file, environmentOverrides(environment, 'kuiper'));
  const idle = [...given].filter(name => isWithoutEffect(name) && !isDefault(name, values));
  return {
    settings: values,
    ruleDefaults: Object.fromEntries(Object.entries(values.rule).filter(([name]) => [...given].some(one => isWithin(one, `rule.${name}`)))),
    warnings: [...warnings, ...idle.map(name => `${file}: setting "${name}" has no effect in this version`)],
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ArrokothError(`could not read "${file}": ${messageOf(thrown)}`, {code: errorCode.io, cause: thrown});
  }
}

function isWithoutEffect(name: string): boolean {
  return withoutEffect.some(one => isWithin(name, one));
}

function isWithin(name: string, section: string): boolean {
  return name === section || name.startsWith(`${section}.`);
}

function isDefault(name: string, values: EngineSettings): boolean {
  const path = name.split('.');
  const value = path.reduce<unknown>((level, step) => (level as Record<string, unknown>)[step], values);
  const node = path.reduce<unknown>((level, step) => (level as SettingsTree)[step], kuiperSettings) as {default: unknown};
  return JSON.stringify(value) === JSON.stringify(node.default);
}
