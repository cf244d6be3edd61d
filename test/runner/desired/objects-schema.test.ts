import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv} from 'ajv';
import {describe, expect, it} from 'vitest';
import {parseYamlDocuments} from '#engine/base/yaml.ts';
import {ruleOptions} from '#engine/runtime/rule-options.ts';
import type {Declarations} from '#runner/desired/declared.ts';
import {mergeDeclarations} from '#runner/desired/desired-state.ts';
import {foldFile} from '#runner/desired/fold.ts';
import {Values} from '#runner/desired/values.ts';
import {commandRoutes, kindOf} from '#runner/resources/registry.ts';
import {projectRoot} from '#test/support/source-tree.ts';
import {objectsJsonSchema, type SchemaNode} from '../../../build/objects-schema.ts';

const schema = objectsJsonSchema();
const validate = new Ajv({allErrors: true, strict: true, strictTypes: false, strictRequired: false}).compile(schema);
const values = new Values({environment: {PORT: '1883'}, variables: ['*'], valueDirs: [], labelsFile: ''});
const fold = (file: string, text: string) => foldFile(file, text, 'hash', commandRoutes, values);

/** Whether an editor underlines something, and whether the runner refuses it. */
function verdicts(text: string): {editor: string; runner: string} {
  const isValid = parseYamlDocuments(text, 'f.yaml').every(document => validate(document));
  return {editor: isValid ? 'good' : 'bad', runner: fold('f.yaml', text).problems.length === 0 ? 'good' : 'bad'};
}

const stream = 'CREATE STREAM a () WITH (DATASOURCE="t")';
const rule = (more: string) => `rules: {r: {sql: SELECT * FROM a, actions: [nop: {}], ${more}}}`;

describe('the schema for editors and the runner', () => {
  it.each([
    'streams: {}',
    `streams: {a: '${stream}'}`,
    `streams: {a: {sql: '${stream}', protected: true, when: {env: {PORT: "1*"}}}}`,
    rule('options: {qos: 1, lateTolerance: 5s, checkpointInterval: 1000, sendError: true}'),
    rule('options: {qos: "${PORT_UNSET:int:-2}", sendError: "${DEBUG:bool:-true}"}'),
    rule('running: false, tags: [x], name: Rule, version: "1", temp: true'),
    'rules: {r: {sql: SELECT * FROM a, actions: [mqtt: {server: "tcp://x:${PORT}", anything: [1]}, ownplugin: {}]}}',
    'confKeys: {sources: {mqtt: {k: {server: tcp://x, own: {x: 1}}}, own: {k: {}}}, sinks: {}, connections: {mqtt: {k: {}}}}',
    'connections: {c: {typ: mqtt, props: {server: tcp://x}}}',
    'schemas: {protobuf: {s: {content: x}}}',
    'services: {s: {file: "file:///x"}}',
    'scripts: {f: {script: "function f() {}", isAgg: true, description: x}}',
    'plugins: {portables: {p: {file: "file:///x", shellParas: [a]}}, sources: {s: {file: "file:///x"}}}',
    'when: {node: [PORT]}\n---\nwhen: {env: {PORT: "*"}}\nstreams: {}'.replace('node: [PORT]', 'env: {PORT: [a, "b*"]}'),
  ])('both take %s', text => {
    expect(verdicts(text)).toEqual({editor: 'good', runner: 'good'});
  });

  it.each([
    'streems: {}',
    'streams: []',
    'streams: {a: 5}',
    `streams: {"a b": '${stream}'}`,
    `streams: {a: {sql: '${stream}', protekted: true}}`,
    `streams: {a: {protected: true}}`,
    rule('optons: {}'),
    rule('options: {sendEror: true}'),
    rule('options: {qos: 3}'),
    rule('options: {qos: "${PORT}"}'),
    rule('options: {sendError: on}'),
    rule('options: {bufferLength: 1.5}'),
    rule('running: 1'),
    rule('triggered: false'),
    'rules: {r: {sql: SELECT * FROM a, actions: {nop: {}}}}',
    'rules: {r: {sql: SELECT * FROM a, actions: [nop]}}',
    'confKeys: {source: {}}',
    'connections: {c: {props: {}}}',
    'plugins: {portable: {}}',
    'plugins: {portables: {p: {}}}',
    'when: {nodes: x}\nstreams: {}',
    'when: {node: 5}\nstreams: {}',
  ])('neither takes %s', text => {
    expect(verdicts(text)).toEqual({editor: 'bad', runner: 'bad'});
  });

  it('know every option of a rule that the engine knows', () => {
    const rule = schema.properties!['rules']!.additionalProperties as SchemaNode;
    expect(Object.keys(rule.properties!['options']!.properties!)).toEqual(expect.arrayContaining(Object.keys(ruleOptions)));
  });

  it('say what each key is for', () => {
    for (const [name, section] of Object.entries(schema.properties!)) if (name !== 'when') expect(section.description, name).toMatch(/\.$/);
    expect(JSON.stringify(schema)).toContain('Publishes');
  });
});

describe('the example files', () => {
  const folder = path.join(projectRoot, 'configs/objects');
  const files = readdirSync(folder).map(name => [name, readFileSync(path.join(folder, name), 'utf8')] as const);

  it.each(files)('%s names the schema in its first line and fits it', (name, text) => {
    const [, target] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(existsSync(path.join(folder, target ?? 'none'))).toBe(true);
    for (const document of parseYamlDocuments(text, name)) expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(fold(name, text).problems).toEqual([]);
  });

  it('declare what the command files declare', () => {
    const commands = path.join(projectRoot, 'configs/commands');
    const read = (name: string, text: string): Declarations => fold(name, text).declarations;
    const declared = mergeDeclarations(files.map(([name, text]) => read(name, text))).objects;
    const commanded = mergeDeclarations(
      readdirSync(commands).map(name => read(name, readFileSync(path.join(commands, name), 'utf8'))),
    ).objects;
    expect([...declared.keys()].sort()).toEqual([...commanded.keys()].sort());
    for (const [key, object] of declared)
      expect([key, kindOf(object.kind).isSame(object, commanded.get(key)!.content)]).toEqual([key, true]);
  });
});
