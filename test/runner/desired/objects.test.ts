import {describe, expect, it} from 'vitest';
import {foldFile} from '#runner/desired/fold.ts';
import {formatProblem} from '#runner/desired/problem.ts';
import {Values} from '#runner/desired/values.ts';
import {commandRoutes} from '#runner/resources/registry.ts';

const values = new Values({environment: {BROKER: 'tcp://b:1883', PORT: '1883'}, variables: ['*'], valueDirs: [], labelsFile: ''});
const fold = (text: string, file = 'f.yaml') => foldFile(file, text, 'hash', commandRoutes, values);
const problemsOf = (text: string, file?: string) => fold(text, file).problems.map(formatProblem);
const bodiesOf = (text: string, file?: string) => {
  const {declarations, problems} = fold(text, file);
  expect(problems).toEqual([]);
  return Object.fromEntries(
    [...declarations.objects].map(([key, object]) => [key, object.presence === 'present' ? object.body : undefined]),
  );
};

describe('a declarative file', () => {
  it('declares every kind', () => {
    expect(
      bodiesOf(`
streams: {demo: 'CREATE STREAM demo () WITH (DATASOURCE="t")'}
tables:
  t:
    sql: CREATE TABLE t () WITH (DATASOURCE="t", TYPE="memory", KIND="scan")
    protected: true
rules:
  hot:
    sql: |
      SELECT temperature
      FROM demo
    actions:
      - mqtt: {server: "\${BROKER}", qos: 1}
    options: {sendError: true}
confKeys: {sources: {mqtt: {edge: {server: 'tcp://e:1883', when: {env: {PORT: '18*'}}}}}}
connections: {main: {typ: mqtt, props: {server: 'tcp://m:1883'}}}
schemas: {protobuf: {orders: {content: 'message O {}'}}}
services: {sample: {file: 'file:///s.zip'}}
scripts: {area: {script: 'function area(x) { return x; }', isAgg: false}}
`),
    ).toEqual({
      'stream demo': '{"sql":"CREATE STREAM demo () WITH (DATASOURCE=\\"t\\")"}',
      'table t': '{"sql":"CREATE TABLE t () WITH (DATASOURCE=\\"t\\", TYPE=\\"memory\\", KIND=\\"scan\\")"}',
      'rule hot':
        '{"id":"hot","sql":"SELECT temperature\\nFROM demo\\n","actions":[{"mqtt":{"server":"tcp://b:1883","qos":1}}],"options":{"sendError":true}}',
      'confKey sources/mqtt/edge': '{"server":"tcp://e:1883"}',
      'connection main': '{"id":"main","typ":"mqtt","props":{"server":"tcp://m:1883"}}',
      'schema protobuf/orders': '{"name":"orders","content":"message O {}"}',
      'service sample': '{"name":"sample","file":"file:///s.zip"}',
      'script area': '{"id":"area","script":"function area(x) { return x; }","isAgg":false}',
    });
  });

  it('says where each object stands, and which are protected', () => {
    const {objects} = fold(
      '# hello\nstreams:\n  a: CREATE STREAM a () WITH (DATASOURCE="t")\n---\nrules:\n  r: {sql: SELECT * FROM a, actions: [nop: {}], protected: true}\n',
    ).declarations;
    expect(objects.get('stream a')?.origin).toEqual({file: 'f.yaml', command: 0, line: 3, column: 3});
    expect(objects.get('rule r')).toMatchObject({isProtected: true, origin: {command: 1, line: 6, column: 3}});
  });

  it('points at each fault', () => {
    const stream = 'CREATE STREAM a () WITH (DATASOURCE="t")';
    /** The text, the message, and what stands at the place; nothing at the end of the text. */
    const broken: readonly (readonly [text: string, message: string, at: string])[] = [
      ['streems: {}\n', 'unknown key "streems", did you mean "streams"', 'streems'],
      ['comands: []\n', 'unknown key "comands", did you mean "commands"', 'comands'],
      ['streams:\n', '"streams": expected a mapping with the name of each stream, found null; write {} for none', 'streams'],
      ['streams: {a: 5}\n', 'expected text or a mapping, found a number', '5'],
      [`streams: {b: '${stream}'}\n`, 'the statement makes "a" and not "b"', "'CREATE"],
      [`tables: {a: '${stream}'}\n`, 'the statement makes a stream and not a table', "'CREATE"],
      [`streams: {a: {sql: '${stream}', protekted: true}}\n`, 'unknown key "protekted", did you mean "protected"', 'protekted'],
      ['rules: {r: {sql: SELECT 1 FROM a, actons: []}}\n', 'unknown key "actons", did you mean "actions"', 'actons'],
      [
        'rules: {r: {sql: SELECT 1 FROM a, triggered: false, actions: [nop: {}]}}\n',
        'unknown key "triggered", write "running"',
        'triggered',
      ],
      [
        'rules: {r: {sql: SELECT 1 FROM a, actions: [nop: {}], options: {sendEror: true}}}\n',
        'unknown key "sendEror", did you mean "sendError"',
        'sendEror',
      ],
      ['rules: {r: {sql: SELECT 1 FROM a, actions: [nop: {}], options: {qos: 3}}}\n', '"qos": expected 0 or 1 or 2, found a number', '3'],
      [
        'rules: {r: {sql: SELECT 1 FROM a, actions: [nop: {}], options: {sendError: on}}}\n',
        '"sendError": expected true or false, found the string "on"',
        'on}',
      ],
      ['rules: {r: {sql: SELECT 1 FROM a, actions: {nop: {}}}}\n', '"actions": expected a list, found an object', '{nop'],
      ['rules: {r: {sql: SELECT 1 FROM a}}\n', 'rule "r" needs "actions", a list such as [{"mqtt": {…}}]', 'r:'],
      ['rules: {"a b": {sql: SELECT 1 FROM a, actions: [nop: {}]}}\n', 'rule id "a b" may hold only letters, digits, "-" and "_"', '"a b"'],
      ['confKeys: {source: {}}\n', 'unknown key "source", did you mean "sources"', 'source'],
      ['confKeys: {sources: {mqtt: {edge: 5}}}\n', 'expected a mapping, found a number', '5'],
      ['connections: {c: {props: {}}}\n', '"typ" is missing', '{props'],
      ['connections: {c: {type: mqtt}}\n', 'unknown key "type", write "typ"', 'type'],
      ['plugins: {portable: {}}\n', 'unknown key "portable", did you mean "portables"', 'portable'],
      ['scripts: {constructor: {skript: x}}\n', 'unknown key "skript", did you mean "script"', 'skript'],
      [
        'connections: {c: {typ: mqtt, constructor: x}}\n',
        'unknown key "constructor"; expected one of typ, props, when, protected',
        'constructor',
      ],
      [
        'connections: {c: {typ: mqtt, __proto__: {props: {}}}}\n',
        'unknown key "__proto__"; expected one of typ, props, when, protected',
        '__proto__',
      ],
      ['when: {nod: x}\nstreams: {}\n', 'unknown key "nod", did you mean "node"', 'nod'],
      ['streams:\n  a: x\n  a: y\n', 'map keys must be unique', 'a: y'],
      ['streams:\n  1: x\n  "1": y\n', 'the key "1" stands twice in this mapping', '"1"'],
      ['streams: {a: *none}\n', 'no anchor "&none" stands before this alias', '*none'],
      ['streams: &s {a: *s}\n', 'the alias "*s" stands inside what it names', '*s'],
      ['streams: !secret {}\n', 'unresolved tag: !secret', '!secret'],
      ['%YAML 1.1\n---\nstreams: {}\n', 'YAML 1.1 is not read; expected 1.2', '---'],
      ['confKeys: {sources: {mqtt: {edge: {n: .inf}}}}\n', 'JSON has no number .inf; write it as text, in quotes', '.inf'],
      ['? [a]\n: b\n', 'expected a name as key', '[a]'],
      ['streams: {a: "x}\n', 'missing closing "quote', ''],
      [
        '- a\n',
        'expected "commands", or some of streams, tables, rules, confKeys, connections, schemas, services, scripts, plugins; found an array',
        '- a',
      ],
      ['streams: {a: x ${B}}\n', 'unexpected flow-map-start at node end; text with ${…} inside {} or [] needs quotes', '{B}'],
      ['  \n', 'the file is empty; expected streams, rules …', '  '],
    ];
    for (const [text, message, at] of broken) {
      const [problem, ...others] = fold(text).problems;
      expect({text, problem: problem?.message, others}).toEqual({text, problem: message, others: []});
      const {line, column} = problem!;
      const rest = text.split('\n')[line - 1]!.slice(column - 1);
      expect(at === '' ? rest : rest.slice(0, at.length), text).toBe(at);
    }
  });

  it('points into every kind of YAML text when SQL does not parse', () => {
    const texts = [
      'rules:\n  r:\n    sql: |\n      SELECT a\n      FROM s WERE b > 1\n    actions: [nop: {}]\n',
      'rules:\n  r:\n    sql: >-\n      SELECT a\n      FROM s\n\n      WERE b > 1\n    actions: [nop: {}]\n',
      'rules:\n  r:\n    sql: SELECT a\n      FROM s\n      WERE b > 1\n    actions: [nop: {}]\n',
      'rules:\n  r:\n    sql: "SELECT \\"a\\"\\n\\\n      FROM s WERE b > \\u0031"\n    actions: [nop: {}]\n',
      "rules:\n  r:\n    sql: 'SELECT ''a'' FROM s WERE b > 1'\n    actions: [nop: {}]\n",
      'rules:\n  r:\n    sql: SELECT ${PORT} AS a, "${BROKER}" AS b FROM s WERE b > 1\n    actions: [nop: {}]\n',
      '{"rules": {"r": {"sql": "SELECT \\"a\\" FROM s WERE b > 1", "actions": [{"nop": {}}]}}}',
      '{"streams": {}, "tables": {}, "rules": {"r": "{\\"id\\": \\"r\\", \\"sql\\": \\"SELECT \\\\\\"a\\\\\\" FROM s WERE b > 1\\", \\"actions\\": [{\\"nop\\": {}}]}"}}',
    ];
    for (const text of texts) {
      const [problem] = fold(text).problems;
      expect(problem, text).toMatchObject({severity: 'statement', message: expect.stringMatching(/^SQL: /)});
      const rest = text.split('\n')[problem!.line - 1]!.slice(problem!.column - 1);
      expect(rest, text).toMatch(/^WERE b/);
    }
  });

  it('takes names as they are written', () => {
    expect(
      bodiesOf(
        'confKeys:\n  sources:\n    mqtt:\n      no: {on: off, 007: 0x1F, 1.0: 1.50, true: ~}\n      12: {big: 12345678901234567890, f: .5, e: 1e3}\n',
      ),
    ).toEqual({
      'confKey sources/mqtt/no': '{"on":"off","007":31,"1.0":1.50,"true":null}',
      'confKey sources/mqtt/12': '{"big":12345678901234567890,"f":0.5,"e":1e3}',
    });
  });

  it('resolves anchors and merges, what is written over what is merged', () => {
    expect(
      bodiesOf(`
connections:
  a: &base {typ: mqtt, props: &props {server: 'tcp://a', qos: 1}}
  b: {<<: *base, props: {<<: *props, server: 'tcp://b'}}
`),
    ).toEqual({
      'connection a': '{"id":"a","typ":"mqtt","props":{"server":"tcp://a","qos":1}}',
      'connection b': '{"id":"b","typ":"mqtt","props":{"server":"tcp://b","qos":1}}',
    });
  });

  it('refuses aliases that stand for too much, nesting that is too deep and a file that is too large, at once', () => {
    let bomb = 'confKeys: {sources: {mqtt: {\n  a0: &a0 {x: [1, 2, 3, 4, 5, 6, 7, 8, 9]}';
    for (let i = 1; i < 20; i++)
      bomb += `,\n  a${i}: &a${i} {x: [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]}`;
    const started = performance.now();
    expect(problemsOf(`${bomb}\n  }}}\n`)).toEqual([
      expect.stringMatching(/^f\.yaml:\d+:\d+: the aliases of this document stand for more than 20000 values$/),
    ]);
    expect(problemsOf(`streams: ${'['.repeat(100_000)}`)).toEqual(['f.yaml:1:1: nested deeper than 200 levels']);
    expect(problemsOf(`streams:\n${'  - '.repeat(100_000)}`)).toEqual(['f.yaml:2:1: nested deeper than 200 levels']);
    expect(problemsOf(`a: ${'x'.repeat(16 << 20)}`)).toEqual(['f.yaml:1:1: a YAML file may have 4 MiB; split it, or write it as JSON']);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('is read as JSON too, and there repeated keys are refused', () => {
    const rule = '{"sql": "SELECT * FROM a", "actions": [{"mqtt": {"n": 12345678901234567890}}]}';
    expect(bodiesOf(`{"$schema": "x", "rules": {"r": ${rule}}}`, 'f.json')).toEqual({
      'rule r': '{"id":"r","sql":"SELECT * FROM a","actions":[{"mqtt":{"n":12345678901234567890}}]}',
    });
    expect(problemsOf('{"streams": {"a": "x", "a": "y"}}', 'f.json')[0]).toBe('f.json:1:24: this key stands twice in its object');
  });

  it('says whether a rule runs, over what another file says by default', () => {
    const {runs, objects} = fold(
      'rules:\n  off: {sql: SELECT * FROM a, actions: [nop: {}], running: false}\n  on: {sql: SELECT * FROM a, actions: [nop: {}], running: true}\n  plain: {sql: SELECT * FROM a, actions: [nop: {}]}\n',
    ).declarations;
    expect([...runs.values()].map(({rule, running, isExplicit}) => ({rule, running, isExplicit}))).toEqual([
      {rule: 'off', running: false, isExplicit: true},
      {rule: 'on', running: true, isExplicit: true},
      {rule: 'plain', running: true, isExplicit: false},
    ]);
    expect(objects.get('rule off')).toMatchObject({body: '{"id":"off","sql":"SELECT * FROM a","actions":[{"nop":{}}],"triggered":false}'});
  });

  it('may hold several documents of any form; the same object twice must be the same', () => {
    const one = 'streams: {a: CREATE STREAM a () WITH (DATASOURCE="t")}\n';
    const commands = 'commands:\n- {url: /rules/r, method: put, data: {sql: SELECT * FROM a, actions: [nop: {n: 12345678901234567890}]}}\n';
    expect(bodiesOf(`---\n# nothing\n---\n${one}---\n${one}---\n${commands}...\n`)).toEqual({
      'stream a': '{"sql":"CREATE STREAM a () WITH (DATASOURCE=\\"t\\")"}',
      'rule r': '{"sql":"SELECT * FROM a","actions":[{"nop":{"n":12345678901234567890}}]}',
    });
    expect(problemsOf(`${one}---\n${one.replace('"t"', '"u"')}`)).toEqual([
      'f.yaml:3:11: stream a is declared in line 1 already, and otherwise',
    ]);
  });
});

describe('an export of an engine', () => {
  it('of rule sets is taken as it is, dollar signs too', () => {
    const rule = '{"triggered":false,"id":"r","sql":"SELECT * FROM a","actions":[{"mqtt":{"topic":"${x}"}}]}';
    const text = JSON.stringify({streams: {a: 'CREATE STREAM a () WITH (DATASOURCE="t")'}, tables: {}, rules: {r: rule}});
    expect(bodiesOf(text, 'f.json')).toEqual({'stream a': '{"sql":"CREATE STREAM a () WITH (DATASOURCE=\\"t\\")"}', 'rule r': rule});
    expect(fold(text, 'f.json').declarations.runs.get('r')).toMatchObject({running: false});
  });

  it('of all data declares every kind', () => {
    const data = {
      streams: {demo: 'CREATE STREAM demo () WITH (DATASOURCE="demo")'},
      tables: {},
      rules: {},
      nativePlugins: {functions_image: '{"name":"image","file":"http://x/i.zip"}'},
      portablePlugins: {mirror: '{"name":"mirror","file":"file:///m.zip"}'},
      sourceConfig: {mqtt: '{"edge":{"qos":1,"server":"tcp://e:1883"}}'},
      sinkConfig: {mqtt: '{"out":{"server":"tcp://o:1883"}}'},
      connectionConfig: {mqtt: '{"main":{"server":"tcp://m:1883"}}'},
      Service: {sample: '{"name":"sample","file":"file:///s.zip"}'},
      Schema: {protobuf_my_orders: '{"type":"protobuf","name":"my_orders","content":"message O {}"}'},
      uploads: {'a.txt': '{"name":"a.txt","content":"a"}'},
      scripts: {area: '{"id":"area","script":"function area(x) { return `${x}`; }","isAgg":false}'},
    };
    const text = JSON.stringify(data);
    expect(bodiesOf(text, 'f.json')).toEqual({
      'stream demo': '{"sql":"CREATE STREAM demo () WITH (DATASOURCE=\\"demo\\")"}',
      'plugin functions/image': data.nativePlugins.functions_image,
      'plugin portables/mirror': data.portablePlugins.mirror,
      'confKey sources/mqtt/edge': '{"qos":1,"server":"tcp://e:1883"}',
      'confKey sinks/mqtt/out': '{"server":"tcp://o:1883"}',
      'connection main': '{"id":"main","typ":"mqtt","props":{"server":"tcp://m:1883"}}',
      'service sample': data.Service.sample,
      'schema protobuf/my_orders': data.Schema.protobuf_my_orders,
      'script area': data.scripts.area,
    });
    expect(fold(text, 'f.json').declarations.commands).toMatchObject([
      {purpose: 'act', method: 'POST', path: '/config/uploads', body: data.uploads['a.txt'], phase: 'before'},
    ]);
  });

  it('names the place of a fault inside its texts', () => {
    expect(problemsOf('{"sourceConfig": {"mqtt": "{\\"edge\\": {,}}"}}', 'f.json')).toEqual([
      'f.json:1:40: the JSON in this text: expected a key in double quotes, found ","',
    ]);
    expect(problemsOf('{"sourceConfig": {}, "constructor": {"a": "b"}, "__proto__": {"a": "b"}}', 'f.json')).toEqual([
      'f.json:1:22: unknown section "constructor" of an export',
      'f.json:1:49: unknown section "__proto__" of an export',
    ]);
    expect(problemsOf('sourceConfig:\n    sources.mqtt.edge:\n        qos: 1\n')[0]).toContain('use GET /data/export');
  });
});
