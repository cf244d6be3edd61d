import {describe, expect, it} from 'vitest';
import {openModels, send} from '#test/support/device-models.ts';

const device = (name: string, topics: Readonly<Record<string, string>>, namespace = 'plant') => ({
  kind: 'Device',
  metadata: {name, namespace},
  spec: {
    deviceModelRef: {name: 'm'},
    properties: Object.entries(topics).map(([property, topic]) => ({name: property, pushMethod: {mqtt: {topic}}})),
  },
});
const model = {
  kind: 'DeviceModel',
  metadata: {name: 'm'},
  spec: {
    properties: [
      {name: 'temperature', type: 'FLOAT'},
      {name: 'on', type: 'BOOLEAN'},
      {name: 'note', type: 'STRING'},
    ],
  },
};
const open = (devices: readonly object[], settings: object = {}) =>
  openModels({'m.json': JSON.stringify({kind: 'List', items: [model, ...devices]})}, {...settings});

describe('a text line of mapper-framework', () => {
  const devices = [device('lamp', {temperature: 'current temperature', on: 'lamp/on', note: 'odd: topic'})];
  const at = new Date(2026, 7, 6, 14, 58, 26).getTime();

  it('is one typed column of the device that pushes to its topic', async () => {
    const {typing} = await open(devices);
    const {rows, metadata} = send(typing, 'current temperature', 'time is 2026-08-06 14:58:26  current temperature: 25.5');
    expect(rows).toEqual([{temperature: 25.5}]);
    expect(metadata).toEqual({topic: 'current temperature', device: 'lamp', namespace: 'plant', timestamp: at});
  });

  it('may come over a bridge that renames topics', async () => {
    const {typing} = await open(devices);
    expect(send(typing, 'site7/lamp/on', 'time is 2026-08-06 14:58:26  lamp/on: true').rows).toEqual([{on: true}]);
  });

  it('may have colons in topic and value, and line breaks in the value', async () => {
    const {typing} = await open(devices);
    expect(send(typing, 'bridge', 'time is 2026-08-06 14:58:26  odd: topic: a: b\nc').rows).toEqual([{note: 'a: b\nc'}]);
    expect(send(typing, 'odd: topic', 'time is 2026-08-06 14:58:26  odd: topic: ').rows).toEqual([{note: ''}]);
  });

  it('is dropped and counted when no device pushes to its topic', async () => {
    const {typing, log} = await open(devices);
    for (let i = 0; i < 2; i++) expect(send(typing, 'other', 'time is 2026-08-06 14:58:26  other: 25.5').rows).toEqual([]);
    expect(typing.report().unresolvedLines).toBe(2);
    expect(log.filter(entry => entry.level === 'warn')).toHaveLength(1);
  });

  it('is dropped when two devices push to one topic', async () => {
    const {typing} = await open([device('a', {temperature: 't'}), device('b', {temperature: 't'})]);
    expect(send(typing, 't', 'time is 2026-08-06 14:58:26  t: 25.5').rows).toEqual([]);
    expect(typing.report().unresolvedLines).toBe(1);
  });

  it('is dropped when its property is in no model', async () => {
    const {typing} = await open([device('a', {pressure: 't'})]);
    expect(send(typing, 't', 'time is 2026-08-06 14:58:26  t: 25.5').rows).toEqual([]);
  });

  it('follows onBadValue', async () => {
    const line = 'time is 2026-08-06 14:58:26  lamp/on: maybe';
    expect(send((await open(devices)).typing, 'lamp/on', line).rows).toEqual([{}]);
    expect(send((await open(devices, {onBadValue: 'null'})).typing, 'lamp/on', line).rows).toEqual([{on: null}]);
    const {typing} = await open(devices, {onBadValue: 'error'});
    expect(() => send(typing, 'lamp/on', line)).toThrow('device "plant/lamp": property "on": expected true or false, got "maybe"');
  });

  it('gives its topic’s filter the column', async () => {
    const {typing} = await open(devices);
    expect(typing.schema('lamp/on').columns.map(column => column.name)).toEqual(['on']);
    expect(typing.schema('lamp/+').columns.map(column => column.name)).toEqual(['on']);
  });

  it.each([
    'time is up',
    'time is 2026-08-06',
    'tx',
    '"time is 2026-08-06 14:58:26  lamp/on: true"',
  ])('is not %s: that goes to the decoder', async text => {
    const {typing} = await open(devices);
    const decoded = [{self: 1}];
    expect(typing.rows(new TextEncoder().encode(text), 'lamp/on', {}, () => decoded)).toEqual(decoded);
  });

  it('stands beside JSON on the same topic', async () => {
    const {typing} = await open(devices);
    expect(send(typing, 'lamp/on', {on: 'false'})).toMatchObject({row: {on: false}, metadata: {device: 'lamp'}});
  });
});
