import {once} from 'node:events';
import {cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine, type FakeEngineState} from '#test/support/fake-engine.ts';
import {startProgram} from '#test/support/program.ts';
import {createRunnerPlace, type RunnerPlace} from '#test/support/runner.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function createPlace(url: string, settings: object = {}): RunnerPlace {
  const place = createRunnerPlace(url, {...settings});
  stops.push(place.remove);
  return place;
}

async function run(place: RunnerPlace, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const {child} = startProgram('runner', [words[0]!, place.config, ...words.slice(1)], {environment});
  const parts = {stdout: '', stderr: ''};
  child.stdout!.on('data', part => (parts.stdout += String(part)));
  child.stderr!.on('data', part => (parts.stderr += String(part)));
  const [code] = (await once(child, 'close')) as [number];
  return {code, ...parts};
}

const secret = 'hunter2hunter2';
const state: Partial<FakeEngineState> = {
  streams: {b: 'CREATE STREAM b () WITH (DATASOURCE="t", CONF_KEY="edge")', a: 'CREATE STREAM a ()\nWITH (DATASOURCE="${t}")'},
  tables: {t: 'CREATE TABLE t () WITH (DATASOURCE="t", TYPE="memory", KIND="lookup")'},
  rules: {
    r: `{"id":"r","name":"r","triggered":false,"sql":"SELECT * FROM a","actions":[{"mqtt":{"server":"tcp://u:${secret}@h:1883","n":12345678901234567890,"f":1.50,"password":"${secret}"}}]}`,
  },
  stopped: {r: 'stopped'},
  confKeys: {'sources/mqtt': {edge: {server: 'tcp://e', password: secret, pin: secret}}},
  connections: {main: {id: 'main', typ: 'mqtt', props: {server: 'tcp://m', token: 12345}}},
  schemas: {'protobuf/my_orders': {type: 'protobuf', name: 'my_orders', content: 'message O {}'}},
  services: {sample: {name: 'sample', file: 'file:///s.zip'}},
  scripts: {area: {id: 'area', script: 'function area(x) { return `${x}`; }', isAgg: false}},
  plugins: {'portables/mirror': {name: 'mirror', file: 'file:///m.zip'}, 'functions/image': {name: 'image', file: 'http://x/i.zip'}},
};
const secrets = {
  CONNECTIONS_MAIN_TOKEN: '12345',
  CONFKEYS_SOURCES_MQTT_EDGE_PASSWORD: secret,
  RULES_R_ACTIONS_0_MQTT_SERVER_SECRET: secret,
  RULES_R_ACTIONS_0_MQTT_PASSWORD: secret,
};

describe('dump', () => {
  let engine: FakeEngine;
  let place: RunnerPlace;
  beforeEach(async () => {
    engine = await FakeEngine.start(state);
    stops.push(() => engine.kill());
    place = createPlace(engine.url);
  });

  it('leaves out to whom a rule belongs', async () => {
    const rule = (tags: readonly string[]) => JSON.stringify({id: 'x', sql: 'SELECT * FROM a', actions: [{nop: {}}], tags});
    engine.load({
      streams: {a: 'CREATE STREAM a ()'},
      rules: {own: rule(['arrokoth-scope:west']), more: rule(['plant', 'arrokoth-scope:west'])},
    });
    const {stdout} = await run(place, ['dump', '--json']);
    const {rules} = JSON.parse(stdout) as {rules: Record<string, object>};
    expect(rules['own']).not.toHaveProperty('tags');
    expect(rules['more']).toMatchObject({tags: ['plant']});
  });

  it('writes every kind, sorted, secrets as variables that must be set', async () => {
    const {code, stdout, stderr} = await run(place, ['dump']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout.replace(engine.url, 'ENGINE')).toBe(`# What ENGINE holds.
# Secrets, to be set before use: ${Object.keys(secrets).join(', ')}.

plugins:
  functions:
    image:
      file: http://x/i.zip
  portables:
    mirror:
      file: file:///m.zip
services:
  sample:
    file: file:///s.zip
schemas:
  protobuf:
    my_orders:
      content: message O {}
scripts:
  area:
    script: function area(x) { return \`$\${x}\`; }
    isAgg: false
connections:
  main:
    typ: mqtt
    props:
      server: tcp://m
      token: \${CONNECTIONS_MAIN_TOKEN:int}
confKeys:
  sources:
    mqtt:
      edge:
        server: tcp://e
        password: \${CONFKEYS_SOURCES_MQTT_EDGE_PASSWORD}
        pin: ${secret}
streams:
  a: |-
    CREATE STREAM a ()
    WITH (DATASOURCE="$\${t}")
  b: CREATE STREAM b () WITH (DATASOURCE="t", CONF_KEY="edge")
tables:
  t: CREATE TABLE t () WITH (DATASOURCE="t", TYPE="memory", KIND="lookup")
rules:
  r:
    sql: SELECT * FROM a
    actions:
      - mqtt:
          server: tcp://u:\${RULES_R_ACTIONS_0_MQTT_SERVER_SECRET}@h:1883
          n: 12345678901234567890
          f: 1.50
          password: \${RULES_R_ACTIONS_0_MQTT_PASSWORD}
    running: false
`);
  });

  it.each([[], ['--json']])('is what validate takes, once its secrets are set, and sync finds no difference (%s)', async (...more) => {
    expect(await run(place, ['dump', '--out', place.commands, ...more])).toMatchObject({code: 0});
    const extension = more.length > 0 ? 'json' : 'yaml';
    expect(readdirSync(place.commands)).toEqual(
      ['confKeys', 'connections', 'plugins', 'rules', 'schemas', 'scripts', 'services', 'streams', 'tables'].map(
        name => `${name}.${extension}`,
      ),
    );
    const unset = await run(place, ['validate']);
    expect(unset.code).toBe(1);
    for (const name of Object.keys(secrets)) expect(unset.stdout).toContain(`the variable ${name} is not set`);
    expect(await run(place, ['validate'], secrets)).toMatchObject({code: 0, stdout: '9 files, 11 objects: in order\n'});
    engine.forgetCalls();
    expect(await run(place, ['sync'], secrets)).toMatchObject({code: 0});
    expect(engine.writes()).toEqual([]);
  });

  it('names the file again that a value came out of', async () => {
    const values = path.join(place.root, 'values');
    const file = path.join(values, 'pin');
    mkdirSync(values);
    writeFileSync(file, `${secret}\n`);
    place = createPlace(engine.url, {valueDirs: [values]});
    place.write({'a.yaml': `confKeys: {sources: {mqtt: {edge: {server: tcp://e, pin: "\${file:${file}}"}}}}`});
    const {stdout} = await run(place, ['dump']);
    expect(stdout).toContain(`        pin: \${file:${file}}\n`);
    expect(stdout).toContain(`          server: tcp://u:\${RULES_R_ACTIONS_0_MQTT_SERVER_SECRET}@h:1883\n`);
    expect(stdout).not.toContain(secret);
  });

  it('says what the form has no word for', async () => {
    engine.state.rules['odd'] = '{"id":"odd","sql":"SELECT * FROM a","actions":[{"nop":{}}],"options":{"newOption":1}}';
    const {code, stderr} = await run(place, ['dump']);
    expect(code).toBe(1);
    expect(stderr).toContain('unknown key "newOption"');
  });

  it('asks list by list where the engine has no export', async () => {
    const {stdout: exported} = await run(place, ['dump']);
    engine.hasExport = false;
    engine.state.services = {};
    engine.state.plugins = {};
    const {code, stdout, stderr} = await run(place, ['dump']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const withoutArchives = exported.replace(/plugins:\n[\s\S]*?(?=schemas:)/, '');
    // Statements are put together from what describes them.
    expect(stdout.replace(/streams:\n[\s\S]*(?=rules:)/, '')).toBe(withoutArchives.replace(/streams:\n[\s\S]*(?=rules:)/, ''));
    expect(stdout).toContain('  b: CREATE STREAM `b` () WITH (DATASOURCE="t", CONF_KEY="edge")');

    engine.state.services = {sample: {name: 'sample'}};
    expect(await run(place, ['dump'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not show what service sample was made of'),
    });
  });

  it('of an empty engine is a file in order; without an engine 1', async () => {
    engine.load({});
    const {stdout} = await run(place, ['dump']);
    expect(stdout).toMatch(/^# .*\n\nstreams: \{\}\n$/);
    await engine.kill();
    expect(await run(place, ['dump'])).toMatchObject({code: 1, stdout: '', stderr: expect.stringContaining('no engine answers')});
    await engine.listen();
  });
});

describe('dump and apply', () => {
  it('make an empty engine hold the same', async () => {
    const [full, empty] = [await startEngine(), await startEngine()];
    stops.push(
      () => full.stop(),
      () => empty.stop(),
    );
    await full.ask('PUT', '/metadata/sources/mqtt/confKeys/plant', {server: 'tcp://127.0.0.1:1', password: secret, qos: 1});
    await full.ask('POST', '/streams', {sql: 'CREATE STREAM a (x bigint) WITH (DATASOURCE="t", FORMAT="JSON", CONF_KEY="plant")'});
    await full.ask('POST', '/tables', {sql: 'CREATE TABLE t () WITH (DATASOURCE="t", TYPE="memory", KIND="scan")'});
    await full.ask('POST', '/rules', {
      id: 'runs',
      sql: 'SELECT x AS no FROM a WHERE x > 1',
      actions: [{nop: {}}],
      options: {sendError: true},
    });
    await full.ask('POST', '/rules', {
      id: 'stopped',
      sql: 'SELECT *\nFROM a',
      actions: [{mqtt: {server: 'tcp://127.0.0.1:1', topic: 't/{{.x}}'}}],
    });
    await full.ask('POST', '/rules/stopped/stop');

    const [from, to] = [createPlace(full.url), createPlace(empty.url)];
    expect(await run(from, ['dump', '--out', from.commands])).toMatchObject({code: 0});
    cpSync(from.commands, to.commands, {recursive: true});
    const environment = {CONFKEYS_SOURCES_MQTT_PLANT_PASSWORD: secret};
    expect(readFileSync(path.join(to.commands, 'confKeys.yaml'), 'utf8')).not.toContain(secret);
    expect(await run(to, ['apply'])).toMatchObject({code: 1});
    expect(await run(to, ['apply'], environment)).toMatchObject({code: 0});
    expect(await held(empty)).toEqual(await held(full));
    expect(await run(from, ['diff'], environment)).toMatchObject({code: 0, stdout: ''});
  });
});

async function held(engine: RunningEngine): Promise<unknown> {
  const {streams, tables, rules} = (await engine.ask('POST', '/ruleset/export')) as Record<
    'streams' | 'tables' | 'rules',
    Record<string, string>
  >;
  const states = (await engine.ask('GET', '/rules')) as {id: string; status: string}[];
  return {
    streams,
    tables,
    rules: Object.fromEntries(Object.entries(rules).map(([id, text]) => [id, {triggered: true, ...(JSON.parse(text) as object)}])),
    states: states.map(({id, status}) => [id, status]),
    confKeys: await engine.ask('GET', '/metadata/sources/yaml/mqtt'),
  };
}
