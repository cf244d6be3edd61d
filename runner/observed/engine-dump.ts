import {type JsonNode, member, parseJson, textMember} from '#runner/base/json-text.ts';
import {readConfKeys} from './conf-keys.ts';
import type {EngineClient} from './engine-client.ts';
import {isSuccess} from './engine-request.ts';
import {EngineView, ObservationError} from './engine-view.ts';

/** Everything that an engine holds, in its own texts. */
export interface EngineDump {
  /** SQL by name; of engines without `/ruleset/export` the answer that describes it. */
  readonly streams: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
  /** JSON by id. */
  readonly rules: ReadonlyMap<string, string>;
  /** Properties by `<category>/<connector>/<key>`. */
  readonly confKeys: ReadonlyMap<string, JsonNode>;
  /** `{"typ", "props"}` by id. */
  readonly connections: ReadonlyMap<string, JsonNode>;
  /** What was sent to make them: by `<type>/<name>`, name, id and `<type>/<name>`. */
  readonly schemas: ReadonlyMap<string, JsonNode>;
  readonly services: ReadonlyMap<string, JsonNode>;
  readonly scripts: ReadonlyMap<string, JsonNode>;
  readonly plugins: ReadonlyMap<string, JsonNode>;
  /** What the engine holds without showing what it was made of: `service sample`. */
  readonly unshown: readonly string[];
}

/**
 * Reads it all, from `/data/export` where the engine has it. Otherwise list by list, and conf keys are those of the connectors that streams and
 * rules use. Rejects with RequestFailure or ObservationError.
 */
export async function readEngineDump(client: EngineClient, parallelism: number): Promise<EngineDump> {
  const view = new EngineView(client, parallelism);
  const {streams, tables, rules} = await view.ruleset();
  const exported = await readDataExport(client);
  const connections = await readConnections(view);
  const held = {streams, tables, rules, connections};
  if (exported === undefined) return {...held, ...(await readLists(view, held))};
  const section = (name: string) => textsOf(member(exported, name));
  return {
    ...held,
    confKeys: exportedConfKeys(exported, connections),
    schemas: withTypes(section('Schema')),
    services: section('Service'),
    scripts: section('scripts'),
    plugins: new Map([
      ...withTypes(section('nativePlugins')),
      ...[...section('portablePlugins')].map(([name, node]) => [`portables/${name}`, node] as const),
    ]),
    unshown: [],
  };
}

async function readLists(
  view: EngineView,
  {streams, tables, rules}: Pick<EngineDump, 'streams' | 'tables' | 'rules'>,
): Promise<Omit<EngineDump, 'streams' | 'tables' | 'rules' | 'connections'>> {
  const listed = async (path: string, prefix = '') => (await namesAt(view, path)).map(name => [prefix + name, `${path}/${name}`] as const);
  const shown = async (paths: readonly (readonly [string, string])[]) =>
    new Map([...(await view.findAll(new Map(paths)))].map(([name, text]) => [name, parseJson(text)] as const));
  const types = async (path: string, among: readonly string[]) =>
    (await Promise.all(among.map(type => listed(`${path}/${type}`, `${type}/`)))).flat();
  const plugins = await types('/plugins', ['sources', 'sinks', 'functions', 'portables']);
  return {
    confKeys: await usedConfKeys(view, [...streams.values(), ...tables.values()], rules),
    schemas: await shown(await types('/schemas', ['protobuf', 'custom'])),
    scripts: await shown(await listed('/udf/javascript')),
    services: new Map(),
    plugins: new Map(),
    unshown: [...(await listed('/services')).map(([name]) => `service ${name}`), ...plugins.map(([name]) => `plugin ${name}`)],
  };
}

/** Of a list of names or of objects with names; none where the engine has no such list. */
async function namesAt(view: EngineView, path: string): Promise<readonly string[]> {
  const text = await view.find(path);
  const list = text === undefined ? undefined : parseJson(text);
  if (list?.kind !== 'array') return [];
  return list.items.flatMap(item => (item.kind === 'string' ? [item.value] : (textMember(item, 'name') ?? [])));
}

async function readDataExport(client: EngineClient): Promise<JsonNode | undefined> {
  const answer = await client.send({method: 'GET', path: '/data/export'}, {isList: true});
  if (answer.status === 404 || answer.status === 405) return undefined;
  if (!isSuccess(answer)) throw new ObservationError(`the engine answered GET /data/export with ${answer.status}`);
  try {
    return parseJson(answer.text);
  } catch {
    throw new ObservationError("the engine's answer to GET /data/export is not JSON");
  }
}

async function readConnections(view: EngineView): Promise<ReadonlyMap<string, JsonNode>> {
  const text = await view.find('/connections');
  const list = text === undefined ? undefined : parseJson(text);
  const entries = list?.kind === 'array' ? list.items : [];
  return new Map(entries.flatMap(entry => (textMember(entry, 'id') === undefined ? [] : [[textMember(entry, 'id')!, entry] as const])));
}

/** Connections stand among the conf keys of an export, too. */
function exportedConfKeys(exported: JsonNode, connections: ReadonlyMap<string, JsonNode>): ReadonlyMap<string, JsonNode> {
  const found = new Map<string, JsonNode>();
  for (const [name, category] of [
    ['sourceConfig', 'sources'],
    ['sinkConfig', 'sinks'],
    ['connectionConfig', 'connections'],
  ] as const) {
    for (const [connector, keys] of textsOf(member(exported, name))) {
      if (keys.kind !== 'object') continue;
      for (const [key, {value}] of keys.members)
        if (category !== 'connections' || !connections.has(key)) found.set(`${category}/${connector}/${key}`, value);
    }
  }
  return found;
}

/** All keys but the default ones, which come with an engine. */
async function usedConfKeys(
  view: EngineView,
  statements: readonly string[],
  rules: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, JsonNode>> {
  // Of a statement, or of the description that stands for one; a type too many costs a question.
  const sources = statements.flatMap(text => {
    const types = [...text.matchAll(/\btype"?\s*[=:]\s*["'`](\w+)/gi)].map(([, type]) => type!.toLowerCase());
    return types.length > 0 ? types : ['mqtt'];
  });
  const sinks = [...rules.values()].flatMap(text => {
    const actions = member(parseJson(text), 'actions');
    return actions?.kind === 'array' ? actions.items.flatMap(action => (action.kind === 'object' ? [...action.members.keys()] : [])) : [];
  });
  const keys = await readConfKeys(view, [...sources.map(type => `sources/${type}`), ...sinks.map(type => `sinks/${type}`)]);
  return new Map([...keys].flatMap(([name, text]) => (name.endsWith('/default') ? [] : [[name, parseJson(text)] as const])));
}

/** A section of an export: JSON texts by name. */
function textsOf(section: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  if (section?.kind !== 'object') return new Map();
  return new Map(
    [...section.members].flatMap(([name, {value}]) => (value.kind === 'string' ? [[name, parseJson(value.value)] as const] : [])),
  );
}

/** `protobuf_orders` → `protobuf/orders`. */
function withTypes(section: ReadonlyMap<string, JsonNode>): ReadonlyMap<string, JsonNode> {
  return new Map([...section].map(([name, node]) => [name.replace('_', '/'), node]));
}
