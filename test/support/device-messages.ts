import type {Value} from '#engine/values/value.ts';

/** Readings as a mapper sends them (texts, whatever the type) and as SQL sees them. */
export interface SampleDevice {
  readonly name: string;
  readonly files: readonly number[];
  readonly readings: Readonly<Record<string, readonly [text: string, typed: Value]>>;
}

export const sampleDevices: readonly SampleDevice[] = [
  {
    name: 'cc2650-sensortag',
    files: [1],
    readings: {
      temperature: ['25', 25],
      'temperature-enable': ['ON', 'ON'],
      'io-config': ['-1', -1],
      'io-data': ['9007199254740993', 9007199254740993n],
    },
  },
  {name: 'lamp', files: [2, 3], readings: {temperature: ['0', 0], switcher: ['true', true]}},
  {name: 'temperature-instance', files: [4, 5], readings: {temperature: ['25.5', 25.5], 'temperature-switch': ['1', 1]}},
  {name: 'f81e1dce-8152-4f76-b673-d6728b46e395', files: [6], readings: {temperature: ['100', 100]}},
  {name: 'modbus-mock-instance-01', files: [6], readings: {temperature: ['7', 7]}},
  {name: 'xiaomi-device', files: [7], readings: {humidity: ['41', 41]}},
  {name: 'integer-generator-01', files: [8], readings: {'random-int': ['30', 30], 'random-float': ['30', 30]}},
  {name: 'integer-generator-02', files: [8], readings: {'random-int': ['50', 50], 'random-float': ['0.125', 0.125]}},
];

export type Readings = SampleDevice['readings'];

export const textsOf = (readings: Readings): Texts => Object.fromEntries(Object.entries(readings).map(([name, [text]]) => [name, text]));
export const typedOf = (readings: Readings): Record<string, Value> =>
  Object.fromEntries(Object.entries(readings).map(([name, [, value]]) => [name, value]));

export type Texts = Readonly<Record<string, string>>;
const mapped = (texts: Texts, entry: (text: string) => unknown) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, entry(text)]));
/** Envelope members of a message. */
export const stamp = {event_id: 'e-1', timestamp: 1597213444123};

export interface MessageShape {
  readonly name: string;
  readonly suffix: string;
  readonly message: (texts: Texts) => Record<string, unknown>;
  /** Members that stay beside the typed columns. */
  readonly kept: readonly string[];
}

/** The messages of KubeEdge that carry properties. */
export const messageShapes: readonly MessageShape[] = [
  {name: 'flat', suffix: 'data/update', message: texts => ({...texts}), kept: []},
  {
    name: 'data',
    suffix: 'data/update',
    message: texts => ({...stamp, data: mapped(texts, value => ({value, metadata: {timestamp: 1597213444, type: 'string'}}))}),
    kept: ['data'],
  },
  {
    name: 'customized data',
    suffix: 'customized/update',
    message: texts => ({...stamp, data: mapped(texts, value => ({value}))}),
    kept: ['data'],
  },
  {
    name: 'twin',
    suffix: 'twin/update',
    message: texts => ({...stamp, twin: mapped(texts, value => ({actual: {value, metadata: {}}, metadata: {type: 'Updated'}}))}),
    kept: ['twin'],
  },
  {
    name: 'result',
    suffix: 'twin/update/result',
    message: texts => ({
      ...stamp,
      twin: mapped(texts, value => ({actual: {value, metadata: {timestamp: 1597213444129}}, optional: true, metadata: {type: 'string'}})),
    }),
    kept: ['twin'],
  },
  {
    name: 'get result',
    suffix: 'twin/get/result',
    message: texts => ({
      ...stamp,
      twin: mapped(texts, value => ({expected: {value}, actual: {value}, optional: false, metadata: {type: 'string'}})),
    }),
    kept: ['twin'],
  },
  {
    name: 'document',
    suffix: 'twin/update/document',
    message: texts => ({
      ...stamp,
      twin: mapped(texts, value => ({last: null, current: {actual: {value}, optional: true, metadata: {type: 'string'}}})),
    }),
    kept: ['twin'],
  },
  {
    name: 'delta',
    suffix: 'twin/update/delta',
    message: texts => ({
      ...stamp,
      twin: mapped(texts, value => ({expected: {value: '1'}, actual: {value}, optional: false})),
      delta: mapped(texts, () => '1'),
    }),
    kept: ['twin', 'delta'],
  },
];

/** Device topics until KubeEdge 1.16.1 and since. */
export const layouts = [
  {name: 'the device', head: (root: string, device: string) => `${root}/events/device/${device}`, namespace: undefined},
  {name: 'namespace and device', head: (root: string, device: string) => `${root}/events/device/default/${device}`, namespace: 'default'},
];
