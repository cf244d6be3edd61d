import {describe, expect, it} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {kuiperModel, openModels, send} from '#test/support/device-models.ts';

const files = {'m.json': kuiperModel('d', {count: 'int', name: 'string', on: 'boolean'})};
const topic = '$hw/events/device/d/twin/update';
const twin = {count: {actual: {value: '25.7'}}, on: {actual: {value: 'true'}}};

describe('a value that does not fit', () => {
  it.each([
    ['leaves its column out by default', {}, {on: true}],
    ['leaves its column out with drop', {onBadValue: 'drop'}, {on: true}],
    ['makes its column null with null', {onBadValue: 'null'}, {count: null, on: true}],
  ])('%s', async (_, settings, columns) => {
    const {typing} = await openModels(files, settings);
    expect(send(typing, topic, {twin}).row).toEqual({twin, ...columns});
    expect(send(typing, topic, {count: '25.7', on: true, more: 'x'}).row).toEqual({...columns, more: 'x'});
  });

  it('costs the whole message with error', async () => {
    const {typing} = await openModels(files, {onBadValue: 'error'});
    const refused = 'device "d": property "count": expected a whole number, got "25.7"';
    expect(() => send(typing, topic, {twin})).toThrow(new EvaluationError(refused));
    expect(() => send(typing, topic, [{count: 1}, {count: '25.7'}])).toThrow(EvaluationError);
    expect(typing.report().badValues).toMatchObject([{device: 'd', property: 'count', count: 2}]);
  });

  it('is counted by device, property and reason, and logged once for each', async () => {
    const {typing, log} = await openModels(files);
    for (const count of ['25.7', 'x', '9'.repeat(30), {}]) send(typing, topic, {count});
    for (let i = 0; i < 10; i++) send(typing, topic, {on: 'maybe', name: true});
    expect(typing.report().badValues).toEqual([
      {device: 'd', property: 'count', reason: 'expected a whole number', count: 3, last: 'an object'},
      {device: 'd', property: 'count', reason: 'expected a whole number of at most 64 bits', count: 1, last: '9'.repeat(30)},
      {device: 'd', property: 'on', reason: 'expected true or false', count: 10, last: 'maybe'},
      {device: 'd', property: 'name', reason: 'expected a text', count: 10, last: 'true'},
    ]);
    expect(log.filter(entry => entry.event === 'device value does not fit its model').map(entry => entry.fields)).toEqual([
      {device: 'd', property: 'count', reason: 'expected a whole number', value: '25.7'},
      {device: 'd', property: 'count', reason: 'expected a whole number of at most 64 bits', value: '9'.repeat(30)},
      {device: 'd', property: 'on', reason: 'expected true or false', value: 'maybe'},
      {device: 'd', property: 'name', reason: 'expected a text', value: 'true'},
    ]);
  });

  it('is reported short and on one line', async () => {
    const {typing} = await openModels(files);
    send(typing, topic, {count: `line\n${'x'.repeat(1000)}`});
    expect(typing.report().badValues[0]!.last).toBe(`line ${'x'.repeat(75)}…`);
  });
});

describe('null', () => {
  it('is no value: no column, and nothing is counted', async () => {
    const {typing} = await openModels(files);
    expect(send(typing, topic, {count: null, on: null}).row).toEqual({});
    expect(typing.report().badValues).toEqual([]);
  });

  it('stays null with null, and is no error with error', async () => {
    const asNull = await openModels(files, {onBadValue: 'null'});
    expect(send(asNull.typing, topic, {count: null}).row).toEqual({count: null});
    const asError = await openModels(files, {onBadValue: 'error'});
    expect(send(asError.typing, topic, {count: null}).row).toEqual({});
  });
});

describe('the range of a model', () => {
  const ranged = {'m.json': kuiperModel('d', {v: 'float'}, {minimum: 0, maximum: 100})};

  it('does not matter by default', async () => {
    const {typing} = await openModels(ranged);
    expect(send(typing, topic, {v: '100.5'}).row).toEqual({v: 100.5});
  });

  it('is checked with kubeedgeCheckRange', async () => {
    const {typing} = await openModels(ranged, {kubeedgeCheckRange: true, onBadValue: 'null'});
    expect(['0', '100', '100.5', '-0.1'].map(v => send(typing, topic, {v}).row['v'])).toEqual([0, 100, null, null]);
    expect(typing.report().badValues).toEqual([
      {device: 'd', property: 'v', reason: 'expected a number from 0 to 100', count: 2, last: '-0.1'},
    ]);
  });

  it('of equal zeros is none', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'}, {minimum: 0, maximum: 0})}, {kubeedgeCheckRange: true});
    expect(send(typing, topic, {v: '7'}).row).toEqual({v: 7});
  });
});

describe('what no model knows', () => {
  it('passes as it is and is counted, logged once for each name', async () => {
    const {typing, log} = await openModels(files);
    for (let i = 0; i < 3; i++) {
      send(typing, topic, {twin: {colour: {actual: {value: 'red'}}}});
      send(typing, '$hw/events/device/stranger/twin/update', {v: '1'});
    }
    expect(typing.report()).toMatchObject({unknownDevices: 3, unknownProperties: 3});
    expect(log.filter(entry => entry.level === 'warn').map(entry => entry.event)).toEqual([
      'property is not in the device model',
      'device is in no model file',
    ]);
  });
});
