import {mkdirSync, mkdtempSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {silentLogger} from '#engine/base/logger.ts';
import {openDeviceTyping, type TypingChange} from '#engine/kubeedge/open-device-typing.ts';
import {kuiperModel, openModels, send} from '#test/support/device-models.ts';
import {pollUntil} from '#test/support/poll.ts';

const topic = '$hw/events/device/d/twin/update';
const filter = '$hw/events/device/+/twin/update';

describe('a changed model file', () => {
  it('types the next message, and tells that columns changed', async () => {
    const {typing, changes, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: 1});
    write('m.json', kuiperModel('d', {v: 'boolean'}));
    await pollUntil(() => changes.length > 0);
    expect(changes).toEqual([{columns: true}]);
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: true});
    expect(typing.schema(filter).columns).toEqual([{name: 'v', type: {kind: 'boolean'}}]);
  });

  it('tells that only the handling of values changed', async () => {
    const {typing, changes, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'}, {maximum: 5})}, {kubeedgeCheckRange: true});
    expect(send(typing, topic, {v: '7'}).row).toEqual({});
    write('m.json', kuiperModel('d', {v: 'int'}, {maximum: 9}));
    await typing.reload();
    expect(changes).toEqual([{columns: false}]);
    expect(send(typing, topic, {v: '7'}).row).toEqual({v: 7});
  });

  it('tells nothing when nothing changed', async () => {
    const {typing, changes, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    write('m.json', kuiperModel('d', {v: 'int'}));
    await typing.reload();
    expect(changes).toEqual([]);
  });

  it.each([
    [
      'that is faulty',
      '{"deviceModels":[{"name":"d","properties":[{"name":"v","dataType":"word"}]}]}',
      'sources/m.json:1:67: property "v" has the unknown type "word"',
    ],
    ['that is cut short', '{"deviceModels":[', 'sources/m.json:1:18: '],
    ['without any model', '{"deviceInstances":[]}', 'no device model in "sources/m.json"'],
    ['that is empty', '', 'no device model in "sources/m.json"'],
  ])('%s leaves the last good one in force and says so', async (_, text, fault) => {
    const {typing, changes, log, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    write('m.json', text);
    await typing.reload();
    await typing.reload();
    expect(typing.report().fault).toContain(fault);
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: 1});
    expect(changes).toEqual([]);
    const errors = log.filter(entry => entry.level === 'error');
    expect(errors).toMatchObject([
      {event: 'device models are faulty, the last good ones stay', fields: {reason: expect.stringContaining(fault)}},
    ]);

    write('m.json', kuiperModel('d', {v: 'string'}));
    await typing.reload();
    expect(typing.report().fault).toBeUndefined();
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: '1'});
  });

  it('that vanished leaves the last good one in force', async () => {
    const {typing, etcDirectory} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    rmSync(join(etcDirectory, 'sources/m.json'));
    await typing.reload();
    expect(typing.report().fault).toBe('could not read device model "sources/m.json": there is no such file');
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: 1});
  });

  it('keeps the counts', async () => {
    const {typing, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    send(typing, topic, {v: 'x'});
    write('m.json', kuiperModel('d', {v: 'int', w: 'int'}));
    await typing.reload();
    send(typing, topic, {v: 'y'});
    expect(typing.report().badValues).toMatchObject([{device: 'd', property: 'v', count: 2, last: 'y'}]);
  });
});

describe('a directory of models', () => {
  it('takes files that come and go', async () => {
    const {typing, changes, write, etcDirectory} = await openModels(
      {'models/a.json': kuiperModel('a', {v: 'int'})},
      {kubeedgeModelFile: 'models'},
    );
    write('models/b.yaml', kuiperModel('b', {w: 'int'}));
    await pollUntil(() => changes.length === 1);
    expect(typing.schema(filter).columns.map(column => column.name)).toEqual(['v', 'w']);
    rmSync(join(etcDirectory, 'sources/models/a.json'));
    await pollUntil(() => changes.length === 2);
    expect(typing.schema(filter).columns.map(column => column.name)).toEqual(['w']);
  });

  it('follows a mounted ConfigMap through its updates', async () => {
    const etcDirectory = mkdtempSync(join(tmpdir(), 'arrokoth-mount-'));
    onTestFinished(() => rmSync(etcDirectory, {recursive: true, force: true}));
    const mount = join(etcDirectory, 'sources/models');
    let revision = 0;
    /** The kubelet's order: new directory, its files, rename of ..data, links of new keys, removal of the old directory. */
    const update = (files: Readonly<Record<string, string>>) => {
      const before = revision === 0 ? undefined : readlinkSync(join(mount, '..data'));
      const directory = `..2026_08_06_14_58_26.${++revision}`;
      mkdirSync(join(mount, directory), {recursive: true});
      for (const [name, text] of Object.entries(files)) writeFileSync(join(mount, directory, name), text);
      symlinkSync(directory, join(mount, '..data_tmp'));
      renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
      for (const name of Object.keys(files)) {
        try {
          symlinkSync(join('..data', name), join(mount, name));
        } catch {
          // The link of an old key stays.
        }
      }
      if (before !== undefined) rmSync(join(mount, before), {recursive: true});
    };
    update({'a.json': kuiperModel('d', {v: 'int'})});
    const changes: TypingChange[] = [];
    const typing = await openDeviceTyping({
      etcDirectory,
      settings: {kubeedgeModelFile: 'models/'},
      logger: silentLogger,
      onChange: change => void changes.push(change),
    });
    onTestFinished(() => typing.close());
    for (const type of ['boolean', 'string', 'float']) {
      changes.length = 0;
      update({'a.json': kuiperModel('d', {v: type}), [`${type}.json`]: kuiperModel(type, {v: type})});
      await pollUntil(() => changes.length > 0);
      expect(typing.schema(topic).columns).toMatchObject([{type: {kind: type}}]);
      unlinkSync(join(mount, `${type}.json`));
    }
  });
});

describe('other properties of the conf key', () => {
  it('count from the next message on', async () => {
    const {typing, changes, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    expect(send(typing, topic, {v: 'x'}).row).toEqual({});
    await typing.reconfigure({kubeedgeModelFile: 'm.json', onBadValue: 'null'});
    expect(send(typing, topic, {v: 'x'}).row).toEqual({v: null});
    write('n.json', kuiperModel('d', {v: 'string'}));
    await typing.reconfigure({kubeedgeModelFile: 'n.json'});
    expect(send(typing, topic, {v: 'x'}).row).toEqual({v: 'x'});
    expect(changes).toEqual([{columns: false}, {columns: true}]);

    write('n.json', kuiperModel('d', {v: 'bytes'}));
    await pollUntil(() => changes.length === 3);
    expect(send(typing, topic, {v: 'x'}).row).toEqual({v: new Uint8Array([120])});
  });

  it('leave everything as it is when they are faulty', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    await typing.reconfigure({kubeedgeModelFile: 'm.json', onBadValue: 'ignore', kubeedgeTopics: 'exact'});
    expect(typing.report().fault).toBe('device models: onBadValue: expected one of "drop", "null", "error", got "ignore"');
    expect(send(typing, topic, {v: 'x'}).row).toEqual({});
    expect(typing.topicFilters(filter)).toHaveLength(2);
  });
});

describe('opening', () => {
  it('refuses a faulty file with its place', async () => {
    await expect(openModels({'m.yaml': 'kind: DeviceModel\nspec: {}\n'})).rejects.toThrow('sources/m.yaml:1:1: a DeviceModel has no name');
  });

  it('may wait for a good one', async () => {
    const {typing, changes, write} = await openModels({}, {kubeedgeModelFile: 'later.json'}, {tolerant: true});
    expect(typing.isLoaded).toBe(false);
    expect(typing.schema(filter)).toMatchObject({columns: [], open: true});
    expect(() => send(typing, topic, {v: '1'})).toThrow('could not read device model "sources/later.json": there is no such file');
    write('later.json', kuiperModel('d', {v: 'int'}));
    await pollUntil(() => typing.isLoaded);
    expect(changes).toEqual([{columns: true}]);
    expect(typing.report().fault).toBeUndefined();
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: 1});
  });

  it('ends its watching when closed', async () => {
    const {typing, changes, write} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    await typing.close();
    write('m.json', kuiperModel('d', {v: 'string'}));
    await typing.reload();
    expect(changes).toEqual([]);
    expect(send(typing, topic, {v: '1'}).row).toEqual({v: 1});
  });
});
