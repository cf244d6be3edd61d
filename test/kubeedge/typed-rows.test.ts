import {describe, expect, it} from 'vitest';
import type {Row} from '#engine/values/value.ts';
import {layouts, messageShapes, sampleDevices, stamp, textsOf, typedOf} from '#test/support/device-messages.ts';
import {openModels, sample, send} from '#test/support/device-models.ts';

describe.each(sampleDevices)('device $name', ({name: device, files, readings}) => {
  const texts = textsOf(readings);
  const typed = typedOf(readings);
  const models = () => openModels(Object.fromEntries(files.map(number => [sample(number).name, sample(number).text])));

  describe.each(layouts)('on topics with $name', ({head, namespace}) => {
    it.each(messageShapes)('gives typed columns beside a $name message', async ({suffix, message, kept}) => {
      const {typing} = await models();
      const sent = message(texts);
      for (const root of ['$hw', '$ke']) {
        const {row, rows, metadata} = send(typing, `${head(root, device)}/${suffix}`, sent);
        expect(rows).toHaveLength(1);
        const envelope: Row = 'event_id' in sent ? stamp : {};
        expect(row).toEqual({...envelope, ...Object.fromEntries(kept.map(member => [member, sent[member]])), ...typed});
        expect(metadata).toMatchObject({device, ...('event_id' in sent ? stamp : {})});
        if (namespace !== undefined) expect(metadata['namespace']).toBe(namespace);
      }
      expect(typing.report()).toMatchObject({badValues: [], unknownDevices: 0, unknownProperties: 0});
    });
  });
});

describe('metadata', () => {
  const topic = '$hw/events/device/lamp/twin/update/delta';
  const models = () => openModels({[sample(2).name]: sample(2).text, [sample(3).name]: sample(3).text});

  it('holds what the cloud expects, ints as in any object', async () => {
    const {typing} = await models();
    const {metadata} = send(typing, topic, {
      event_id: 'x',
      timestamp: 5,
      twin: {
        temperature: {expected: {value: '21'}, actual: {value: '20'}},
        switcher: {expected: {value: 'false'}},
        other: {expected: {value: 'as is'}},
      },
    });
    expect(metadata).toEqual({
      topic,
      device: 'lamp',
      event_id: 'x',
      timestamp: 5,
      expected: {temperature: 21n, switcher: false, other: 'as is'},
    });
  });

  it('holds the expected value of the current twin in a document', async () => {
    const {typing} = await models();
    const twin = {switcher: {last: {expected: {value: 'true'}}, current: {expected: {value: 'false'}, actual: {value: 'true'}}}};
    expect(send(typing, '$hw/events/device/lamp/twin/update/document', {twin}).metadata['expected']).toEqual({switcher: false});
  });

  it('keeps an expected value that does not fit as it came', async () => {
    const {typing} = await models();
    const {metadata} = send(typing, topic, {twin: {temperature: {expected: {value: 'warm'}, actual: {value: '20'}}}});
    expect(metadata['expected']).toEqual({temperature: 'warm'});
    expect(typing.report().badValues).toEqual([]);
  });

  it('names the instance where the topic calls it otherwise', async () => {
    const {typing} = await openModels({[sample(6).name]: sample(6).text});
    const {metadata} = send(typing, '$hw/events/device/Modbus-Mock-Instance-01/twin/update', {twin: {temperature: {actual: {value: '1'}}}});
    expect(metadata).toMatchObject({device: 'Modbus-Mock-Instance-01', instance: 'f81e1dce-8152-4f76-b673-d6728b46e395'});
  });

  it('is there for an unknown device too', async () => {
    const {typing} = await models();
    const sent = {event_id: 'y', timestamp: 7, twin: {a: {expected: {value: '1'}, actual: {value: '2'}}}};
    const {row, metadata} = send(typing, '$hw/events/device/ns1/nobody/twin/update', sent);
    expect(row).toEqual(sent);
    expect(metadata).toMatchObject({device: 'nobody', namespace: 'ns1', event_id: 'y', timestamp: 7, expected: {a: '1'}});
    expect(typing.report().unknownDevices).toBe(1);
  });
});

describe('a nested message', () => {
  const files = {[sample(2).name]: sample(2).text, [sample(3).name]: sample(3).text};
  const topic = '$hw/events/device/lamp/twin/update';
  const sent = {event_id: '', timestamp: 1, twin: {temperature: {actual: {value: '25'}}, colour: {actual: {value: 'red'}}}};

  it('stays readable by its original members', async () => {
    const {typing} = await openModels(files);
    expect(send(typing, topic, sent).row).toEqual({...sent, temperature: 25});
    expect(typing.report().unknownProperties).toBe(1);
  });

  it('hides its envelope from a star', async () => {
    const {typing} = await openModels(files);
    expect(typing.hiddenColumns()).toEqual(['twin', 'data', 'delta', 'event_id', 'timestamp']);
  });

  it('stays as it came with kubeedgeFlatten: false, and flat ones are typed still', async () => {
    const {typing} = await openModels(files, {kubeedgeFlatten: false});
    expect(send(typing, topic, sent).row).toEqual(sent);
    expect(send(typing, topic, {temperature: '25', colour: 'red'}).row).toEqual({temperature: 25, colour: 'red'});
    expect(typing.hiddenColumns()).toEqual([]);
  });

  it('shows what is expected with kubeedgeExpected', async () => {
    const {typing} = await openModels(files, {kubeedgeExpected: true});
    const twin = {temperature: {expected: {value: '30'}, actual: {value: '25'}}, switcher: {actual: {value: 'true'}}};
    expect(send(typing, topic, {twin}).row).toEqual({twin, temperature: 30});
  });

  it.each([
    ['a deleted property', {twin: {temperature: null}}],
    ['a deleted property in a document', {twin: {temperature: {last: {actual: {value: '1'}}, current: null}}}],
    ['a twin without actual', {twin: {temperature: {expected: {value: '1'}}}}],
    ['an actual without value', {twin: {temperature: {actual: {metadata: {}}}}}],
    ['an error result', {event_id: '123', timestamp: 1, code: 404, reason: 'update rejected due to the device is not existed'}],
    ['a state', {event_id: '', timestamp: 1, state: 'online', attributes: null}],
    ['an empty object', {}],
  ])('gives no column for %s, and counts nothing', async (_, message) => {
    const {typing} = await openModels(files);
    expect(send(typing, topic, message).row).toEqual(message);
    expect(typing.report()).toMatchObject({badValues: [], unknownProperties: 0});
  });

  it('leaves the decoded rows alone', async () => {
    const {typing} = await openModels(files);
    const row = JSON.parse(JSON.stringify(sent), (_, value: unknown) => (typeof value === 'object' ? Object.freeze(value) : value)) as Row;
    expect(typing.rows(new Uint8Array(), topic, {}, () => [row])).toEqual([{...sent, temperature: 25}]);
  });

  it('may be one of several in an array', async () => {
    const {typing} = await openModels(files);
    const {rows} = send(typing, topic, [{temperature: '1'}, {temperature: 2.9}]);
    expect(rows).toEqual([{temperature: 1}, {temperature: 2}]);
  });

  it('keeps twin and data for itself when a property has their name, and gives up the envelope of the others', async () => {
    const text = JSON.stringify({
      deviceModels: [{name: 'd', properties: ['twin', 'timestamp', 'event_id'].map(name => ({name, dataType: 'int'}))}],
    });
    const {typing} = await openModels({'m.json': text});
    const twin = {twin: {actual: {value: '1'}}, timestamp: {actual: {value: '2'}}};
    expect(send(typing, '$hw/events/device/d/twin/update', {event_id: 'e', timestamp: 9, twin})).toMatchObject({
      row: {twin, timestamp: 2},
      metadata: {event_id: 'e', timestamp: 9},
    });
    expect(send(typing, '$hw/events/device/d/twin/update', {event_id: 'e', timestamp: 9, twin}).row).not.toHaveProperty('event_id');
    expect(typing.hiddenColumns()).toEqual(['data', 'delta']);
    expect(send(typing, '$hw/events/device/d/twin/update', {twin: '5', timestamp: '6'}).row).toEqual({twin: 5, timestamp: 6});
  });
});

describe('a flat message', () => {
  it('matches names in any case and names the column as the model does', async () => {
    const {typing} = await openModels({[sample(7).name]: sample(7).text});
    expect(send(typing, '$ke/events/device/XIAOMI-Device/data/update', {Humidity: '7', other: '8'}).row).toEqual({humidity: 7, other: '8'});
  });

  it('keeps a second spelling as it came', async () => {
    const {typing} = await openModels({[sample(7).name]: sample(7).text});
    expect(send(typing, '$ke/events/device/xiaomi-device/data/update', {Humidity: '7', humidity: '8'}).row).toEqual({
      Humidity: '7',
      humidity: 8,
    });
  });
});
