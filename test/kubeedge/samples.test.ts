import {describe, expect, it} from 'vitest';
import type {DeviceInstance, DeviceModel} from '#engine/kubeedge/device-model.ts';
import {readKubeedgeVersion} from '#engine/kubeedge/kubeedge-version.ts';
import {readModelText} from '#engine/kubeedge/model-document.ts';
import {openModels, sample} from '#test/support/device-models.ts';

interface Case {
  readonly number: number;
  readonly models: readonly DeviceModel[];
  readonly instances: readonly DeviceInstance[];
}

const random = (maximum: number): DeviceModel['properties'] => [
  {
    name: 'random-int',
    type: 'int',
    description: 'Random number of virtual device production',
    accessMode: 'ReadWrite',
    minimum: 0,
    maximum,
  },
  {
    name: 'random-float',
    type: 'float',
    description: 'Random number of virtual device production',
    accessMode: 'ReadOnly',
    minimum: 0,
    maximum,
  },
];

const cases: readonly Case[] = [
  {
    number: 1,
    models: [
      {
        name: 'cc2650-sensortag',
        namespace: 'default',
        properties: [
          {
            name: 'temperature',
            type: 'int',
            description: 'temperature in degree celsius',
            unit: 'degree celsius',
            accessMode: 'ReadOnly',
            maximum: 100,
          },
          {
            name: 'temperature-enable',
            type: 'string',
            description: 'enable data collection of temperature sensor',
            accessMode: 'ReadWrite',
          },
          {name: 'io-config-initialize', type: 'int', description: 'initialize io-config with value 0', accessMode: 'ReadWrite'},
          {name: 'io-data-initialize', type: 'int', description: 'initialize io-data with value 0', accessMode: 'ReadWrite'},
          {name: 'io-config', type: 'int', description: 'register activation of io-config', accessMode: 'ReadWrite'},
          {name: 'io-data', type: 'int', description: 'data field to control io-control', accessMode: 'ReadWrite'},
        ],
      },
    ],
    instances: [],
  },
  {
    number: 2,
    models: [
      {
        name: 'opcua-model',
        namespace: 'default',
        properties: [
          {name: 'temperature', type: 'int', description: 'temperature in degree celsius', accessMode: 'ReadOnly'},
          {name: 'switcher', type: 'boolean', description: 'turn on or turn off', accessMode: 'ReadWrite'},
        ],
      },
    ],
    instances: [],
  },
  {number: 3, models: [], instances: [{id: 'lamp', name: 'lamp', model: 'opcua-model', pushTopics: []}]},
  {
    number: 4,
    models: [
      {
        name: 'temperature-model',
        namespace: 'default',
        properties: [
          {
            name: 'temperature',
            type: 'float',
            description: 'actual temperature',
            unit: 'Celsius',
            accessMode: 'ReadWrite',
            minimum: 0,
            maximum: 100,
          },
          {name: 'temperature-switch', type: 'int', description: 'the switch of device 0:off,1:on', accessMode: 'ReadWrite'},
        ],
      },
    ],
    instances: [],
  },
  {
    number: 5,
    models: [],
    instances: [{id: 'temperature-instance', name: 'temperature-instance', model: 'temperature-model', pushTopics: []}],
  },
  {
    number: 6,
    models: [
      {
        name: 'modbus-mock-model',
        properties: [{name: 'temperature', type: 'int', accessMode: 'ReadWrite', minimum: 0, maximum: 100}],
      },
    ],
    instances: [
      {
        id: 'f81e1dce-8152-4f76-b673-d6728b46e395',
        name: 'modbus-mock-instance-01',
        model: 'modbus-mock-model',
        pushTopics: [],
      },
    ],
  },
  {
    number: 7,
    models: [
      {
        name: 'xiaomi-device-model',
        properties: [
          {
            name: 'humidity',
            type: 'int',
            description: 'humidity of device',
            unit: '%RH',
            accessMode: 'ReadOnly',
            minimum: 0,
            maximum: 100,
          },
        ],
      },
    ],
    instances: [
      {
        id: 'xiaomi-device',
        name: 'xiaomi-device',
        model: 'xiaomi-device-model',
        pushTopics: [],
        dataTopic: '$ke/events/+/device/customized/update',
      },
    ],
  },
  {
    number: 8,
    models: [
      {name: 'random-01', properties: random(1000)},
      {name: 'random-02', properties: random(100)},
    ],
    instances: [
      {id: 'integer-generator-01', name: 'random', model: 'random-01', pushTopics: []},
      {id: 'integer-generator-02', name: 'random', model: 'random-02', pushTopics: []},
    ],
  },
];

describe('sample model files', () => {
  it.each(cases)('sample $number says exactly this', ({number, models, instances}) => {
    const {name, text} = sample(number);
    expect(readModelText(text, name, readKubeedgeVersion(undefined))).toEqual({models, instances, warnings: []});
  });

  it.each([
    'v1alpha1',
    'v1alpha2',
    'v1beta1',
    'profile',
    '1.3',
    '1.17.0',
  ])('what a file says of itself wins over kubeedgeVersion %s', version => {
    for (const {number, models, instances} of cases) {
      const {name, text} = sample(number);
      expect(readModelText(text, name, readKubeedgeVersion(version))).toEqual({models, instances, warnings: []});
    }
  });

  it('all of them load as one directory', async () => {
    const files = Object.fromEntries(cases.map(({number}) => [`models/${sample(number).name}`, sample(number).text]));
    const {typing} = await openModels({...files, 'models/README.md': 'no model'}, {kubeedgeModelFile: 'models'});
    expect(typing.report()).toMatchObject({fault: undefined, warnings: []});
    expect(
      typing
        .schema('$hw/events/device/+/twin/update')
        .columns.map(({name, type}) => `${name} ${type.kind}`)
        .sort(),
    ).toEqual([
      'humidity int',
      'io-config int',
      'io-config-initialize int',
      'io-data int',
      'io-data-initialize int',
      'random-float float',
      'random-int int',
      'switcher boolean',
      'temperature float',
      'temperature-enable string',
      'temperature-switch int',
    ]);
  });
});
