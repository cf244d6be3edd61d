import {parseDuration} from './duration.ts';
import {ArrokothError, errorCode} from './errors.ts';
import {nearest} from './nearest.ts';

/**
 * Settings described once as data: validation, reference pages and console forms are derived from the same record.
 *
 *     const settings = {server: text('Address of the broker.', {default: 'tcp://127.0.0.1:1883'}), qos: oneOf([0, 1, 2], 'Delivery …', {default: 1})};
 *     const {values, unknown} = readSettings(settings, {Server: 'tcp://edge:1883'}, 'mqtt source');
 */
export interface Setting<T> {
  readonly type: 'text' | 'flag' | 'integer' | 'number' | 'duration' | 'choice' | 'list' | 'record' | 'any';
  readonly summary: string;
  readonly default: T | undefined;
  readonly required: boolean;
  readonly secret: boolean;
  readonly example: unknown;
  readonly choices: readonly (string | number)[] | undefined;
  /** Returns the value, or throws an Error that says what was expected ("a whole number ≥ 0"). */
  read(raw: unknown): T;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of settings of different value types.
export type Settings = Readonly<Record<string, Setting<any>>>;

/** The values of a settings record: a setting without default and not required may be undefined. */
export type SettingsOf<S extends Settings> = {readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never};

interface Extra<T> {
  readonly default?: T;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly example?: unknown;
}

function setting<T>(
  type: Setting<T>['type'],
  summary: string,
  extra: Extra<T>,
  read: (raw: unknown) => T,
  choices?: readonly (string | number)[],
): Setting<T> {
  return {
    type,
    summary,
    default: extra.default,
    required: extra.required ?? false,
    secret: extra.secret ?? false,
    example: extra.example,
    choices,
    read,
  };
}

function expected(what: string, raw: unknown): Error {
  return new Error(`expected ${what}, got ${JSON.stringify(raw)}`);
}

type WithDefault<T, E> = E extends {default: T} | {required: true} ? T : T | undefined;

/** A string. */
export function text<const E extends Extra<string>>(summary: string, extra?: E): Setting<WithDefault<string, E>> {
  return setting<string>('text', summary, extra ?? {}, raw => {
    if (typeof raw === 'string') return raw;
    // A password of digits without quotes is a number in YAML: the error must not print it.
    throw extra?.secret ? new Error('expected a string, which digits need quotes for') : expected('a string', raw);
  }) as Setting<WithDefault<string, E>>;
}

/** A boolean. */
export function flag(summary: string, extra: Extra<boolean> = {}): Setting<boolean> {
  return setting('flag', summary, {default: false, ...extra}, raw => {
    if (typeof raw === 'boolean') return raw;
    throw expected('true or false', raw);
  });
}

/** A whole number; integral floats are accepted. */
export function integer<const E extends Extra<number> & {minimum?: number; maximum?: number}>(
  summary: string,
  extra?: E,
): Setting<WithDefault<number, E>> {
  const {
    minimum = Number.MIN_SAFE_INTEGER,
    maximum = Number.MAX_SAFE_INTEGER,
    ...rest
  }: Extra<number> & {minimum?: number; maximum?: number} = extra ?? {};
  return setting<number>('integer', summary, rest, raw => {
    if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= minimum && raw <= maximum) return raw;
    const range =
      extra?.minimum === undefined ? '' : extra.maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
    throw expected(`a whole number${range}`, raw);
  }) as Setting<WithDefault<number, E>>;
}

/** A length of time in ms: a number of ms, or a Go duration such as `10s`, `1m30s`, `500ms`. */
export function duration<const E extends Extra<number>>(summary: string, extra?: E): Setting<WithDefault<number, E>> {
  return setting<number>('duration', summary, extra ?? {}, raw => {
    if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
    const parsed = typeof raw === 'string' ? parseDuration(raw) : undefined;
    if (parsed === undefined) throw expected('a duration such as "10s", "1m30s" or a number of milliseconds', raw);
    return parsed;
  }) as Setting<WithDefault<number, E>>;
}

/** One of some words or numbers; words in any case. */
export function oneOf<const C extends string | number, const E extends Extra<C>>(
  choices: readonly C[],
  summary: string,
  extra?: E,
): Setting<WithDefault<C, E>> {
  return setting<C>(
    'choice',
    summary,
    (extra ?? {}) as Extra<C>,
    raw => {
      const found = choices.find(
        choice => choice === raw || (typeof raw === 'string' && String(choice).toLowerCase() === raw.toLowerCase()),
      );
      if (found === undefined) throw expected(`one of ${choices.map(choice => JSON.stringify(choice)).join(', ')}`, raw);
      return found;
    },
    choices,
  ) as Setting<WithDefault<C, E>>;
}

/** A list of strings. */
export function textList(summary: string, extra: Extra<readonly string[]> = {}): Setting<readonly string[]> {
  return setting('list', summary, {default: [], ...extra}, raw => {
    if (Array.isArray(raw) && raw.every(item => typeof item === 'string')) return raw as readonly string[];
    throw expected('a list of strings', raw);
  });
}

/** An object with string keys; its values are taken as they are. */
export function record<const E extends Extra<Readonly<Record<string, unknown>>>>(
  summary: string,
  extra?: E,
): Setting<WithDefault<Readonly<Record<string, unknown>>, E>> {
  return setting<Readonly<Record<string, unknown>>>('record', summary, extra ?? {}, raw => {
    if (raw !== null && typeof raw === 'object' && !Array.isArray(raw)) return raw as Readonly<Record<string, unknown>>;
    throw expected('an object', raw);
  }) as Setting<WithDefault<Readonly<Record<string, unknown>>, E>>;
}

/** Anything; for settings whose form depends on others. The component checks it. */
export function anything(summary: string, extra: Extra<unknown> = {}): Setting<unknown> {
  return setting<unknown>('any', summary, extra, raw => raw);
}

/** A setting that no setting record knows, with the nearest known name. */
export interface UnknownSetting {
  readonly name: string;
  readonly suggestion: string | undefined;
}

/**
 * Reads `raw` by `settings`. Names match in any case; null and undefined count as absent. Throws one ArrokothError that lists every bad value
 * (`mqtt source: qos: expected one of 0, 1, 2, got 7`); names nobody knows are returned, since files may carry settings of newer versions.
 */
export function readSettings<S extends Settings>(
  settings: S,
  raw: Readonly<Record<string, unknown>>,
  where: string,
): {values: SettingsOf<S>; unknown: readonly UnknownSetting[]} {
  const given = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, one] of Object.entries(settings)) {
    const value = given.get(name.toLowerCase());
    given.delete(name.toLowerCase());
    if (value === undefined || value === null) {
      if (one.required) problems.push(`${where} is missing property ${name}: ${one.summary}`);
      values[name] = one.default;
      continue;
    }
    try {
      values[name] = one.read(value);
    } catch (thrown) {
      problems.push(`${where}: ${name}: ${(thrown as Error).message}`);
    }
  }
  if (problems.length > 0) throw new ArrokothError(problems.join('; '), {code: errorCode.undefined});
  const known = Object.keys(settings);
  const unknown = Object.keys(raw)
    .filter(name => given.has(name.toLowerCase()))
    .map(name => ({name, suggestion: nearest(name, known)}));
  return {values: values as SettingsOf<S>, unknown};
}
