import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {type Logger, silentLogger} from '#engine/base/logger.ts';
import {oneOf, text} from '#engine/base/settings.ts';
import {type OpenCatalog, openCatalog} from '#engine/catalog/open-catalog.ts';
import type {CreateStatement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {openMemoryStore} from '#engine/store/memory-store.ts';
import type {Store} from '#engine/store/store.ts';
import {projectRoot} from '#test/support/source-tree.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function etc(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'etc-'));
  cleanups.push(() => rmSync(directory, {recursive: true, force: true}));
  mkdirSync(join(directory, 'sources'));
  mkdirSync(join(directory, 'connections'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

async function open(
  options: {store?: Store; etcDirectory?: string; environment?: Record<string, string>; logger?: Logger} = {},
): Promise<OpenCatalog> {
  const {store = openMemoryStore(), etcDirectory = etc(), environment = {}, logger = silentLogger} = options;
  const catalog = await openCatalog({store, etcDirectory, environment, logger});
  cleanups.push(() => catalog.close());
  return catalog;
}

function create(catalog: OpenCatalog, sql: string) {
  return catalog.createSource(parseStatement(sql) as CreateStatement, sql);
}

function replace(catalog: OpenCatalog, sql: string) {
  return catalog.replaceSource(parseStatement(sql) as CreateStatement, sql);
}

const demo = 'CREATE STREAM demo (a bigint, b array(struct(c string))) WITH (DATASOURCE="t", FORMAT="json", SHARED="TRUE")';

describe('streams and tables', () => {
  it('are found by name and kind, with effective options and declared columns', async () => {
    const catalog = await open();
    await create(catalog, demo);
    const found = catalog.source('demo', 'stream')!;
    expect(found).toMatchObject({name: 'demo', kind: 'stream', sql: demo, temporary: false});
    expect(Object.fromEntries(found.options)).toEqual({DATASOURCE: 't', FORMAT: 'json', SHARED: 'true'});
    expect(found.declared).toEqual({
      open: false,
      columns: [
        {name: 'a', type: {kind: 'int'}},
        {name: 'b', type: {kind: 'array', element: {kind: 'struct', fields: [{name: 'c', type: {kind: 'string'}}]}}},
      ],
    });
    expect(catalog.source('demo', 'table')).toBeUndefined();
    expect(catalog.statement(found).name).toBe('demo');
  });

  it('survive a restart, temporary ones excepted', async () => {
    const store = openMemoryStore();
    const first = await open({store});
    await create(first, demo);
    await create(first, 'CREATE STREAM passing () WITH (DATASOURCE="t", TEMP="true")');
    await create(first, 'CREATE TABLE things (id bigint) WITH (DATASOURCE="t", TYPE="memory", KIND="lookup", KEY="id")');
    await create(first, 'CREATE STREAM gone () WITH (DATASOURCE="t")');
    await first.dropSource('gone', 'stream');
    const second = await open({store});
    expect(second.sources('stream').map(({name}) => name)).toEqual(['demo']);
    expect(second.sources('table').map(({name}) => name)).toEqual(['things']);
    expect(second.source('demo')).toEqual(first.source('demo'));
  });

  it('report a stored statement that cannot be read, and keep the others', async () => {
    const store = openMemoryStore();
    await store.write([
      {key: 'stream/bad', value: Buffer.from('CREATE NONSENSE')},
      {key: 'stream/demo', value: Buffer.from(demo)},
    ]);
    const error = vi.fn();
    const catalog = await open({store, logger: {...silentLogger, error, child: () => silentLogger}});
    expect(catalog.sources('stream').map(({name}) => name)).toEqual(['demo']);
    expect(error).toHaveBeenCalledWith('stored stream cannot be read', expect.objectContaining({stream: 'bad'}));
    expect(await store.get('stream/bad')).toBeDefined();
  });

  it.each([
    {name: 'a name that exists', sql: demo, message: 'Create stream fails: Item demo already exists.'},
    {
      name: 'the name of a stream for a table',
      sql: 'CREATE TABLE demo () WITH (DATASOURCE="t")',
      message: 'Create table fails: Item demo already exists.',
    },
    {name: 'a dot in a name', sql: 'CREATE STREAM `a.b` () WITH (DATASOURCE="t")', message: "id 'a.b' contains invalid characters"},
    {name: 'an unknown format', sql: 'CREATE STREAM x () WITH (FORMAT="jsn")', message: "option 'format=jsn' is invalid"},
    {name: 'EXTRA that is no JSON', sql: 'CREATE STREAM x () WITH (EXTRA="{")', message: 'invalid extra option, expect JSON string'},
    {name: 'EXTRA that is no object', sql: 'CREATE STREAM x () WITH (EXTRA="[1]")', message: 'invalid extra option, expect JSON string'},
    {
      name: 'two columns of a binary stream',
      sql: 'CREATE STREAM x (a bytea, b bytea) WITH (FORMAT="binary")',
      message: "'binary' format stream can have only one field",
    },
    {
      name: 'a binary column that is no bytea',
      sql: 'CREATE STREAM x (a string) WITH (FORMAT="BINARY")',
      message: "'binary' format stream can have only 'bytea' type field",
    },
    {name: 'a binary table', sql: 'CREATE TABLE x () WITH (FORMAT="binary")', message: "'binary' format is not supported for table"},
    {
      name: 'a memory lookup table without key',
      sql: 'CREATE TABLE x () WITH (TYPE="memory", KIND="lookup")',
      message: 'option "key" is required for memory lookup table',
    },
  ])('refuse $name with code 3000', async ({sql, message}) => {
    const catalog = await open();
    await create(catalog, demo);
    await expect(create(catalog, sql)).rejects.toThrow(expect.objectContaining({code: 3000, message: expect.stringContaining(message)}));
    expect(catalog.sources('stream')).toHaveLength(1);
    expect(catalog.sources('table')).toHaveLength(0);
  });

  it('let only one of two creates at the same moment through', async () => {
    const catalog = await open();
    const results = await Promise.allSettled([create(catalog, demo), create(catalog, demo)]);
    expect(results.map(({status}) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('forget a create that could not be stored', async () => {
    const store = openMemoryStore();
    const catalog = await open({store: {...store, write: () => Promise.reject(new Error('disk full'))}});
    await expect(create(catalog, demo)).rejects.toThrow('disk full');
    expect(catalog.source('demo')).toBeUndefined();
  });

  it('say that a dropped name is unknown with code 1002', async () => {
    const catalog = await open();
    await expect(catalog.dropSource('demo', 'stream')).rejects.toThrow(
      expect.objectContaining({code: 1002, message: 'stream demo is not found'}),
    );
  });
});

describe('replacing a stream', () => {
  const stream = (options: string) => `CREATE STREAM demo () WITH (DATASOURCE="t"${options})`;

  it.each([
    {before: '', after: ', VERSION="1"'},
    {before: ', VERSION="1"', after: ', VERSION="2"'},
    {before: '', after: ', FORMAT="delimited"'},
  ])('takes "$after" after "$before"', async ({before, after}) => {
    const catalog = await open();
    await create(catalog, stream(before));
    await replace(catalog, stream(after));
    expect(catalog.source('demo')?.sql).toBe(stream(after));
  });

  it.each([
    {before: ', VERSION="2"', after: ', VERSION="1"', message: 'source demo already exists with version (2), new version (1) is lower'},
    {before: ', VERSION="2"', after: ', VERSION="2"', message: 'new version (2) is lower'},
    {before: ', VERSION="2"', after: ', VERSION="10"', message: 'new version (10) is lower'},
    {before: ', VERSION="2"', after: '', message: 'new version () is lower'},
    {before: ', SHARED="true"', after: '', message: 'Replace demo fails: do not support to change stream SHARED option.'},
    {before: '', after: ', TEMP="true"', message: 'Replace demo fails: cannot replace with temp option.'},
    {before: ', TEMP="true"', after: '', message: 'Replace demo fails: cannot replace with temp option.'},
  ])('refuses "$after" after "$before"', async ({before, after, message}) => {
    const catalog = await open();
    await create(catalog, stream(before));
    await expect(replace(catalog, stream(after))).rejects.toThrow(
      expect.objectContaining({code: 3000, message: expect.stringContaining(message)}),
    );
    expect(catalog.source('demo')?.sql).toBe(stream(before));
  });

  it('creates what is not there and tells who must plan anew', async () => {
    const catalog = await open();
    const changed = vi.fn();
    catalog.onSourceChanged(changed);
    await replace(catalog, stream(''));
    expect(changed).toHaveBeenCalledWith('demo');
  });
});

describe('stored rules', () => {
  it('keep the order of their creation over updates and restarts', async () => {
    const store = openMemoryStore();
    const first = await open({store});
    for (const id of ['z', 'a', 'm']) await first.putRule(id, `{"id":"${id}"}\n`);
    await first.putRule('a', 'changed');
    await first.dropRule('m');
    await first.putRule('m', 'again');
    const expected = [
      {id: 'z', text: '{"id":"z"}\n'},
      {id: 'a', text: 'changed'},
      {id: 'm', text: 'again'},
    ];
    expect(first.rules()).toEqual(expected);
    expect((await open({store})).rules()).toEqual(expected);
  });
});

const source = 'default:\n  server: tcp://a:1883\n  qos: 1\nEdge_1:\n  QoS: 2\n';

describe('configuration keys', () => {
  it('lay the stored key over the section of the file over the defaults', async () => {
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': source})});
    await catalog.putConfKey('sources', 'mqtt', 'Edge_1', {server: 'tcp://b:1883'});
    expect(catalog.sourceProperties('mqtt', undefined)).toEqual({server: 'tcp://a:1883', qos: 1});
    expect(catalog.sourceProperties('mqtt', 'EDGE_1')).toEqual({server: 'tcp://a:1883', QoS: 2});
    expect(catalog.sourceProperties('mqtt', 'Edge_1')).toEqual({server: 'tcp://b:1883', QoS: 2});
    expect(catalog.sourceProperties('mqtt', 'nothing')).toEqual({server: 'tcp://a:1883', qos: 1});
  });

  it('list the sections of the file and the stored keys', async () => {
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': source})});
    await catalog.putConfKey('sources', 'mqtt', 'Mine', {qos: 0, interval: 1500, sendInterval: 2000});
    expect(catalog.confKeys('sources', 'mqtt')).toEqual({
      default: {server: 'tcp://a:1883', qos: 1},
      edge_1: {QoS: 2},
      Mine: {qos: 0, interval: '1500ms', sendInterval: '2s'},
    });
    expect(catalog.confKeys('sinks', 'mqtt')).toEqual({});
  });

  it('survive a restart and are replaced as a whole', async () => {
    const store = openMemoryStore();
    const first = await open({store});
    await first.putConfKey('sinks', 'rest', 'a', {url: 'x', method: 'post'});
    await first.putConfKey('sinks', 'rest', 'a', {url: 'y'});
    await first.putConfKey('sinks', 'rest', 'b', {url: 'z'});
    await first.dropConfKey('sinks', 'rest', 'b');
    expect((await open({store})).confKeys('sinks', 'rest')).toEqual({a: {url: 'y'}});
  });

  it('refuse to delete what is not stored, with code 5000', async () => {
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': source})});
    for (const [key, message] of [
      ['edge_1', 'stands in a file'],
      ['none', 'is not found'],
    ] as const) {
      await expect(catalog.dropConfKey('sources', 'mqtt', key)).rejects.toThrow(
        expect.objectContaining({code: 5000, message: expect.stringContaining(message)}),
      );
    }
  });

  it('take overrides of the environment, in sections and files that are not there as well', async () => {
    const environment = {MQTT_SOURCE__DEFAULT__SERVER: 'tcp://env:1', MQTT_SOURCE__NEW__QOS: '2', HTTPPULL__DEFAULT__URL: 'http://x'};
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': source}), environment});
    expect(catalog.sourceProperties('mqtt', 'new')).toEqual({server: 'tcp://env:1', qos: 2});
    expect(catalog.sourceProperties('httppull', undefined)).toEqual({url: 'http://x'});
  });

  it('take the connection that connectionSelector names', async () => {
    const etcDirectory = etc({
      'mqtt_source.yaml': 'default:\n  connectionSelector: mqtt.local\n  qos: 1\n',
      'connections/connection.yaml': 'mqtt:\n  Local:\n    server: tcp://shared:1883\n',
    });
    const catalog = await open({etcDirectory});
    expect(catalog.sourceProperties('mqtt', undefined)).toMatchObject({server: 'tcp://shared:1883', qos: 1});
  });

  it('never leave the etc directory, whatever a type is called', async () => {
    const catalog = await open({etcDirectory: etc({'kuiper.yaml': 'basic:\n  restPort: 1\n'})});
    expect(catalog.confKeys('sources', '../kuiper')).toEqual({});
    expect(catalog.sourceProperties('../kuiper', 'basic')).toEqual({});
  });

  it.each([
    {name: 'bad YAML', text: 'default:\n  server: [1\n', message: /mqtt_source\.yaml:\d+:\d+: /},
    {
      name: 'a section without properties',
      text: 'default: 5\n',
      message: /mqtt_source\.yaml:1:10: expected properties in section "default"/,
    },
    {name: 'a list', text: '- a\n', message: /mqtt_source\.yaml:1:1: expected sections/},
  ])('make the start fail on $name with its place', async ({text, message}) => {
    await expect(open({etcDirectory: etc({'mqtt_source.yaml': text})})).rejects.toThrow(message);
  });
});

describe('a mqtt_source.yaml whose properties are known', () => {
  const settings = {server: text('Broker.'), qos: oneOf([0, 1, 2], 'Guarantee.'), password: text('Password.', {secret: true})};
  const openWith = async (yaml: string, environment: Record<string, string> = {}) => {
    const warnings: string[] = [];
    const etcDirectory = etc({'mqtt_source.yaml': yaml});
    const logger: Logger = {...silentLogger, warn: line => void warnings.push(line.replace(`${etcDirectory}/`, ''))};
    const catalog = await openCatalog({
      store: openMemoryStore(),
      etcDirectory,
      environment,
      logger,
      sourceSettings: type => (type === 'mqtt' ? settings : undefined),
    });
    cleanups.push(() => catalog.close());
    return {catalog, warnings};
  };

  it('warns of a property that nobody knows, with its place and the nearest name', async () => {
    const {warnings} = await openWith('default:\n  Server: tcp://a:1\nedge:\n  sever: tcp://b:1\n  other: 1\n');
    expect(warnings).toEqual([
      'mqtt_source.yaml:4:10: edge.sever: unknown property, did you mean "server"?',
      'mqtt_source.yaml:5:10: edge.other: unknown property',
    ]);
  });

  it('is refused at the start with each value that does not fit, and no secret is told', async () => {
    const opened = openWith('default:\n  qos: 5\n  password: 12345\n');
    await expect(opened).rejects.toThrow(/mqtt_source\.yaml:2:8: default\.qos: expected one of 0, 1, 2, got 5/);
    await expect(opened).rejects.toThrow(/mqtt_source\.yaml:3:13: default\.password: expected a string, which digits need quotes for$/);
  });

  it('takes a password of digits from the environment as the text it is', async () => {
    const {catalog} = await openWith('', {MQTT_SOURCE__DEFAULT__PASSWORD: '0123'});
    expect(catalog.sourceProperties('mqtt', undefined)).toEqual({password: '0123'});
  });
});

describe('a changed mqtt_source.yaml', () => {
  it('reaches the streams whose properties it changes, and a bad one leaves the last good one', async () => {
    const etcDirectory = etc({'mqtt_source.yaml': source});
    const file = join(etcDirectory, 'mqtt_source.yaml');
    const error = vi.fn();
    const catalog = await open({etcDirectory, logger: {...silentLogger, error, child: () => silentLogger}});
    const changed = vi.fn();
    catalog.onSourceChanged(changed);
    await create(catalog, 'CREATE STREAM plain () WITH (DATASOURCE="t")');
    await create(catalog, 'CREATE STREAM edge () WITH (DATASOURCE="t", CONF_KEY="edge_1")');
    await create(catalog, 'CREATE STREAM unused () WITH (DATASOURCE="t", CONF_KEY="edge_1")');
    for (const name of ['plain', 'edge']) catalog.schema(catalog.source(name)!);

    writeFileSync(file, source.replace('QoS: 2', 'QoS: 0'));
    await vi.waitFor(() => expect(changed.mock.calls).toEqual([['edge']]), {timeout: 5000});
    expect(catalog.sourceProperties('mqtt', 'edge_1')).toMatchObject({QoS: 0});

    writeFileSync(file, 'default: [');
    await vi.waitFor(() => expect(error).toHaveBeenCalledWith(expect.stringContaining('faulty'), expect.objectContaining({file})), {
      timeout: 5000,
    });
    expect(catalog.sourceProperties('mqtt', 'edge_1')).toMatchObject({QoS: 0});

    writeFileSync(file, source.replace('tcp://a:1883', 'tcp://c:1883'));
    await vi.waitFor(
      () =>
        expect(
          changed.mock.calls
            .slice(1)
            .map(([name]) => name)
            .sort(),
        ).toEqual(['edge', 'plain']),
      {timeout: 5000},
    );
  });
});

describe('device models', () => {
  const sample = readFileSync(join(projectRoot, 'test/kubeedge/samples/8-deviceProfile-v1alpha2-random-two-devices.json'), 'utf8');
  const stream = 'CREATE STREAM devices () WITH (DATASOURCE="$hw/events/device/+/twin/update", CONF_KEY="edge")';
  const withModel = 'edge:\n  kubeedgeModelFile: models.json\n';

  it('give a stream their columns, shared by the streams of a conf key', async () => {
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': withModel, 'sources/models.json': sample})});
    await create(catalog, stream);
    await create(catalog, stream.replace('devices', 'more'));
    const definition = catalog.source('devices')!;
    const {columns, open: isOpen} = catalog.schema(definition);
    expect(isOpen).toBe(true);
    expect(columns.length).toBeGreaterThan(0);
    expect(catalog.deviceTyping(definition)).toBe(catalog.deviceTyping(catalog.source('more')!));
  });

  it('stand behind declared columns', async () => {
    const catalog = await open({etcDirectory: etc({'mqtt_source.yaml': withModel, 'sources/models.json': sample})});
    await create(catalog, stream);
    const [first] = catalog.schema(catalog.source('devices')!).columns;
    await create(catalog, stream.replace('devices ()', `declared (\`${first!.name}\` datetime)`));
    const {columns} = catalog.schema(catalog.source('declared')!);
    expect(columns.filter(({name}) => name === first!.name)).toEqual([{name: first!.name, type: {kind: 'datetime'}}]);
  });

  it('make streams plan anew when a file changes their columns, and are there from the start after a restart', async () => {
    const etcDirectory = etc({'mqtt_source.yaml': withModel, 'sources/models.json': '{"deviceModels":[]}'});
    const store = openMemoryStore();
    const catalog = await open({etcDirectory, store});
    const changed = vi.fn();
    catalog.onSourceChanged(changed);
    await create(catalog, stream);
    expect(catalog.schema(catalog.source('devices')!).columns).toEqual([]);
    writeFileSync(join(etcDirectory, 'sources/models.json'), sample);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledWith('devices'), {timeout: 5000});
    const {columns} = catalog.schema(catalog.source('devices')!);
    expect(columns.length).toBeGreaterThan(0);
    const again = await open({etcDirectory, store});
    expect(again.schema(again.source('devices')!).columns).toEqual(columns);
  });

  it('come and go with the conf key that names them', async () => {
    const catalog = await open({etcDirectory: etc({'sources/models.json': sample})});
    await create(catalog, stream);
    expect(catalog.deviceTyping(catalog.source('devices')!)).toBeUndefined();
    const changed = vi.fn();
    catalog.onSourceChanged(changed);
    catalog.schema(catalog.source('devices')!);
    await catalog.putConfKey('sources', 'mqtt', 'edge', {kubeedgeModelFile: 'models.json'});
    expect(catalog.deviceTyping(catalog.source('devices')!)).toBeDefined();
    expect(changed).toHaveBeenCalledTimes(1);
    await catalog.dropConfKey('sources', 'mqtt', 'edge');
    expect(catalog.deviceTyping(catalog.source('devices')!)).toBeUndefined();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('that cannot be read leave the stream open until they can', async () => {
    const etcDirectory = etc({'mqtt_source.yaml': withModel, 'sources/models.json': '{'});
    const catalog = await open({etcDirectory});
    await create(catalog, stream);
    const definition = catalog.source('devices')!;
    expect(catalog.schema(definition)).toMatchObject({columns: [], open: true});
    expect(catalog.deviceTyping(definition)?.report().fault).toMatch(/models\.json/);
    writeFileSync(join(etcDirectory, 'sources/models.json'), sample);
    await vi.waitFor(() => expect(catalog.schema(definition).columns.length).toBeGreaterThan(0), {timeout: 5000});
  });
});
