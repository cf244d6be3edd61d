import {describe, expect, it} from 'vitest';
import {readKubeedgeVersion} from '#engine/kubeedge/kubeedge-version.ts';
import {readModelText} from '#engine/kubeedge/model-document.ts';
import {sample} from '#test/support/device-models.ts';

const read = (text: string, version?: string) => readModelText(text, 'm', readKubeedgeVersion(version));
const propertiesOf = (text: string, version?: string) => read(text, version).models[0]!.properties;

describe('forms of a model file', () => {
  it('takes Kuiper’s own form', () => {
    const text =
      '{"deviceModels":[{"name":"device1","properties":[{"name":"temperature","dataType":"int"},{"name":"temperature-enable","dataType":"string"}]}]}';
    expect(read(text)).toEqual({
      models: [
        {
          name: 'device1',
          properties: [
            {name: 'temperature', type: 'int'},
            {name: 'temperature-enable', type: 'string'},
          ],
        },
      ],
      instances: [],
      warnings: [],
    });
  });

  it('takes a profile written as YAML', () => {
    expect(propertiesOf('deviceModels:\n- name: m\n  properties:\n  - {name: a, dataType: boolean}\n')).toEqual([
      {name: 'a', type: 'boolean'},
    ]);
  });

  it('takes several documents in one file', () => {
    const text = [2, 3, 4, 5].map(number => sample(number).text).join('\n---\n');
    const {models, instances} = read(`---\n${text}\n---\n`);
    expect(models.map(model => model.name)).toEqual(['opcua-model', 'temperature-model']);
    expect(instances.map(({id, model}) => [id, model])).toEqual([
      ['lamp', 'opcua-model'],
      ['temperature-instance', 'temperature-model'],
    ]);
  });

  const model = {
    apiVersion: 'devices.kubeedge.io/v1beta1',
    kind: 'DeviceModel',
    metadata: {name: 'm', namespace: 'plant'},
    spec: {properties: [{name: 'a', type: 'INT'}]},
  };
  const device = {
    apiVersion: 'devices.kubeedge.io/v1beta1',
    kind: 'Device',
    metadata: {name: 'd', namespace: 'plant'},
    spec: {
      deviceModelRef: {name: 'm'},
      properties: [
        {name: 'a', pushMethod: {mqtt: {address: 'tcp://broker:1883', topic: 'plant/d/a', qos: 0}}},
        {name: 'b', pushMethod: {http: {}}},
      ],
    },
  };
  const expected = {
    models: [{name: 'm', namespace: 'plant', properties: [{name: 'a', type: 'int'}]}],
    instances: [{id: 'd', name: 'd', namespace: 'plant', model: 'm', pushTopics: [{topic: 'plant/d/a', property: 'a'}]}],
    warnings: [],
  };

  it.each([
    ['a List', {apiVersion: 'v1', kind: 'List', items: [model, device]}],
    [
      'lists of their own kinds',
      [
        {kind: 'DeviceModelList', items: [model]},
        {kind: 'DeviceList', items: [device]},
      ],
    ],
    ['a plain array', [model, device]],
    ['a List without kind', {items: [model, device]}],
    ['keys in other cases', {KIND: 'LIST', Items: [{...model, kind: 'devicemodel'}, device]}],
    [
      'objects without kind',
      [
        {...model, kind: undefined},
        {...device, kind: undefined},
      ],
    ],
  ])('takes %s, as JSON and with a byte order mark', (_, value) => {
    expect(read(JSON.stringify(value))).toEqual(expected);
    expect(read(`\ufeff${JSON.stringify(value, null, '\t')}`)).toEqual(expected);
  });

  it('takes the ConfigMap that CloudCore writes; its namespace is the devices’', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'device-profile-config-edge', namespace: 'plant'},
      data: {'deviceProfile.json': sample(7).text, readme: 'no model'},
    };
    const {models, instances} = read(JSON.stringify(map));
    expect(models.map(one => one.name)).toEqual(['xiaomi-device-model']);
    expect(instances).toMatchObject([{id: 'xiaomi-device', namespace: 'plant'}]);
  });

  it('ignores objects of other kinds and says so', () => {
    const text = JSON.stringify([model, {kind: 'DeviceStatus', metadata: {name: 'd'}}, {kind: 'Deployment', metadata: {name: 'mapper'}}]);
    expect(read(text)).toMatchObject({models: [{name: 'm'}], warnings: ['m: an object of kind "Deployment" is ignored']});
  });

  it('reads every type of v1alpha2, where one member of `type` is set', () => {
    const text = ['int', 'double', 'float', 'string', 'boolean'].map(
      type => `  - {name: ${type}, type: {${type}: {accessMode: ReadOnly}}}`,
    );
    const {models} = read(
      `kind: DeviceModel\nmetadata: {name: m}\nspec:\n  properties:\n${text.join('\n')}\n  - name: bytes\n    type:\n      bytes:\n`,
    );
    expect(models[0]!.properties.map(({name, type}) => [name, type])).toEqual([
      ['int', 'int'],
      ['double', 'float'],
      ['float', 'float'],
      ['string', 'string'],
      ['boolean', 'boolean'],
      ['bytes', 'bytea'],
    ]);
  });

  it.each([
    ['int', 'int'],
    ['integer', 'int'],
    ['INT', 'int'],
    ['Float', 'float'],
    ['DOUBLE', 'float'],
    ['string', 'string'],
    ['BOOLEAN', 'boolean'],
    ['bool', 'boolean'],
    ['bytes', 'bytea'],
  ])('maps the type %s to %s', (word, type) => {
    expect(propertiesOf(JSON.stringify({deviceModels: [{name: 'm', properties: [{name: 'a', dataType: word}]}]}))).toEqual([
      {name: 'a', type},
    ]);
    expect(
      propertiesOf(JSON.stringify({kind: 'DeviceModel', metadata: {name: 'm'}, spec: {properties: [{name: 'a', type: word}]}})),
    ).toEqual([{name: 'a', type}]);
  });

  it('gives no column for a STREAM and says so', () => {
    const text =
      '{"kind":"DeviceModel","metadata":{"name":"camera"},"spec":{"properties":[{"name":"video","type":"STREAM"},{"name":"on","type":"BOOLEAN"}]}}';
    expect(read(text)).toMatchObject({
      models: [{properties: [{name: 'on'}]}],
      warnings: ['m: model "camera": property "video" is a STREAM, which never arrives over MQTT: it gives no column'],
    });
  });

  it('takes dataTopic from the instance and from its data', () => {
    const instance = {id: 'a', name: 'a', model: 'm'};
    const text = JSON.stringify({
      deviceInstances: [
        {...instance, dataTopic: 't/1'},
        {...instance, data: {dataTopic: 't/2'}},
      ],
    });
    expect(read(text).instances.map(one => one.dataTopic)).toEqual(['t/1', 't/2']);
  });

  it('takes an instance with only an id or only a name', () => {
    const text = JSON.stringify({
      deviceInstances: [
        {id: 'a', model: 'm'},
        {name: 'b', model: 'm'},
      ],
    });
    expect(read(text).instances.map(({id, name}) => [id, name])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('warns of a Device without a model', () => {
    expect(read('{"kind":"Device","metadata":{"name":"d"},"spec":{"nodeName":"n"}}')).toMatchObject({
      instances: [],
      warnings: ['m: device "d" names no deviceModelRef: its values stay untyped'],
    });
  });
});

describe('limits', () => {
  const cases: readonly (readonly [name: string, facts: object, limits: object])[] = [
    ['numbers', {minimum: 1, maximum: 5}, {minimum: 1, maximum: 5}],
    ['texts of v1beta1', {minimum: '0', maximum: '100.5'}, {minimum: 0, maximum: 100.5}],
    ['equal zeros, which stand for unset ones', {minimum: 0, maximum: 0}, {}],
    ['equal zeros as texts', {minimum: '0', maximum: '0.0'}, {}],
    ['a minimum with an unset maximum', {minimum: 5, maximum: 0}, {minimum: 5}],
    ['a maximum below zero with an unset minimum', {minimum: 0, maximum: -5}, {maximum: -5}],
    ['only one of them', {maximum: 100}, {maximum: 100}],
    ['nulls and empty texts', {minimum: null, maximum: ''}, {}],
  ];
  it.each(cases)('reads %s', (_, facts, limits) => {
    expect(propertiesOf(JSON.stringify({deviceModels: [{name: 'm', properties: [{name: 'a', dataType: 'float', ...facts}]}]}))).toEqual([
      {name: 'a', type: 'float', ...limits},
    ]);
  });

  it.each([
    [{minimum: 7, maximum: 5}, 'm: model "m": property "a" has a minimum of 7 above its maximum of 5: both are ignored'],
    [{minimum: 'low'}, 'm: model "m": property "a" has the minimum "low", which is no number: it is ignored'],
  ])('ignores %o with a warning', (facts, warning) => {
    const text = JSON.stringify({deviceModels: [{name: 'm', properties: [{name: 'a', dataType: 'int', ...facts}]}]});
    expect(read(text)).toMatchObject({models: [{properties: [{name: 'a', type: 'int'}]}], warnings: [warning]});
  });
});

describe('kubeedgeVersion', () => {
  it.each([
    ['profile', '{"name":"m","properties":[{"name":"a","dataType":"int"}]}'],
    ['v1beta1', '{"name":"m","properties":[{"name":"a","type":"INT"}]}'],
    ['1.17', '{"name":"m","properties":[{"name":"a","type":"INT"}]}'],
    ['v1alpha2', '{"name":"m","properties":[{"name":"a","type":{"int":{}}}]}'],
    ['devices.kubeedge.io/v1alpha1', '{"name":"m","properties":[{"name":"a","type":{"int":{}}}]}'],
  ])('%s says how a bare model is written', (version, text) => {
    expect(propertiesOf(text, version)).toEqual([{name: 'a', type: 'int'}]);
    expect(() => read(text)).toThrow(
      'm:1:1: a model without "deviceModels" or "kind" around it can be of any version, set kubeedgeVersion to',
    );
  });

  it.each(['v2', '1', 'latest', '1.x', 'v1beta2'])('refuses %s', version => {
    expect(() => readKubeedgeVersion(version)).toThrow(
      `kubeedgeVersion "${version}" is not known, expected v1alpha1, v1alpha2, v1beta1, profile or a release such as "1.17"`,
    );
  });

  it.each([
    ['1.16.1', false],
    ['v1.16.2', true],
    ['1.17', true],
    ['1.4.0', false],
    ['2.0.0', true],
    ['v1beta1', undefined],
    ['', undefined],
  ])('%s: topics name the namespace: %s', (version, namespaced) => {
    expect(readKubeedgeVersion(version).namespaced).toBe(namespaced);
  });
});

describe('faults', () => {
  const cases: readonly (readonly [name: string, text: string, message: string])[] = [
    [
      'an unknown type in a profile',
      '{\n  "deviceModels": [{\n    "name": "m",\n    "properties": [\n      {"name": "a", "datatype": "uint"}\n    ]\n  }]\n}',
      'm:5:33: property "a" has the unknown type "uint", expected int, float, double, string, boolean, bytes or STREAM',
    ],
    [
      'an unknown type in a later document',
      'kind: DeviceModel\nmetadata: {name: a}\n---\nkind: DeviceModel\nmetadata:\n  name: b\nspec:\n  properties:\n  - name: p\n    type: WORD\n',
      'm:10:11: property "p" has the unknown type "WORD", expected int, float, double, string, boolean, bytes or STREAM',
    ],
    [
      'an unknown nested type',
      'kind: DeviceModel\nmetadata: {name: a}\nspec:\n  properties:\n  - name: p\n    type:\n      long:\n        accessMode: ReadOnly\n',
      'm:7:7: property "p" has the unknown type "long", expected int, float, double, string, boolean, bytes or STREAM',
    ],
    [
      'two nested types',
      'kind: DeviceModel\nmetadata: {name: a}\nspec:\n  properties:\n  - name: p\n    type:\n      int: {}\n      string: {}\n',
      'm:6:5: expected type of property "p" to have one member such as "int", got 2',
    ],
    [
      'a property without type',
      '{"deviceModels":[{"name":"m","properties":[{"name":"a"}]}]}',
      'm:1:44: property "a" of model "m" has no dataType',
    ],
    [
      'a property without name',
      '{"deviceModels":[{"name":"m","properties":[{"dataType":"int"}]}]}',
      'm:1:44: a property of model "m" has no name',
    ],
    ['a model without name', '{"deviceModels":[{"properties":[]}]}', 'm:1:18: a device model has no name'],
    ['an instance without model', '{"deviceInstances":[{"id":"a"}]}', 'm:1:21: device instance "a" has no model'],
    ['properties that are no list', '{"deviceModels":[{"name":"m","properties":{}}]}', 'm:1:30: expected properties to be a list, got {}'],
    ['a list of wrong things', '{"deviceModels":[7]}', 'm:1:18: expected each item of deviceModels to be an object, got 7'],
    [
      'something else',
      '{"rules":[]}',
      'm:1:1: expected a device model: "deviceModels" (deviceProfile.json), or an object of kind DeviceModel or Device',
    ],
    ['a plain word', 'hello', 'm:1:1: expected a device model, got "hello"'],
    ['YAML that is none', 'kind: DeviceModel\nspec: [\n', 'm:3:1: '],
    ['JSON cut short', '{"deviceModels":[{"name":"m",', 'm:1:30: '],
    ['a tab as indentation', 'kind: DeviceModel\nmetadata:\n\tname: a\n', 'm:3:'],
    ['nesting without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'm:1:1: '],
  ];
  it.each(cases)('%s', (_, text, message) => {
    let thrown: unknown;
    try {
      read(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({name: 'ArrokothError'});
    expect((thrown as Error).message.startsWith(message), (thrown as Error).message).toBe(true);
  });
});
