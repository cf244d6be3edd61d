import type {ColumnType, CreateStatement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {type CallAnswer, type EngineCall, RecordingServer} from './recording-server.ts';

/** What a fake engine holds. Rules are texts as given; `confKeys` by `<category>/<type>`. */
export interface FakeEngineState {
  streams: Record<string, string>;
  tables: Record<string, string>;
  rules: Record<string, string>;
  /** Rules that do not run; the value is the engine's word for it. */
  stopped: Record<string, string>;
  confKeys: Record<string, Record<string, unknown>>;
  connections: Record<string, {id: string; typ: string; props: unknown}>;
  schemas: Record<string, unknown>;
  services: Record<string, unknown>;
  scripts: Record<string, unknown>;
  plugins: Record<string, unknown>;
}

const emptyState = (): FakeEngineState => ({
  streams: {},
  tables: {},
  rules: {},
  stopped: {},
  confKeys: {},
  connections: {},
  schemas: {},
  services: {},
  scripts: {},
  plugins: {},
});

/**
 * An engine that only remembers: the Kuiper REST interface over real HTTP with the texts and codes of eKuiper 2.4 (spec/rest.md), and a state
 * that can be set and read.
 */
export class FakeEngine extends RecordingServer {
  state = emptyState();
  /** How often each rule began to run. */
  readonly starts = new Map<string, number>();
  /** Whether `/ruleset/export` exists. */
  hasExport = true;
  /** Whether `/rules/status/all` exists. */
  hasStatusAll = true;
  /** What the nodes of a rule count, as members of its status: `source_demo_0_connection_status` … */
  readonly nodes = new Map<string, Readonly<Record<string, number | string>>>();
  version = '2.4.0';
  /** The Server header of `GET /`; eKuiper has none. */
  server = '';
  upTimeMs = (): number => Date.now() - this.#startedAt;
  #startedAt = Date.now();

  static async start(state: Partial<FakeEngineState> = {}, port = 0): Promise<FakeEngine> {
    const engine = new FakeEngine();
    engine.load(state);
    await engine.listen(port);
    // Long enough ago that nobody takes it for an engine that is still starting its rules.
    engine.#startedAt -= 60_000;
    return engine;
  }

  load(state: Partial<FakeEngineState>): void {
    this.state = {...emptyState(), ...structuredClone(state)};
  }

  override async listen(port = this.port): Promise<void> {
    await super.listen(port);
    this.#startedAt = Date.now();
  }

  /** Another process on the same port, which has lost everything. */
  async restartEmpty(): Promise<void> {
    await this.kill();
    this.load({});
    await this.listen();
  }

  protected override answer(call: EngineCall): CallAnswer {
    const {status, text, type} = this.#answer(call);
    const headers = {...(type !== undefined && {'content-type': type}), ...(this.server !== '' && {server: this.server})};
    return {status, text, headers};
  }

  #answer({method, path, body}: EngineCall): Answer {
    const url = new URL(path, 'http://engine');
    const segments = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const [family, ...rest] = segments;
    try {
      switch (family) {
        case '':
          return json(200, {
            version: this.version,
            os: 'linux',
            arch: 'amd64',
            upTimeSeconds: Math.floor(this.upTimeMs() / 1000),
          });
        case 'ping':
          return {status: 200, text: ''};
        case 'streams':
        case 'tables':
          return this.#source(family, method, rest, body, url.searchParams.get('force') === 'true');
        case 'rules':
          return this.#rule(method, rest, body);
        case 'ruleset':
          return this.#ruleset(method, rest);
        case 'metadata':
          return this.#metadata(method, rest, body);
        case 'connections':
          return this.#connection(method, rest, body);
        case 'schemas':
          return this.#named(this.state.schemas, 'name', rest[0]!, method, rest.slice(1), body, `${rest[0]} schema`);
        case 'services':
          return this.#named(this.state.services, 'name', '', method, rest, body, 'service');
        case 'udf':
          return this.#named(this.state.scripts, 'id', '', method, rest.slice(1), body, 'javascript function');
        case 'plugins':
          return this.#named(this.state.plugins, 'name', rest[0]!, method, rest.slice(1), body, `${rest[0]} plugin`);
        case 'data':
          if (method === 'GET' && rest[0] === 'export')
            return this.hasExport ? json(200, this.#exported()) : {status: 404, text: '404 page not found\n'};
          return {status: 200, text: 'ok'};
        case 'config':
          return {status: method === 'POST' ? 201 : 200, text: 'ok'};
        default:
          return {status: 404, text: '404 page not found\n'};
      }
    } catch (thrown) {
      if (thrown instanceof Refusal) return error(thrown.code, thrown.message);
      throw thrown;
    }
  }

  #source(family: 'streams' | 'tables', method: string, rest: readonly string[], body: string, force: boolean): Answer {
    const kind = family === 'streams' ? 'stream' : 'table';
    const Kind = family === 'streams' ? 'Stream' : 'Table';
    const [name] = rest;
    const held = this.state[family];
    if (name === undefined && method === 'GET') return json(200, Object.keys(held).sort());
    if (name === undefined && method === 'POST') {
      const created = createStatement(body);
      if (this.state.streams[created.name] !== undefined || this.state.tables[created.name] !== undefined) {
        throw new Refusal(3000, `${Kind} command error: Create ${kind} fails: Item ${created.name} already exists.`);
      }
      this.state[created.family][created.name] = created.sql;
      return {status: 201, text: `${created.family === 'streams' ? 'Stream' : 'Table'} ${created.name} is created.`};
    }
    if (name !== undefined && method === 'GET') {
      if (held[name] === undefined) throw new Refusal(3000, `describe ${kind} error: Describe ${kind} fails, ${name} is not found.`);
      return json(200, describe(name, held[name], kind));
    }
    if (name !== undefined && method === 'PUT') {
      const created = createStatement(body);
      if (created.name !== name)
        throw new Refusal(3000, `${Kind} command error: Replace ${name} fails: the sql statement must update the ${name} source.`);
      if (/\bTEMP\s*=\s*"true"/i.test(created.sql))
        throw new Refusal(3000, `${Kind} command error: Replace ${name} fails: cannot replace with temp option.`);
      if (held[name] !== undefined && isShared(held[name]) !== isShared(created.sql))
        throw new Refusal(3000, `${Kind} command error: Replace ${name} fails: do not support to change stream SHARED option.`);
      held[name] = created.sql;
      return {status: 200, text: `${Kind} ${name} is replaced.`};
    }
    if (name !== undefined && method === 'DELETE') {
      if (held[name] === undefined) throw new Refusal(1002, `delete ${kind} error: ${kind} ${name} is not found`);
      const isUsed = Object.values(this.state.rules).some(text => sourcesOf(text).includes(name));
      if (isUsed && !force) throw new Refusal(1000, `${kind} ${name} has been referenced by other rules`);
      delete held[name];
      return {status: 200, text: `${Kind} ${name} is dropped.`};
    }
    return {status: 405, text: ''};
  }

  #rule(method: string, [id, verb]: readonly string[], body: string): Answer {
    const {rules, stopped} = this.state;
    if (id === undefined) {
      if (method === 'GET') {
        return json(
          200,
          Object.keys(rules)
            .sort()
            .map(name => ({id: name, name, status: stopped[name] ?? 'running', tags: null, trace: false, version: ''})),
        );
      }
      if (method !== 'POST') return {status: 405, text: ''};
      const rule = parseRule(body);
      if (rules[rule.id] !== undefined) throw new Refusal(1000, `rule ${rule.id} already exists`);
      this.#checkSources(body);
      rules[rule.id] = body;
      this.#run(rule.id, rule.triggered !== false);
      return {status: 201, text: `Rule ${rule.id} was created successfully.`};
    }
    if (id === 'status' && verb === 'all' && method === 'GET' && this.hasStatusAll) {
      return json(
        200,
        Object.fromEntries(Object.keys(rules).map(name => [name, {status: stopped[name] ?? 'running', ...this.#failures(name)}])),
      );
    }
    const text = rules[id];
    if (verb === undefined) {
      switch (method) {
        case 'GET':
          if (text === undefined || isTemporary(text)) throw new Refusal(1002, `Describe rule error: Rule ${id} is not found.`);
          return {status: 200, text, type: 'application/json'};
        case 'PUT': {
          const rule = parseRule(body, id);
          this.#checkSources(body);
          checkVersion(id, text, body);
          rules[id] = body;
          this.#run(id, rule.triggered !== false);
          return {status: 200, text: `Rule ${id} was updated successfully.`};
        }
        case 'DELETE':
          if (text === undefined) throw new Refusal(1000, `Delete rule error: rule ${id} not found`);
          delete rules[id];
          delete stopped[id];
          // Dropped all the same.
          if (isTemporary(text)) throw new Refusal(1000, `Delete rule error: Delete rule ${id} failed: ${id} is not found.`);
          return {status: 200, text: `Rule ${id} is dropped.`};
        default:
          return {status: 405, text: ''};
      }
    }
    if (verb === 'status' && method === 'GET') {
      if (text === undefined) throw new Refusal(1002, `get rule status error: Rule ${id} is not found`);
      const status = stopped[id] ?? 'running';
      return json(200, {
        status,
        message: status === 'stopped' ? (this.finished.has(id) ? 'done' : 'canceled manually') : '',
        ...this.nodes.get(id),
      });
    }
    if (method !== 'POST') return {status: 405, text: ''};
    if (text === undefined)
      throw new Refusal(1002, `${verb} rule error: Rule ${id} is not found in registry, please check if it is created`);
    // As eKuiper does: the text is written anew with its keys sorted.
    rules[id] = JSON.stringify(sortKeys({...JSON.parse(text), triggered: verb !== 'stop'}));
    this.#run(id, verb !== 'stop');
    return {status: 200, text: `Rule ${id} was ${verb === 'start' ? 'started' : verb === 'stop' ? 'stopped.' : 'restarted'}`};
  }

  /** Of the node that failed last; here of the one that failed most. */
  #failures(rule: string): {exceptions_total: number; last_exception: string} {
    const nodes = this.nodes.get(rule) ?? {};
    const counts = Object.entries(nodes).flatMap(([key, value]) =>
      key.endsWith('_exceptions_total') ? [[key, Number(value)] as const] : [],
    );
    const [key, total] = counts.sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
    return {exceptions_total: total, last_exception: String(nodes[key.replace('exceptions_total', 'last_exception')] ?? '')};
  }

  /** Rules whose input has ended. */
  readonly finished = new Set<string>();

  #run(id: string, running: boolean): void {
    if (running) {
      delete this.state.stopped[id];
      this.starts.set(id, (this.starts.get(id) ?? 0) + 1);
    } else this.state.stopped[id] = 'stopped';
  }

  #checkSources(body: string): void {
    for (const name of sourcesOf(body)) {
      if (this.state.streams[name] === undefined && this.state.tables[name] === undefined)
        throw new Refusal(1000, `fail to get stream ${name}, please check if stream is created`);
    }
  }

  #ruleset(method: string, [verb]: readonly string[]): Answer {
    if (verb !== 'export' || !this.hasExport) return {status: 404, text: '404 page not found\n'};
    if (method !== 'POST') return {status: 405, text: ''};
    const {streams, tables, rules} = this.state;
    const kept = Object.fromEntries(Object.entries(rules).filter(([, text]) => !isTemporary(text)));
    return {...json(200, {streams, tables, rules: kept}), type: 'application/octet-stream'};
  }

  /** `/data/export`: every section a map of names to texts. */
  #exported(): object {
    const {streams, tables, rules, confKeys, connections, schemas, services, scripts, plugins} = this.state;
    const texts = (entries: Readonly<Record<string, unknown>>, separator = '') =>
      Object.fromEntries(Object.entries(entries).map(([name, value]) => [name.replace('/', separator), JSON.stringify(value)]));
    const below = (entries: Readonly<Record<string, unknown>>, prefix: string) =>
      Object.fromEntries(
        Object.entries(entries).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
      );
    const byType: Record<string, Record<string, unknown>> = {};
    for (const {id, typ, props} of Object.values(connections)) (byType[typ] ??= {})[id] = props;
    return {
      streams,
      tables,
      rules,
      nativePlugins: texts(Object.fromEntries(Object.entries(plugins).filter(([name]) => !name.startsWith('portables/'))), '_'),
      portablePlugins: texts(below(plugins, 'portables/')),
      sourceConfig: texts(below(confKeys, 'sources/')),
      sinkConfig: texts(below(confKeys, 'sinks/')),
      connectionConfig: texts({...below(confKeys, 'connections/'), ...byType}),
      Service: texts(services),
      Schema: texts(schemas, '_'),
      uploads: {},
      scripts: texts(scripts),
    };
  }

  #metadata(method: string, [category, second, third, key]: readonly string[], body: string): Answer {
    if (second === 'yaml' && method === 'GET') {
      const held = this.state.confKeys[`${category}/${third}`];
      if (!held) throw new Refusal(5000, `This plugin was not found:${category}.${third}`);
      return json(200, held);
    }
    if (third !== 'confKeys' || key === undefined) return {status: 404, text: '404 page not found\n'};
    const type = `${category}/${second}`;
    if (method === 'PUT') {
      (this.state.confKeys[type] ??= {})[key] = this.storeProperties(JSON.parse(body));
      return {status: 200, text: ''};
    }
    if (method !== 'DELETE') return {status: 405, text: ''};
    if (this.state.confKeys[type]?.[key] === undefined) throw new Refusal(5000, `confKey ${key} is not found`);
    delete this.state.confKeys[type][key];
    return {status: 200, text: ''};
  }

  /** How an engine changes properties when it stores them. */
  storeProperties: (properties: unknown) => unknown = properties => properties;

  #connection(method: string, [id]: readonly string[], body: string): Answer {
    const held = this.state.connections;
    if (id === undefined && method === 'POST') {
      const given = JSON.parse(body) as {id: string; typ: string; props: unknown};
      if (held[given.id]) throw new Refusal(1000, `create connection failed: connection ${given.id} already been created`);
      held[given.id] = given;
      return {status: 201, text: 'success'};
    }
    if (id === undefined) return method === 'GET' ? json(200, Object.values(held)) : {status: 405, text: ''};
    if (method === 'GET') {
      if (!held[id]) throw new Refusal(1000, `connection ${id} not existed`);
      return json(200, {...held[id], isNamed: true, status: 'connected'});
    }
    const users = Object.entries(this.state.rules).flatMap(([rule, text]) =>
      this.state.stopped[rule] === undefined && this.#connectionsOf(text).has(id) ? [rule] : [],
    );
    const verb = method === 'PUT' ? 'update' : 'drop';
    if (users.length > 0)
      throw new Refusal(1000, `${verb} connection failed: connection ${id} can't be dropped due to rule references [${users.join(' ')}]`);
    if (method === 'PUT') {
      if (!held[id]) throw new Refusal(1000, `update connection failed: connection ${id} not existed`);
      held[id] = {...(JSON.parse(body) as {typ: string; props: unknown}), id};
    } else delete held[id];
    return {status: 200, text: 'success'};
  }

  /** Those a rule sends through or reads through. */
  #connectionsOf(ruleText: string): ReadonlySet<string> {
    const confKeys = sourcesOf(ruleText).map(name => /CONF_KEY="([^"]+)"/.exec(this.state.streams[name] ?? '')?.[1]);
    const properties = Object.values(this.state.confKeys).flatMap(held => confKeys.map(key => held[key ?? 'default']));
    const texts = [ruleText, ...properties.map(one => JSON.stringify(one) ?? '')].join('\n');
    return new Set([...texts.matchAll(/"connectionSelector"\s*:\s*"([^"]+)"/g)].map(([, id]) => id!));
  }

  #named(
    held: Record<string, unknown>,
    nameKey: string,
    type: string,
    method: string,
    [name]: readonly string[],
    body: string,
    what: string,
  ): Answer {
    const key = (given: string) => (type === '' ? given : `${type}/${given}`);
    if (name === undefined && method === 'POST') {
      const given = JSON.parse(body) as Record<string, string>;
      const id = given[nameKey]!;
      if (held[key(id)]) throw new Refusal(1000, `${what} create command error: ${id} already registered`);
      held[key(id)] = given;
      return {status: 201, text: `${what} ${id} is created`};
    }
    if (name === undefined)
      return json(
        200,
        Object.keys(held)
          .filter(one => one.startsWith(key('')))
          .map(one => one.slice(key('').length)),
      );
    if (method === 'GET') {
      if (!held[key(name)]) throw new Refusal(1002, `describe ${what} ${name} error: not found`);
      return json(200, what === 'service' ? {About: {}, Interfaces: {}} : held[key(name)]);
    }
    if (method === 'PUT') {
      held[key(name)] = JSON.parse(body);
      return {status: 200, text: `${what} ${name} is updated`};
    }
    delete held[key(name)];
    return {status: 200, text: `${what} ${name} is deleted`};
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function error(code: number, message: string): Answer {
  return {status: code === 1002 ? 404 : 400, text: `${JSON.stringify({error: code, message})}\n`};
}

function json(status: number, value: unknown): Answer {
  return {status, text: JSON.stringify(value), type: 'application/json'};
}

function createStatement(body: string): {family: 'streams' | 'tables'; name: string; sql: string} {
  let sql: unknown;
  try {
    sql = (JSON.parse(body) as {sql?: unknown} | null)?.sql;
  } catch (thrown) {
    throw new Refusal(1000, `Invalid body: Error decoding the statement descriptor: ${String(thrown)}`);
  }
  const match = /^\s*create\s+(stream|table)\s+`?([\w-]+)`?\s*\(/i.exec(String(sql));
  if (!match) throw new Refusal(3000, `Stream command error: Invalid stream statement: ${String(sql)}`);
  return {family: match[1]!.toLowerCase() === 'stream' ? 'streams' : 'tables', name: match[2]!, sql: String(sql)};
}

function parseRule(body: string, pathId?: string): {id: string; triggered?: boolean} {
  let rule: {id?: string; sql?: string; graph?: unknown; actions?: unknown[]; triggered?: boolean} | null;
  try {
    rule = JSON.parse(body);
  } catch (thrown) {
    throw new Refusal(1000, `invalid rule json: Parse rule ${body} error : ${String(thrown)}.`);
  }
  const id = rule?.id ?? pathId;
  if (!id) throw new Refusal(1000, 'invalid rule json: Missing rule id.');
  if (pathId !== undefined && id !== pathId) throw new Refusal(1000, 'Invalid rule json: RuleId is not consistent with rule id.');
  if (!rule?.sql && !rule?.graph) throw new Refusal(1000, `invalid rule json: Rule ${id} has neither sql nor graph.`);
  if (!rule.graph && !rule.actions?.length) throw new Refusal(1000, 'invalid rule json: Missing rule actions.');
  return {id, ...(rule.triggered === undefined ? {} : {triggered: rule.triggered})};
}

/** Lives in memory only: it is listed, and neither shown nor exported. */
function isTemporary(ruleText: string): boolean {
  return (JSON.parse(ruleText) as {temp?: boolean}).temp === true;
}

/** A version that is given must go up, by the order of texts. */
function checkVersion(id: string, before: string | undefined, after: string): void {
  const [old = '', next = ''] = [before ?? '{}', after].map(text => (JSON.parse(text) as {version?: string}).version);
  if (before !== undefined && (old !== '' || next !== '') && next <= old)
    throw new Refusal(1000, `Update rule error: rule ${id} already exists with version (${old}), new version (${next}) is lower`);
}

function isShared(sql: string): boolean {
  return /\bSHARED\s*=\s*"true"/i.test(sql);
}

function sourcesOf(ruleText: string): readonly string[] {
  const {sql = ''} = JSON.parse(ruleText) as {sql?: string};
  return [...sql.matchAll(/\b(?:from|join)\s+`?([\w-]+)/gi)].map(([, name]) => name!);
}

function describe(name: string, sql: string, kind: string): object {
  const {columns, options} = parseStatement(sql) as CreateStatement;
  const keys: Readonly<Record<string, string>> = {CONF_KEY: 'confKey', STRICT_VALIDATION: 'strictValidation', RETAIN_SIZE: 'retainSize'};
  const described = options.map(({key, value}) => [
    keys[key] ?? key.toLowerCase(),
    /^(?:true|false)$/i.test(value) ? /true/i.test(value) : value,
  ]);
  return {
    Name: name,
    StreamFields: columns.length === 0 ? null : columns.map(describeColumn),
    Options: Object.fromEntries(described.filter(([, value]) => value !== false)),
    StreamType: kind === 'table' ? 1 : 0,
    Statement: null,
  };
}

function describeColumn({name, type}: {readonly name: string; readonly type: ColumnType}): object {
  return {FieldType: describeType(type), Name: name};
}

function describeType(type: ColumnType): string | object {
  if (type.kind === 'array') return {Type: 'array', ElementType: describeType(type.element)};
  if (type.kind === 'struct') return {Type: 'struct', Fields: type.fields.map(describeColumn)};
  return type.kind;
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
