import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {type LoadedSettings, loadSettings} from '#engine/settings.ts';
import {projectRoot} from '#test/support/source-tree.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, {recursive: true, force: true});
});

function load(yaml: string, environment: Record<string, string> = {}): LoadedSettings {
  const etcDirectory = mkdtempSync(join(tmpdir(), 'etc-'));
  directories.push(etcDirectory);
  writeFileSync(join(etcDirectory, 'kuiper.yaml'), yaml);
  return loadSettings({etcDirectory, environment});
}

const withoutDirectory = (text: string) => text.replaceAll(/\/\S*\/kuiper\.yaml/g, 'kuiper.yaml');

describe('loadSettings', () => {
  it('has the defaults of eKuiper without a file', () => {
    const {settings, ruleDefaults, warnings} = loadSettings({etcDirectory: '/nowhere', environment: {}});
    expect(settings.basic).toMatchObject({restIp: '0.0.0.0', restPort: 9081, enablePrivateNet: false, timezone: 'Local'});
    expect(settings.rule).toMatchObject({qos: 0, checkpointInterval: 300_000, sendError: false});
    expect({ruleDefaults, warnings}).toEqual({ruleDefaults: {}, warnings: []});
  });

  it('reads the shipped file without a warning and allows private targets', () => {
    const {settings, warnings} = loadSettings({etcDirectory: join(projectRoot, 'configs/etc'), environment: {}});
    expect(warnings).toEqual([]);
    expect(settings.basic).toMatchObject({restPort: 9081, enablePrivateNet: true, gracefulShutdownTimeout: 10_000});
  });

  it('takes durations as Go writes them and as numbers of ms, and names in any case', () => {
    const {settings} = load('BASIC:\n  rulepatrolinterval: 1m30s\n  gracefulShutdownTimeout: 1500\n  rotateTime: 2\n');
    expect(settings.basic).toMatchObject({rulePatrolInterval: 90_000, gracefulShutdownTimeout: 1500, rotateTime: 7_200_000});
  });

  it('gives rules the options that are set, and only these', () => {
    expect(load('rule:\n  qos: 1\n  sendError: true\n').ruleDefaults).toEqual({qos: 1, sendError: true});
    expect(load('', {KUIPER__RULE__RESTARTSTRATEGY__ATTEMPTS: '3'}).ruleDefaults).toEqual({restartStrategy: {attempts: 3}});
  });

  it.each([
    {
      name: 'a misspelt setting',
      yaml: 'basic:\n  restPrt: 9081\n',
      warning: 'kuiper.yaml:2:12: unknown setting "basic.restPrt", did you mean "restPort"?',
    },
    {name: 'an unknown section', yaml: 'nothing:\n  a: 1\n', warning: 'kuiper.yaml:1:1: unknown setting "nothing"'},
    {
      name: 'a setting that does nothing',
      yaml: 'basic:\n  ignoreCase: true\n',
      warning: 'kuiper.yaml: setting "basic.ignoreCase" has no effect in this version',
    },
    {
      name: 'a section that does nothing',
      yaml: 'store:\n  type: redis\n',
      warning: 'kuiper.yaml: setting "store.type" has no effect in this version',
    },
  ])('warns about $name', ({yaml, warning}) => {
    expect(load(yaml).warnings.map(withoutDirectory)).toEqual([warning]);
  });

  it('says nothing of a setting that does nothing and has its default', () => {
    expect(load('basic:\n  ignoreCase: false\n  fileLog: true\nsink:\n  enableCache: false\n').warnings).toEqual([]);
  });

  it.each([
    {
      name: 'a word for a number',
      yaml: 'basic:\n  restPort: many\n',
      error: 'kuiper.yaml:2:13: basic.restPort: expected a whole number from 0 to 65535, got "many"',
    },
    {
      name: 'a number out of range',
      yaml: 'rule: {qos: 7}\n',
      error: 'kuiper.yaml:1:13: rule.qos: expected a whole number from 0 to 2, got 7',
    },
    {
      name: 'a value for a section',
      yaml: 'basic: 5\n',
      error: 'kuiper.yaml:1:8: basic: expected a section with logLevel, debug, consoleLog …',
    },
    {name: 'a list for the whole', yaml: '- a\n', error: 'kuiper.yaml: expected sections such as "basic:"'},
    {
      name: 'authentication, which would not protect anything',
      yaml: 'basic:\n  authentication: true\n',
      error: 'kuiper.yaml:2:19: basic.authentication: authentication is not supported yet',
    },
  ])('refuses $name', ({yaml, error}) => {
    expect(() => {
      try {
        load(yaml);
      } catch (thrown) {
        throw new Error(withoutDirectory((thrown as Error).message));
      }
    }).toThrow(error);
  });

  it('lists every bad value at once', () => {
    expect(() => load('basic:\n  restPort: x\n  debug: 3\n')).toThrow(/:3:10: basic.debug: .*\n.*:2:13: basic.restPort: /);
  });
});

describe('environment overrides', () => {
  it.each([
    {name: 'a number', environment: {KUIPER__BASIC__RESTPORT: '9090'}, expected: {restPort: 9090}},
    {name: 'any case', environment: {kuiper__Basic__restPort: '9090'}, expected: {restPort: 9090}},
    {name: 'a boolean', environment: {KUIPER__BASIC__DEBUG: 'true'}, expected: {debug: true}},
    {
      name: 'a nested setting',
      environment: {KUIPER__BASIC__RESTTLS__CERTFILE: '/a.pem'},
      expected: {restTls: {certfile: '/a.pem', keyfile: ''}},
    },
    {name: 'text that looks like a number', environment: {KUIPER__BASIC__AESKEY: '0123'}, expected: {aesKey: '0123'}},
    {name: 'text with an equals sign', environment: {KUIPER__BASIC__AESKEY: 'a2V5=='}, expected: {aesKey: 'a2V5=='}},
    {name: 'a duration with a unit', environment: {KUIPER__BASIC__RULEPATROLINTERVAL: '5m'}, expected: {rulePatrolInterval: 300_000}},
    {
      name: 'a bare duration, in nanoseconds',
      environment: {KUIPER__BASIC__RULEPATROLINTERVAL: '5000000000'},
      expected: {rulePatrolInterval: 5000},
    },
  ])('take $name', ({environment, expected}) => {
    expect(
      load('basic:\n  restPort: 9081\n  rulePatrolInterval: 10s\n', environment as Record<string, string>).settings.basic,
    ).toMatchObject(expected);
  });

  it('win over the file', () => {
    expect(load('basic:\n  restPort: 1\n', {KUIPER__BASIC__RESTPORT: '2'}).settings.basic.restPort).toBe(2);
  });

  it('name the variable that is wrong', () => {
    expect(() => load('', {KUIPER__BASIC__RESTPORT: 'x'})).toThrow(
      'environment variable KUIPER__BASIC__RESTPORT: basic.restPort: expected a whole number',
    );
  });

  it('warn of a duration that was surely meant in ms', () => {
    expect(load('', {KUIPER__BASIC__RULEPATROLINTERVAL: '10000'}).warnings).toEqual([
      'environment variable KUIPER__BASIC__RULEPATROLINTERVAL: a bare number counts nanoseconds, so this is 0.01 ms; write a unit, such as 10s',
    ]);
  });

  it('warn of a name nobody knows', () => {
    expect(load('', {KUIPER__BASIC__RESTPROT: '1'}).warnings).toEqual([
      'environment variable KUIPER__BASIC__RESTPROT: unknown setting "basic.restprot", did you mean "restPort"?',
    ]);
  });

  it('leave other variables alone', () => {
    expect(load('', {KUIPER_SERVICE_HOST: 'x', MQTT_SOURCE__DEFAULT__QOS: '1', KUIPER__: 'x'}).warnings).toEqual([]);
  });
});
