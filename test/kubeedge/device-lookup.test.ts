import {describe, expect, it} from 'vitest';
import {TopicTemplate} from '#engine/kubeedge/topic-template.ts';
import {kuiperModel, openModels, sample, send} from '#test/support/device-models.ts';

const profile = (deviceInstances: readonly object[], deviceModels: Readonly<Record<string, string>>) =>
  JSON.stringify({
    deviceInstances,
    deviceModels: Object.entries(deviceModels).map(([name, dataType]) => ({name, properties: [{name: 'v', dataType}]})),
  });

describe('a topic leads to its device', () => {
  const files = {'m.json': kuiperModel('lamp', {v: 'int'})};
  it.each([
    '$hw/events/device/lamp/twin/update',
    '$hw/events/device/default/lamp/twin/update',
    '$hw/events/device/lamp/twin/update/result',
    '$hw/events/device/default/lamp/twin/update/document',
    '$hw/events/device/lamp/twin/get/result',
    '$hw/events/device/lamp/twin/cloud_updated',
    '$hw/events/device/lamp/twin/edge_updated',
    '$ke/events/device/lamp/data/update',
    '$ke/events/device/default/lamp/data/update',
    '$ke/events/device/lamp/customized/update',
    '$ke/events/lamp/device/data/update',
    '$ke/events/lamp/device/customized/update',
    '$hw/devices/lamp/events/properties/get',
    'any/topic/with/lamp',
    'any/topic/with/lamp/and/more',
  ])('of %s', async topic => {
    const {typing} = await openModels(files);
    expect(send(typing, topic, {v: '5'}).row).toEqual({v: 5});
    expect(typing.report().unknownDevices).toBe(0);
  });

  it.each([
    'lamp',
    'a/b/lamp',
    '$hw/events/device/other/twin/update',
    '$hw/events/device//twin/update/result',
    '',
    '/',
    '////',
  ])('but not of %s: the message passes and is counted', async topic => {
    const {typing} = await openModels(files);
    expect(send(typing, topic, {v: '5'}).row).toEqual({v: '5'});
    expect(typing.report().unknownDevices).toBe(1);
  });

  it('whose name is also a word of the topic', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('twin', {v: 'int'})});
    expect(send(typing, '$hw/events/device/twin/twin/update', {v: '1'})).toMatchObject({row: {v: 1}, metadata: {device: 'twin'}});
    expect(send(typing, '$hw/events/device/ns/twin/twin/update', {v: '1'}).metadata).toMatchObject({device: 'twin', namespace: 'ns'});
  });
});

describe('templates', () => {
  it('of the user are tried first', async () => {
    const {typing} = await openModels(
      {'m.json': kuiperModel('lamp', {v: 'int'})},
      {kubeedgeTopicTemplates: ['plant/{namespace}/+/dev-{device}', '{device}']},
    );
    expect(send(typing, 'plant/north/line1/dev-lamp', {v: '5'})).toMatchObject({
      row: {v: 5},
      metadata: {device: 'lamp', namespace: 'north'},
    });
    expect(send(typing, 'lamp', {v: '5'}).row).toEqual({v: 5});
    expect(send(typing, '$hw/events/device/lamp/twin/update', {v: '5'}).row).toEqual({v: 5});
  });

  it.each([
    ['a/b', 'expected {device} once and {namespace} at most once'],
    ['{device}/{device}', 'expected {device} once and {namespace} at most once'],
    ['{device}/{namespace}/{namespace}', 'expected {device} once and {namespace} at most once'],
    ['{device}/{node}', '"{node}" is neither {device} nor {namespace}'],
    ['{device}/a+', '"+" stands alone between slashes and "#" at the end'],
    ['#/{device}', '"+" stands alone between slashes and "#" at the end'],
  ])('%s is refused', async (template, reason) => {
    await expect(openModels({'m.json': kuiperModel('d', {v: 'int'})}, {kubeedgeTopicTemplates: [template]})).rejects.toThrow(
      `kubeedgeTopicTemplates: "${template}": ${reason}`,
    );
  });

  it('take nothing in them for a pattern', () => {
    const template = new TopicTemplate('a.c/(x|y)*/{device}/#');
    expect(template.match(['a.c', '(x|y)*', 'd'])).toEqual({device: 'd', namespace: undefined});
    expect(template.match(['abc', 'x', 'd'])).toBeUndefined();
    expect(template.match(['a.c', '(x|y)*'])).toBeUndefined();
  });

  it('come from the dataTopic of a device', async () => {
    const instances = [
      {id: 'one', name: 'one', model: 'm', dataTopic: 'hall/+/readings'},
      {id: 'two', name: 'two', model: 'm', data: {dataTopic: 'roof/readings'}},
    ];
    const {typing} = await openModels({'m.json': profile(instances, {m: 'int'})});
    expect(send(typing, 'hall/one/readings', {v: '1'})).toMatchObject({row: {v: 1}, metadata: {device: 'one'}});
    expect(send(typing, 'roof/readings', {v: '1'})).toMatchObject({row: {v: 1}, metadata: {device: 'two'}});
    expect(typing.schema('hall/#').columns).toHaveLength(1);
    expect(typing.schema('roof/+').columns).toHaveLength(1);
    expect(typing.schema('cellar/+').columns).toHaveLength(0);
  });
});

describe('names', () => {
  it('are matched as instance id, then instance name, then model name', async () => {
    const instances = [
      {id: 'a', name: 'b', model: 'm1'},
      {id: 'b', name: 'c', model: 'm2'},
    ];
    const {typing} = await openModels({'m.json': profile(instances, {m1: 'int', m2: 'boolean', c: 'float', m4: 'bytes'})});
    const typed = (device: string) => send(typing, `$hw/events/device/${device}/twin/update`, {v: '1'}).row['v'];
    expect([typed('a'), typed('b'), typed('c'), typed('m4'), typed('M1')]).toEqual([1, true, true, new Uint8Array([49]), 1]);
  });

  it('that instances share give what these have in common', async () => {
    const {typing} = await openModels({[sample(8).name]: sample(8).text}, {kubeedgeCheckRange: true});
    const message = (value: string) => ({twin: {'random-int': {actual: {value}}, 'random-float': {actual: {value}}}});
    const row = (device: string, value: string) => {
      const {twin: _, ...columns} = send(typing, `$hw/events/device/${device}/twin/update`, message(value)).row;
      return columns;
    };
    expect(row('integer-generator-01', '500')).toEqual({'random-int': 500, 'random-float': 500});
    expect(row('integer-generator-02', '500')).toEqual({});
    // Both are called "random"; their limits differ and do not count.
    expect(row('random', '500')).toEqual({'random-int': 500, 'random-float': 500});
  });

  it('that instances share give nothing these type differently', async () => {
    const instances = [
      {id: 'a', name: 'same', model: 'm1'},
      {id: 'b', name: 'same', model: 'm2'},
    ];
    const {typing} = await openModels({'m.json': profile(instances, {m1: 'int', m2: 'boolean'})});
    expect(send(typing, '$hw/events/device/same/twin/update', {v: '1'}).row).toEqual({v: '1'});
  });

  it('of a model that no file holds leave the device untyped, with a warning', async () => {
    const {typing} = await openModels({'m.json': profile([{id: 'a', name: 'a', model: 'gone'}], {m: 'int'})});
    expect(send(typing, '$hw/events/device/a/twin/update', {v: '1'}).row).toEqual({v: '1'});
    expect(typing.report()).toMatchObject({
      unknownDevices: 1,
      warnings: ['device "a" is of model "gone", which no model file holds: its values stay untyped'],
    });
  });

  it('of a model defined twice mean the first, with a warning unless both are the same', async () => {
    const {typing} = await openModels({
      'a.json': kuiperModel('d', {v: 'int'}),
      'b.json': kuiperModel('D', {v: 'boolean'}),
      'c.json': kuiperModel('d', {v: 'int'}),
    });
    expect(send(typing, '$hw/events/device/d/twin/update', {v: '1'}).row).toEqual({v: 1});
    expect(typing.report().warnings).toEqual(['model "D" is defined more than once: the first definition counts']);
  });
});

describe('namespaces', () => {
  const crd = (kind: string, name: string, namespace: string | undefined, spec: object) => ({kind, metadata: {name, namespace}, spec});
  const model = (name: string, namespace: string | undefined, type: string) =>
    crd('DeviceModel', name, namespace, {properties: [{name: 'v', type}]});
  const device = (name: string, namespace: string | undefined, of: string) => crd('Device', name, namespace, {deviceModelRef: {name: of}});
  const open = (...items: object[]) => openModels({'all.json': JSON.stringify({kind: 'List', items})});

  it('tell devices of one name apart', async () => {
    const {typing} = await open(
      model('m', 'north', 'INT'),
      model('m', 'south', 'BOOLEAN'),
      device('d', 'north', 'm'),
      device('d', 'south', 'm'),
    );
    expect(send(typing, '$hw/events/device/north/d/twin/update', {v: '1'}).row).toEqual({v: 1});
    expect(send(typing, '$hw/events/device/SOUTH/d/twin/update', {v: '1'}).row).toEqual({v: true});
    expect(send(typing, '$hw/events/device/west/d/twin/update', {v: '1'}).row).toEqual({v: '1'});
    expect(send(typing, '$hw/events/device/d/twin/update', {v: '1'}).row).toEqual({v: '1'});
  });

  it('do not matter to a device whose file names none', async () => {
    const {typing} = await open(model('m', 'default', 'INT'), device('d', undefined, 'm'));
    for (const place of ['d', 'default/d', 'other/d'])
      expect(send(typing, `$hw/events/device/${place}/twin/update`, {v: '1'}).row).toEqual({v: 1});
  });

  it('may be part of the id', async () => {
    const {typing} = await openModels({'m.json': profile([{id: 'plant/d', name: 'd', model: 'm'}], {m: 'int'})});
    expect(send(typing, '$hw/events/device/plant/d/twin/update', {v: '1'})).toMatchObject({
      row: {v: 1},
      metadata: {device: 'd', namespace: 'plant', instance: 'plant/d'},
    });
  });

  it('come from the model file where the topic names none', async () => {
    const {typing} = await open(model('m', 'plant', 'INT'), device('d', 'plant', 'm'));
    expect(send(typing, '$hw/events/device/d/twin/update', {v: '1'}).metadata).toMatchObject({device: 'd', namespace: 'plant'});
  });

  it('narrow the columns of a filter', async () => {
    const {typing} = await open(
      crd('DeviceModel', 'm', 'north', {properties: [{name: 'a', type: 'INT'}]}),
      crd('DeviceModel', 'm', 'south', {properties: [{name: 'b', type: 'INT'}]}),
      device('d', 'north', 'm'),
      device('d', 'south', 'm'),
    );
    const columns = (filter: string) => typing.schema(filter).columns.map(column => column.name);
    expect(columns('$hw/events/device/north/+/twin/update')).toEqual(['a']);
    expect(columns('$hw/events/device/+/d/twin/update')).toEqual(['a', 'b']);
    expect(columns('$hw/events/device/+/+/twin/update')).toEqual(['a', 'b']);
  });
});

describe('topic filters', () => {
  const cases: readonly (readonly [filter: string, subscribed: readonly string[]])[] = [
    ['$hw/events/device/+/twin/update', ['$hw/events/device/+/twin/update', '$hw/events/device/+/+/twin/update']],
    ['$ke/events/device/+/data/update', ['$ke/events/device/+/data/update', '$ke/events/device/+/+/data/update']],
    [
      '$share/g/$hw/events/device/+/twin/update',
      ['$share/g/$hw/events/device/+/twin/update', '$share/g/$hw/events/device/+/+/twin/update'],
    ],
    ['$hw/events/device/+/+/twin/update', ['$hw/events/device/+/+/twin/update']],
    ['$hw/events/device/lamp/twin/update', ['$hw/events/device/lamp/twin/update']],
    ['$hw/events/device/+/#', ['$hw/events/device/+/#']],
    ['$hw/events/device/#', ['$hw/events/device/#']],
    ['$ke/events/+/device/data/update', ['$ke/events/+/device/data/update']],
    ['sensors/+', ['sensors/+']],
  ];
  it.each(cases)('%s subscribes to %j', async (filter, subscribed) => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    expect(typing.topicFilters(filter)).toEqual(subscribed);
  });

  it('stay as they are with kubeedgeTopics: exact', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'})}, {kubeedgeTopics: 'exact'});
    for (const [filter] of cases) expect(typing.topicFilters(filter)).toEqual([filter]);
  });
});
