import {setTimeout as sleep} from 'node:timers/promises';
import type {FakeEngineState} from './fake-engine.ts';
import {type HttpAnswer, httpRequest} from './http-request.ts';

/** Changes of an engine's state; null removes. */
export type StatePatch = {
  readonly [Family in keyof FakeEngineState]?: Readonly<Record<string, FakeEngineState[Family][string] | null>>;
};

/** What an engine holds, as far as two engines that were told the same must agree about it. */
export interface HeldState {
  readonly streams: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  readonly rules: Readonly<
    Record<string, {readonly sql: unknown; readonly actions: unknown; readonly options: unknown; readonly runs: boolean}>
  >;
  /** Names by `<category>/<type>`; those that an engine ships with included. */
  readonly confKeys: Readonly<Record<string, readonly string[]>>;
  /** Properties by id. */
  readonly connections: Readonly<Record<string, unknown>>;
  /** Names by type. */
  readonly schemas: Readonly<Record<string, readonly string[]>>;
  /** Names by type. */
  readonly plugins: Readonly<Record<string, readonly string[]>>;
  readonly services: readonly string[];
  readonly scripts: readonly string[];
}

/** The engine has no such resource, or says itself that it lacks something. */
class LackError extends Error {}

const schemaTypes = ['protobuf', 'custom'];
const pluginTypes = ['sources', 'sinks', 'functions', 'portables'];

/** What the engine lacks by its answer to a request, as a sentence; undefined when it says nothing of that kind. */
function lackOf(method: string, path: string, {status, text}: Pick<HttpAnswer, 'status' | 'text'>): string | undefined {
  if (status === 404 && text === '404 page not found\n') return `the engine has no ${method} ${path.replace(/\?.*$/, '')}`;
  if (status < 400 || !text.includes('not supported yet')) return undefined;
  return `the engine says: ${/^\{/.test(text) ? (JSON.parse(text) as {message: string}).message : text.trim()}`;
}

/** Reads everything, and the conf keys of the given `<category>/<type>`. A resource that the engine lacks is empty. */
export async function readEngineState(url: string, confKeyTypes: Iterable<string>): Promise<HeldState> {
  const get = async (path: string) => JSON.parse((await ask(url, 'GET', path)).text) as unknown;
  const orEmpty = async <T>(read: Promise<unknown>, empty: T): Promise<T> => {
    try {
      return ((await read) ?? empty) as T;
    } catch (thrown) {
      if (thrown instanceof LackError) return empty;
      throw thrown;
    }
  };
  const exported = JSON.parse((await ask(url, 'POST', '/ruleset/export')).text) as Record<
    'streams' | 'tables' | 'rules',
    Record<string, string>
  >;
  const states = new Map(((await get('/rules')) as {id: string; status: string}[]).map(({id, status}) => [id, status]));
  const confKeys: Record<string, string[]> = {};
  for (const type of confKeyTypes) {
    const {status, text} = await httpRequest(url, 'GET', `/metadata/${type.replace('/', '/yaml/')}`);
    confKeys[type] = status === 200 ? Object.keys(JSON.parse(text) as object).sort() : [];
  }
  const connections = await orEmpty(get('/connections'), [] as {id: string; props: unknown}[]);
  const byType = async (path: string, types: readonly string[]) => {
    const found: Record<string, readonly string[]> = {};
    for (const type of types) {
      const listed = await orEmpty(get(`${path}/${type}`), [] as (string | {name: string})[]);
      const names = listed.map(one => (typeof one === 'string' ? one : one.name));
      if (names.length > 0) found[type] = names.sort();
    }
    return found;
  };
  return {
    streams: exported.streams,
    tables: exported.tables,
    rules: Object.fromEntries(
      // A temporary rule is listed and not exported.
      [...states].map(([id, state]) => {
        const {sql, actions, options} = JSON.parse(exported.rules[id] ?? '{}') as Record<string, unknown>;
        return [id, {sql, actions, options, runs: /^(?:running|starting)$/.test(state)}];
      }),
    ),
    confKeys,
    connections: Object.fromEntries(connections.map(({id, props}) => [id, props])),
    schemas: await byType('/schemas', schemaTypes),
    plugins: await byType('/plugins', pluginTypes),
    services: (await orEmpty(get('/services'), [] as string[])).sort(),
    scripts: (await orEmpty(get('/udf/javascript'), [] as string[])).sort(),
  };
}

/** Makes the engine hold what `patch` says. */
export async function changeEngineState(url: string, patch: StatePatch): Promise<void> {
  const {
    streams = {},
    tables = {},
    rules = {},
    stopped = {},
    confKeys = {},
    connections = {},
    schemas = {},
    plugins = {},
    services = {},
    scripts = {},
  } = patch;
  const named = (path: string, entries: Readonly<Record<string, unknown>>) =>
    Object.entries(entries).map(([name, value]) => ({collection: path, path: `${path}/${name}`, value}));
  const typed = (path: string, entries: Readonly<Record<string, unknown>>) =>
    Object.entries(entries).map(([key, value]) => ({collection: `${path}/${key.split('/')[0]}`, path: `${path}/${key}`, value}));
  const groundwork = [
    ...typed('/plugins', plugins),
    ...typed('/schemas', schemas),
    ...named('/services', services),
    ...named('/udf/javascript', scripts),
    ...named('/connections', connections),
  ];
  const sources = [
    ...named('/streams', streams).map(entry => ({...entry, value: entry.value === null ? null : {sql: entry.value}})),
    ...named('/tables', tables).map(entry => ({...entry, value: entry.value === null ? null : {sql: entry.value}})),
  ];
  const ruleEntries = named('/rules', rules);
  // Rules let go of what they use before it goes.
  for (const {path} of ruleEntries.filter(({value}) => value === null)) await ask(url, 'DELETE', path);
  for (const {path} of sources.filter(({value}) => value === null)) await ask(url, 'DELETE', `${path}?force=true`);
  for (const {path} of groundwork.filter(({value}) => value === null)) await ask(url, 'DELETE', path);

  for (const [type, keys] of Object.entries(confKeys)) {
    for (const [key, value] of Object.entries(keys ?? {})) {
      const path = `/metadata/${type}/confKeys/${key}`;
      await (value === null ? ask(url, 'DELETE', path) : ask(url, 'PUT', path, JSON.stringify(value)));
    }
  }
  for (const {collection, path, value} of [...groundwork, ...sources, ...ruleEntries]) {
    if (value === null) continue;
    const body = typeof value === 'string' ? value : JSON.stringify(value);
    const {status} = await httpRequest(url, 'POST', collection, {body});
    if (status >= 300) await ask(url, 'PUT', path, body);
  }
  for (const [id, state] of Object.entries(stopped)) await ask(url, 'POST', `/rules/${id}/${state === null ? 'start' : 'stop'}`);
}

/** Removes everything but the conf keys of `shipped`, and waits until it is gone. */
export async function emptyEngine(url: string, shipped: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const removed = <T>(entries: Readonly<Record<string, T>>) => Object.fromEntries(Object.keys(entries).map(name => [name, null]));
  const listed = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, null]));
  const byType = (names: Readonly<Record<string, readonly string[]>>) =>
    listed(Object.entries(names).flatMap(([type, list]) => list.map(name => `${type}/${name}`)));
  for (let attempt = 1; ; attempt++) {
    const held = await readEngineState(url, Object.keys(shipped));
    const confKeys = Object.fromEntries(
      Object.entries(held.confKeys).map(([type, keys]) => [type, listed(keys.filter(key => !shipped[type]?.includes(key)))]),
    );
    const patch = {
      streams: removed(held.streams),
      tables: removed(held.tables),
      rules: removed(held.rules),
      connections: removed(held.connections),
      schemas: byType(held.schemas),
      plugins: byType(held.plugins),
      services: listed(held.services),
      scripts: listed(held.scripts),
      confKeys: confKeys as StatePatch['confKeys'] & object,
    };
    const left = Object.entries({...patch, confKeys: Object.assign({}, ...Object.values(confKeys)) as object}).flatMap(([family, names]) =>
      Object.keys(names).map(name => `${family} ${name}`),
    );
    if (left.length === 0) return;
    if (attempt === 50) throw new Error(`the engine still holds ${left.join(', ')}`);
    try {
      await changeEngineState(url, patch);
    } catch (thrown) {
      // What is still in use a moment after its user was deleted can be deleted a moment later.
      if (attempt > 40) throw thrown;
      await sleep(50);
    }
  }
}

async function ask(url: string, method: string, path: string, body?: string): Promise<HttpAnswer> {
  const answer = await httpRequest(url, method, path, {body});
  const lack = lackOf(method, path, answer);
  if (lack !== undefined) throw new LackError(lack);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}
