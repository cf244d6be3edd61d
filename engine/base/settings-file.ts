import {type Override, withOverrides} from './environment-overrides.ts';
import {ArrokothError} from './errors.ts';
import {nearest} from './nearest.ts';
import type {Setting} from './settings.ts';
import {type FilePosition, parseYaml} from './yaml.ts';

/** Sections within sections; the leaves are settings. */
export interface SettingsTree {
  // biome-ignore lint/suspicious/noExplicitAny: settings of different value types.
  readonly [name: string]: Setting<any> | SettingsTree;
}

export type ValuesOf<T extends SettingsTree> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : T[K] extends SettingsTree ? ValuesOf<T[K]> : never;
};

export interface SettingsFile<T extends SettingsTree> {
  readonly values: ValuesOf<T>;
  /** Dotted names of what the file or the environment sets, spelled as in the tree. */
  readonly given: ReadonlySet<string>;
  /** One line for each name that nobody knows, with place and suggestion. */
  readonly warnings: readonly string[];
}

/**
 * Reads a YAML file of settings with overrides laid over it; names match in any case. Throws one ArrokothError that lists every bad value as
 * `file:line:column: section.name: expected …`, or the variable's name for an override.
 */
export function readSettingsFile<const T extends SettingsTree>(
  tree: T,
  text: string,
  file: string,
  overrides: readonly Override[] = [],
): SettingsFile<T> {
  const {value, position} = parseYaml(text, file);
  if (value !== null && !isRecord(value)) throw new ArrokothError(`${file}: expected sections such as "basic:"`);
  const given = new Set<string>();
  const warnings: string[] = [];
  const problems: string[] = [];

  /** `path` is spelled as in the file, `known` as in the tree. */
  const place = (path: readonly string[]): string => {
    const override = overrides.findLast(one => one.path.join('.') === path.join('.').toLowerCase());
    return override ? `environment variable ${override.variable}` : `${file}${at(position(path))}`;
  };
  const read = (
    branch: SettingsTree,
    raw: Readonly<Record<string, unknown>>,
    path: readonly string[],
    known: readonly string[],
  ): unknown => {
    const names = new Map(Object.keys(branch).map(name => [name.toLowerCase(), name]));
    const values: Record<string, unknown> = {};
    const found = new Map<string, string>();
    for (const name of Object.keys(raw)) {
      const spelled = names.get(name.toLowerCase());
      if (spelled !== undefined) found.set(spelled, name);
      else {
        const suggestion = nearest(name, names.values());
        warnings.push(
          `${place([...path, name])}: unknown setting "${[...path, name].join('.')}"${suggestion === undefined ? '' : `, did you mean "${suggestion}"?`}`,
        );
      }
    }
    for (const [name, node] of Object.entries(branch)) {
      const written = found.get(name);
      const one = written === undefined ? undefined : raw[written];
      const where = [...path, written ?? name];
      const dotted = [...known, name];
      if (isSetting(node)) values[name] = readOne(node, one, where, dotted.join('.'));
      else if (one === undefined || one === null || isRecord(one)) values[name] = read(node, one ?? {}, where, dotted);
      else problems.push(`${place(where)}: ${dotted.join('.')}: expected a section with ${Object.keys(node).slice(0, 3).join(', ')} …`);
    }
    return values;
  };
  const readOne = (node: Setting<unknown>, raw: unknown, path: readonly string[], dotted: string): unknown => {
    if (raw === undefined || raw === null) return node.default;
    given.add(dotted);
    try {
      return node.read(raw);
    } catch (thrown) {
      problems.push(`${place(path)}: ${dotted}: ${(thrown as Error).message}`);
      return node.default;
    }
  };

  const raw = withOverrides(value ?? {}, overrides, override => overrideValue(tree, override, warnings));
  const values = read(tree, raw, [], []) as ValuesOf<T>;
  if (problems.length > 0) throw new ArrokothError(problems.join('\n'));
  return {values, given, warnings};
}

/** Text settings take the variable as it stands; a bare whole number for a duration counts nanoseconds, as in eKuiper. */
function overrideValue(tree: SettingsTree, {path, variable, text, value}: Override, warnings: string[]): unknown {
  let node: Setting<unknown> | SettingsTree | undefined = tree;
  for (const step of path) {
    if (node === undefined || isSetting(node)) return value;
    const branch: SettingsTree = node;
    const name = Object.keys(branch).find(one => one.toLowerCase() === step);
    node = name === undefined ? undefined : branch[name];
  }
  if (node === undefined || !isSetting(node)) return value;
  if (node.type === 'text') return text;
  if (node.type === 'choice') return node.choices?.every(choice => typeof choice === 'string') ? text : value;
  if (node.type === 'duration' && typeof value === 'number' && value !== 0) {
    const ms = value / 1e6;
    if (ms < 1)
      warnings.push(`environment variable ${variable}: a bare number counts nanoseconds, so this is ${ms} ms; write a unit, such as 10s`);
    return ms;
  }
  return value;
}

// biome-ignore lint/suspicious/noExplicitAny: a setting of any value type.
function isSetting(node: Setting<any> | SettingsTree): node is Setting<any> {
  return typeof node['read'] === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function at(position: FilePosition | undefined): string {
  return position === undefined ? '' : `:${position.line}:${position.column}`;
}
