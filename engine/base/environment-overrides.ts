/** The environment as `process.env` gives it; handed in by the programs. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One override of a value in a configuration file. */
export interface Override {
  /** The variable's name as written. */
  readonly variable: string;
  /** Lower case; the file's name is left out. */
  readonly path: readonly string[];
  /** The text as given, and what it reads as: list, whole number, boolean, float or string, in this order. */
  readonly text: string;
  readonly value: unknown;
}

/**
 * The variables that override values of the configuration file `file` (`kuiper`, `mqtt_source`: the name without extension):
 * `KUIPER__BASIC__RESTPORT=9081` sets `basic.restPort`. Levels are separated by two underscores, case is ignored.
 */
export function environmentOverrides(environment: Environment, file: string): readonly Override[] {
  const overrides: Override[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    const [name, ...path] = variable.toLowerCase().split('__');
    if (text === undefined || name !== file.toLowerCase() || path.length === 0 || path.includes('')) continue;
    overrides.push({variable, path, text, value: readScalar(text)});
  }
  return overrides;
}

/**
 * `file` with the overrides put in; a name that exists in another case keeps its spelling. `file` itself is not changed. `choose` gives the
 * value that replaces `present`.
 */
export function withOverrides(
  file: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
  choose: (override: Override, present: unknown) => unknown = keepString,
): Record<string, unknown> {
  const result: Record<string, unknown> = {...file};
  for (const override of overrides) {
    const {path} = override;
    let level = result;
    for (const [i, step] of path.entries()) {
      const key = Object.keys(level).find(name => name.toLowerCase() === step) ?? step;
      if (key === '__proto__') break;
      const present = level[key];
      if (i === path.length - 1) {
        level[key] = choose(override, present);
      } else {
        const next: Record<string, unknown> = isRecord(present) ? {...present} : {};
        level[key] = next;
        level = next;
      }
    }
  }
  return result;
}

/** What is a string in the file stays one: a password of digits is no number. */
function keepString({text, value}: Override, present: unknown): unknown {
  return typeof present === 'string' ? text : value;
}

function readScalar(text: string): unknown {
  if (text.startsWith('[') && text.endsWith(']')) {
    const inner = text.slice(1, -1).trim();
    return inner === '' ? [] : inner.split(',').map(item => readScalar(item.trim()));
  }
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  // What strconv.ParseBool reads, digits excepted.
  if (/^(?:t|true|True|TRUE|T)$/.test(text)) return true;
  if (/^(?:f|false|False|FALSE|F)$/.test(text)) return false;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
