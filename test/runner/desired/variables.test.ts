import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {maskedJson, maskText} from '#runner/base/mask.ts';
import {foldFile} from '#runner/desired/fold.ts';
import {formatProblem} from '#runner/desired/problem.ts';
import {type ValueSettings, Values} from '#runner/desired/values.ts';
import {commandRoutes} from '#runner/resources/registry.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'values-'));
  mkdirSync(path.join(root, 'permitted'));
  write('permitted/password', 'hunter2-of-file\n');
});
afterEach(() => rmSync(root, {recursive: true}));

function write(name: string, text: string | Uint8Array): void {
  writeFileSync(path.join(root, name), text);
}

function fold(text: string, environment: Readonly<Record<string, string>> = {}, more: Partial<ValueSettings> = {}) {
  const settings = {
    environment,
    variables: ['*'],
    valueDirs: [path.join(root, 'permitted')],
    labelsFile: path.join(root, 'labels'),
    ...more,
  };
  return foldFile('f.yaml', text, 'hash', commandRoutes, new Values(settings));
}

/** The body of a conf key with one property. */
function put(value: string, environment: Readonly<Record<string, string>> = {}, more: Partial<ValueSettings> = {}): string {
  const {declarations, problems} = fold(`confKeys:\n  sources:\n    mqtt:\n      k: {v: ${value}}\n`, environment, more);
  if (problems.length > 0) return problems.map(formatProblem).join('\n');
  const object = declarations.objects.get('confKey sources/mqtt/k')!;
  return object.presence === 'present' ? object.body : 'absent';
}

describe('a variable', () => {
  const cases: readonly (readonly [value: string, environment: Readonly<Record<string, string>>, expected: string])[] = [
    ['"${A}"', {A: 'x'}, '{"v":"x"}'],
    ['"tcp://${HOST}:${PORT:-1883}/${A}"', {HOST: 'h', A: ''}, '{"v":"tcp://h:1883/"}'],
    ['"${A:-}"', {}, '{"v":""}'],
    ['"${A:-d}"', {A: ''}, '{"v":"d"}'],
    ['"$${A} costs $5"', {}, '{"v":"${A} costs $5"}'],
    ['"$$${A}"', {A: 'x'}, '{"v":"$${A}"}'],
    ['"${A}"', {A: '${B} ", v2: "{[# \n'}, '{"v":"${B} \\", v2: \\"{[# \\n"}'],
    ['"${A}"', {A: '5'}, '{"v":"5"}'],
    ['"${A:int}"', {A: '0012345678901234567890'}, '{"v":12345678901234567890}'],
    ['"${A:int:-7}"', {}, '{"v":7}'],
    ['"${A:number}"', {A: '1.50'}, '{"v":1.50}'],
    ['"${A:bool}"', {A: 'true'}, '{"v":true}'],
    ['["${A}", {"w": "${A}"}]', {A: 'x'}, '{"v":["x",{"w":"x"}]}'],
    ['"${A}"', {}, 'f.yaml:4:15: the variable A is not set; set it, or write ${A:-default}'],
    ['"xy ${A}"', {}, 'f.yaml:4:18: the variable A is not set; set it, or write ${A:-default}'],
    ['"${constructor}"', {}, 'f.yaml:4:15: the variable constructor is not set; set it, or write ${constructor:-default}'],
    [
      '"${RUNNER__TOKENFILE}"',
      {RUNNER__TOKENFILE: 'x'},
      'f.yaml:4:15: the variable RUNNER__TOKENFILE is a setting of the runner and not for files',
    ],
    ['"${runner__x}"', {runner__x: 'x'}, 'f.yaml:4:15: the variable runner__x is a setting of the runner and not for files'],
    ['"${A-b}"', {}, 'f.yaml:4:15: "${A-b}" is no reference; expected ${NAME}, ${NAME:-default} or ${file:/path}, or $${ for plain text'],
    ['"${A"', {A: 'x'}, 'f.yaml:4:15: "${" is not closed; expected ${NAME}, or $${ for the two characters themselves'],
    ['"x${A:int}"', {A: '1'}, 'f.yaml:4:16: "${A:int}" makes no text: a value with a type must stand alone'],
    ['"${A:int}"', {A: '1.5'}, 'f.yaml:4:15: "${A:int}" must give a whole number, and its value is none'],
    ['"${A:bool}"', {A: 'yes'}, 'f.yaml:4:15: "${A:bool}" must give true or false, and its value is none'],
  ];
  it.each(cases)('in %s with %j gives %s', (value, environment, expected) => {
    expect(put(value, environment)).toBe(expected);
  });

  it('stays inside its string, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', minLength: 1}), value => {
        expect(JSON.parse(put('"<${A}>"', {A: value}))).toEqual({v: `<${value}>`});
      }),
    );
  });

  it('must be one that the setting allows', () => {
    expect(put('"${PLANT_A}"', {PLANT_A: 'x'}, {variables: ['PLANT_*', 'NODE_NAME']})).toBe('{"v":"x"}');
    expect(put('"${PATH}"', {PATH: 'x'}, {variables: ['PLANT_*', 'NODE_NAME']})).toBe(
      'f.yaml:4:15: the variable PATH is not one that the setting "variables" allows (PLANT_*, NODE_NAME)',
    );
  });

  it('of a secret name is hidden like a file', () => {
    put('"${MQTT_PASSWORD}"', {MQTT_PASSWORD: 'hunter2-of-variable'});
    expect(maskText('refused: hunter2-of-variable')).toBe('refused: ******');
  });

  it('of a secret name is hidden as a number, too', () => {
    const body = put('"${PIN_TOKEN:int}"', {PIN_TOKEN: ' +00481516 '});
    expect(body).toBe('{"v":481516}');
    expect(maskedJson(body)).toBe('{\n  "v": "******"\n}');
  });
});

describe('a file behind ${file:…}', () => {
  const reference = (name: string) => put(`"\${file:${path.join(root, name)}}"`);
  const notBelow = () => `is not below one of the folders of the setting "valueDirs" (${path.join(root, 'permitted')})`;

  it('gives its text without one line end', () => {
    expect(reference('permitted/password')).toBe('{"v":"hunter2-of-file"}');
    write('permitted/two', 'a\nb\n\n');
    expect(reference('permitted/two')).toBe('{"v":"a\\nb\\n"}');
  });

  it('may be a link, as in a mounted Secret, that stays in the folder', () => {
    mkdirSync(path.join(root, 'permitted/..2026'));
    write('permitted/..2026/token', 'abc');
    symlinkSync('..2026', path.join(root, 'permitted/..data'));
    symlinkSync('..data/token', path.join(root, 'permitted/token'));
    expect(reference('permitted/token')).toBe('{"v":"abc"}');
  });

  it('must not leave the folder by name, by dots or by a link', () => {
    write('outside', 'x');
    mkdirSync(path.join(root, 'permitted-not'));
    write('permitted-not/x', 'x');
    symlinkSync('../outside', path.join(root, 'permitted/link'));
    symlinkSync('..', path.join(root, 'permitted/up'));
    for (const name of ['outside', 'permitted-not/x', 'permitted/link', 'permitted/up/outside'])
      expect(reference(name), name).toContain(notBelow());
    expect(put(`"\${file:${root}/permitted/../outside}"`)).toContain(notBelow());
    expect(put('"${file:password}"')).toBe('f.yaml:4:15: "password" must be an absolute path');
  });

  it('must be a regular file of at most 64 KiB of text', () => {
    mkdirSync(path.join(root, 'permitted/folder'));
    write('permitted/large', 'x'.repeat((64 << 10) + 1));
    write('permitted/binary', Uint8Array.of(0xff, 0xfe));
    expect(reference('permitted/folder')).toContain('is not a regular file');
    expect(reference('permitted/large')).toContain('is larger than 64 KiB');
    expect(reference('permitted/binary')).toContain('is not UTF-8 text');
    expect(reference('permitted/none')).toContain('does not exist');
  });

  it('is not repeated by the error about it', () => {
    for (const secret of ['hunter2-repeated', 'abc']) {
      write('permitted/typed', secret);
      const {problems} = fold(
        `rules: {r: {sql: "SELECT * FROM a WERE x = '\${file:${root}/permitted/typed}'", actions: [nop: {}]}, s: {sql: SELECT 1 FROM a, actions: [nop: {}], options: {qos: "\${file:${root}/permitted/typed}"}}}\n`,
      );
      expect(problems.map(({message}) => message)).toEqual(['"qos": expected 0 or 1 or 2, found a text', expect.stringMatching(/^SQL: /)]);
      expect(JSON.stringify(problems)).not.toContain(secret);
    }
  });

  it('is a secret in every form it takes', () => {
    write('permitted/key', 'line "one"\n<two>&\n');
    reference('permitted/key');
    const value = 'line "one"\n<two>&';
    const inJson = JSON.stringify({v: value});
    for (const text of [value, inJson, JSON.stringify(inJson), '{"v":"line \\"one\\"\\n\\u003ctwo\\u003e\\u0026"}'])
      expect(maskText(text), text).not.toMatch(/two/);
  });
});

describe('when', () => {
  const environment = {NODE_NAME: 'line-7', STAGE: 'test'};
  const isThere = (when: string, more: Readonly<Record<string, string>> = {}) => {
    const {declarations, problems} = fold(
      `when: ${when}\nstreams:\n  d: CREATE STREAM d () WITH (DATASOURCE="\${UNSET_ELSEWHERE:-t}")\n---\nstreams: {o: {when: ${when}, sql: CREATE STREAM o () WITH (DATASOURCE="t")}}\n`,
      {...environment, ...more},
    );
    if (problems.length > 0) return problems.map(formatProblem).join('\n');
    const [ofDocument, ofObject] = [declarations.objects.has('stream d'), declarations.objects.has('stream o')];
    expect(ofDocument).toBe(ofObject);
    return ofDocument;
  };

  it.each([
    ['{}', true],
    ['{node: line-7}', true],
    ['{node: "line-*"}', true],
    ['{node: "*-7"}', true],
    ['{node: "l*e*7"}', true],
    ['{node: line}', false],
    ['{node: ["pump-*", "line-*"]}', true],
    ['{node: []}', false],
    ['{labels: {zone: west}}', true],
    ['{labels: {zone: "w*", "app.kubernetes.io/name": "*"}}', true],
    ['{labels: {zone: east}}', false],
    ['{labels: {none: "*"}}', false],
    ['{node: "line-*", labels: {zone: east}}', false],
    ['{env: {STAGE: test}}', true],
    ['{env: {STAGE: prod}}', false],
    ['{env: {UNSET: "*"}}', false],
  ] as const)('%s', (when, expected) => {
    write('labels', 'zone="west"\napp.kubernetes.io/name="a \\"b\\""\n');
    expect(isThere(when)).toBe(expected);
  });

  it('says what it cannot tell', () => {
    expect(isThere('{labels: {a: b}}')).toContain(`f.yaml:1:7: when: the file "${path.join(root, 'labels')}" does not exist`);
    write('labels', 'zone west\n');
    expect(isThere('{labels: {a: b}}')).toContain('holds a line that is not key="value"');
    expect(isThere('{node: x}', {NODE_NAME: ''})).toContain('f.yaml:1:7: when: the variable NODE_NAME is not set, which names the node');
  });

  it('keeps variables of other nodes from being needed, and typing errors from being hidden', () => {
    const {problems, declarations} = fold(
      'when: {env: {STAGE: prod}}\nrules: {r: {sql: "SELECT ${UNSET} FROM a", actons: []}}\n---\nrules: {s: {when: {env: {STAGE: prod}}, sql: "SELECT ${UNSET} FROM a", actons: []}}\n',
      environment,
    );
    expect(problems.map(formatProblem)).toEqual([
      'f.yaml:2:44: unknown key "actons", did you mean "actions"',
      'f.yaml:4:72: unknown key "actons", did you mean "actions"',
    ]);
    expect(declarations.objects.size).toBe(0);
  });
});
