import {describe, expect, it} from 'vitest';
import {engineUrl, readRunnerSettings} from '#runner/settings.ts';

const read = (text: string, environment: Record<string, string> = {}) => readRunnerSettings({file: 'cf.yaml', text}, environment);

describe('cf.yaml', () => {
  it("is read as eKuiper's tool has it", () => {
    const {settings, warnings} = read(
      'ip: 10.0.0.1\nport: 9081\ntimeout: 500\nintervalTime: 30\ncommandDir: ./sample/\nconsoleLog: true\nfileLog: false\nlogPath: ./log/kubernetes.log\n',
    );
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      ip: '10.0.0.1',
      port: 9081,
      timeout: 500,
      intervalTime: 30,
      commandDir: './sample/',
      consoleLog: true,
      fileLog: false,
      logPath: './log/kubernetes.log',
    });
  });

  it('may be empty or absent', () => {
    expect(read('').settings).toEqual(readRunnerSettings(undefined, {}).settings);
  });

  it('warns about unknown keys with the nearest known one', () => {
    expect(read('prot: 9081\nzzz: 1\n').warnings).toEqual([
      'cf.yaml:1:7: unknown key "prot", did you mean "port"',
      'cf.yaml:2:6: unknown key "zzz"',
    ]);
  });

  it.each([
    ['port: many\n', 'cf.yaml:1:7: port: expected a whole number from 1 to 65535, got "many"'],
    ['ip: x\nintervalTime: 0\n', 'cf.yaml:2:15: intervalTime: expected a whole number from 1 to 86400, got 0'],
    ['drift: mend\n', 'cf.yaml:1:8: drift: expected one of "heal", "report", "ignore", got "mend"'],
    ['maxDelete: some\n', 'maxDelete: expected a count such as "20" or a part such as "30%", got "some"'],
    ['certFile: a\n', 'certFile and keyFile: expected both or none'],
    ['url: ftp://x\n', 'url: expected an address such as "http://127.0.0.1:9081", without user, password and query, got "ftp://x"'],
    [
      'url: http://a:b@x\n',
      'url: expected an address such as "http://127.0.0.1:9081", without user, password and query, got "http://a:******@x"',
    ],
    ['url: http://:b@x\n', 'without user, password and query, got "http://:******@x"'],
    ['- a\n', 'cf.yaml:1:1: expected keys with values such as "port: 9081"'],
    ['scope: west wing\n', 'scope: expected at most 64 letters, digits, "-" and "_", got "west wing"'],
    ['scopeObjects: ["strem a"]\n', 'scopeObjects: unknown kind "strem" in "strem a", did you mean "stream"'],
    ['scopeObjects: ["west-1"]\n', 'scopeObjects: expected a kind and a name such as "stream plant-*", got "west-1"'],
    [
      'protected: ["stream a", "things *"]\n',
      'protected: unknown kind "things" in "things *"; expected one of plugin, stream, table, rule',
    ],
    ['timezone: Mars/Phobos\n', 'timezone: expected an IANA name such as "Europe/Berlin", got "Mars/Phobos"'],
    ['heartbeat: 1\n', 'heartbeat: expected at least "100ms", got 1 ms'],
    ['healthInterval: 500ms\n', 'healthInterval: expected 0 or at least "1s", got 500 ms'],
    ['rollback: file\nhealthInterval: 0\n', 'rollback: file needs a healthInterval above 0'],
    ['rollback: file\nrollbackGrace: 10ms\n', 'rollbackGrace: expected at least "1s", got 10 ms'],
    ['rollback: all\n', 'cf.yaml:1:11: rollback: expected one of "off", "file", got "all"'],
    ['webhookUrl: ftp://x/s3cret\n', /^webhookUrl: expected an http or https address without user and password$/],
    ['webhookUrl: http://a:b@x\n', /^webhookUrl: expected an http or https address without user and password$/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('names every fault at once', () => {
    expect(() => read('port: 0\ndrift: x\n')).toThrow(/cf\.yaml:1:7[\s\S]*cf\.yaml:2:8/);
  });
});

describe('the environment', () => {
  it('goes over the file, key by key, in any case', () => {
    const {settings, warnings} = read('port: 1\n', {
      RUNNER__PORT: '9999',
      RUNNER__CommandDir: '/etc/commands',
      RUNNER__PRUNE: 'false',
      RUNNER__PROTECTED: 'stream a, rule *',
      RUNNER__MAXDELETE: '20',
      RUNNER__HEARTBEAT: '500ms',
      RUNNER__PRT: '1',
      OTHER__PORT: '2',
    });
    expect(settings).toMatchObject({
      port: 9999,
      commandDir: '/etc/commands',
      prune: false,
      protected: ['stream a', 'rule *'],
      maxDelete: '20',
      heartbeat: 500,
    });
    expect(warnings).toEqual(['RUNNER__PRT: unknown key "PRT", did you mean "port"']);
  });

  it('names the variable of a bad value', () => {
    expect(() => read('', {RUNNER__PORT: 'x'})).toThrow('RUNNER__PORT: port: expected a whole number from 1 to 65535, got "x"');
  });
});

it.each([
  ['ip: 10.0.0.1\n', 'http://10.0.0.1:9081'],
  ['ip: "::1"\nport: 1\n', 'http://[::1]:1'],
  ['url: https://engine/kuiper/\n', 'https://engine/kuiper'],
])('engineUrl of %j is %s', (text, url) => {
  expect(engineUrl(read(text).settings)).toBe(url);
});
