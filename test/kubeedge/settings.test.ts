import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {silentLogger} from '#engine/base/logger.ts';
import {kubeedgeSettings, namesDeviceModels} from '#engine/kubeedge/kubeedge-settings.ts';
import {openDeviceTyping} from '#engine/kubeedge/open-device-typing.ts';
import {kuiperModel, openModels, send} from '#test/support/device-models.ts';

const model = kuiperModel('d', {v: 'int'});

const guide = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/guides/kubeedge.md'), 'utf8');

describe('settings', () => {
  it.each(Object.entries(kubeedgeSettings))('the guide says of %s what its default is', (name, setting) => {
    const shown = setting.default === undefined || Array.isArray(setting.default) ? 'none' : `\`${String(setting.default)}\``;
    expect(guide).toContain(`| \`${name}\` | ${shown} |`);
  });

  it('tell what they are for, each', () => {
    for (const setting of Object.values(kubeedgeSettings)) expect(setting.summary).toMatch(/^[A-Z].*\.$/s);
  });

  it('match in any case and leave those of the source alone', async () => {
    const {typing} = await openModels(
      {'m.json': model},
      {kubeedgeModelFile: null, KUBEEDGEMODELFILE: 'm.json', OnBadValue: 'NULL', server: 'tcp://broker:1883'},
    );
    expect(send(typing, '$hw/events/device/d/twin/update', {v: 'x'}).row).toEqual({v: null});
  });

  it.each([
    [{kubeedgeModelFile: 7}, 'kubeedgeModelFile: expected a path or a list of paths, got 7'],
    [{kubeedgeModelFile: ['a', 7]}, 'kubeedgeModelFile: expected a path or a list of paths, got ["a",7]'],
    [{kubeedgeVersion: 1.2}, 'kubeedgeVersion: expected a string such as "1.17" (with quotes) or v1beta1, got 1.2'],
    [{kubeedgeVersion: 'v9'}, 'kubeedgeVersion "v9" is not known'],
    [{kubeedgeTopics: 'some'}, 'kubeedgeTopics: expected one of "both", "exact", got "some"'],
    [{kubeedgeFlatten: 'no'}, 'kubeedgeFlatten: expected true or false, got "no"'],
    [{onBadValue: 'skip'}, 'onBadValue: expected one of "drop", "null", "error", got "skip"'],
  ])('%j is refused', async (settings, message) => {
    await expect(openModels({'m.json': model}, settings)).rejects.toThrow(message);
  });

  it.each([1.17, '1.17', 'V1Beta1', ''])('kubeedgeVersion may be %j', async kubeedgeVersion => {
    await expect(openModels({'m.json': model}, {kubeedgeVersion})).resolves.toMatchObject({typing: {isLoaded: true}});
  });

  it.each([
    [{}, false],
    [{kubeedgeModelFile: ''}, false],
    [{kubeedgeModelFile: null}, false],
    [{kubeedgeModelFile: []}, false],
    [{kubeedgeModelFile: 'm.json'}, true],
    [{KubeEdgeModelFile: ['m.json']}, true],
  ])('%j asks for models: %s', (properties, asked) => expect(namesDeviceModels(properties)).toBe(asked));
});

describe('kubeedgeModelFile', () => {
  const open = (etcDirectory: string, kubeedgeModelFile: string | readonly string[], sourcesDirectory?: string) =>
    openDeviceTyping({etcDirectory, sourcesDirectory, settings: {kubeedgeModelFile}, logger: silentLogger}).then(async typing => {
      await typing.close();
      return typing;
    });
  const directory = () => {
    const path = mkdtempSync(join(tmpdir(), 'arrokoth-paths-'));
    onTestFinished(() => rmSync(path, {recursive: true, force: true}));
    for (const name of ['etc/sources/sub', 'etc/models', 'elsewhere']) mkdirSync(join(path, name), {recursive: true});
    for (const name of ['etc/sources/m.json', 'etc/sources/sub/m.json', 'etc/models/m.json', 'elsewhere/m.json'])
      writeFileSync(join(path, name), model);
    return path;
  };

  it.each(['m.json', './m.json', 'sub', 'sub/', '../models/m.json', ['m.json', 'sub/m.json']])('may be %j', async file => {
    await expect(open(join(directory(), 'etc'), file)).resolves.toMatchObject({isLoaded: true});
  });

  it('may be absolute, within etc', async () => {
    const path = directory();
    await expect(open(join(path, 'etc'), join(path, 'etc/sources/m.json'))).resolves.toMatchObject({isLoaded: true});
    await expect(open(join(path, 'etc'), join(path, 'elsewhere/m.json'))).rejects.toThrow('lies outside the etc directory');
  });

  it.each([
    '../../elsewhere/m.json',
    '/etc/passwd',
    '../../../../../../etc/passwd',
    'sub/../../../elsewhere',
    'm.json\0',
    '..//..',
  ])('may not be %j', async file => {
    await expect(open(join(directory(), 'etc'), file)).rejects.toThrow('lies outside the etc directory');
  });

  it('may not leave etc through a link, alone or in a directory', async () => {
    const path = directory();
    symlinkSync(join(path, 'elsewhere/m.json'), join(path, 'etc/sources/sub/link.json'));
    symlinkSync(join(path, 'elsewhere'), join(path, 'etc/sources/linked'));
    for (const file of ['sub/link.json', 'sub', 'linked', 'linked/m.json']) {
      await expect(open(join(path, 'etc'), file)).rejects.toThrow('lies outside the etc directory');
    }
  });

  it('may lie in a sources directory that is a link or stands apart from etc', async () => {
    const path = directory();
    rmSync(join(path, 'etc/sources'), {recursive: true});
    symlinkSync(join(path, 'elsewhere'), join(path, 'etc/sources'));
    await expect(open(join(path, 'etc'), 'm.json')).resolves.toMatchObject({isLoaded: true});
    await expect(open(join(path, 'etc'), 'm.json', join(path, 'elsewhere'))).resolves.toMatchObject({isLoaded: true});
  });

  it('says what is wrong with it', async () => {
    const path = directory();
    mkdirSync(join(path, 'etc/sources/empty'));
    writeFileSync(join(path, 'etc/sources/large.json'), ' '.repeat(5 * 1024 * 1024));
    const etc = join(path, 'etc');
    await expect(open(etc, 'none.json')).rejects.toThrow('could not read device model "sources/none.json": there is no such file');
    await expect(open(etc, 'empty')).rejects.toThrow('kubeedgeModelFile names no .json, .yaml or .yml file');
    await expect(open(etc, 'large.json')).rejects.toThrow('"sources/large.json" has 5242880 bytes, expected at most 4194304');
  });

  it('reads no hidden files and no others than JSON and YAML from a directory', async () => {
    const etc = join(directory(), 'etc');
    for (const name of ['README.md', '.hidden.json', 'values.txt']) writeFileSync(join(etc, 'sources/sub', name), 'no model');
    mkdirSync(join(etc, 'sources/sub/nested.json'));
    await expect(open(etc, 'sub')).resolves.toMatchObject({isLoaded: true});
  });
});
