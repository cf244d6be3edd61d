import {connectAsync, type MqttClient} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type Broker, startBroker} from '#test/support/broker.ts';
import {layouts, messageShapes, sampleDevices, textsOf, typedOf} from '#test/support/device-messages.ts';
import {sample} from '#test/support/device-models.ts';
import {pollUntil} from '#test/support/poll.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';

/** Model files that travel together, by the conf key that names them. */
const groups = [...new Map(sampleDevices.map(device => [device.files.join('-'), device.files])).entries()];

let broker: Broker;
let engine: RunningEngine;
let client: MqttClient;
const received = new Map<string, unknown[]>();

beforeAll(async () => {
  broker = await startBroker();
  const confKeys = groups.map(
    ([key, files]) =>
      `samples${key}:\n  server: ${broker.url}\n  kubeedgeModelFile: ${JSON.stringify(files.map(number => `samples/${sample(number).name}`))}\n`,
  );
  engine = await startEngine({
    broker: broker.url,
    files: {
      'mqtt_source.yaml': `default:\n  server: ${broker.url}\n${confKeys.join('')}`,
      ...Object.fromEntries(
        [...new Set(groups.flatMap(([, files]) => files))].map(number => [`sources/samples/${sample(number).name}`, sample(number).text]),
      ),
    },
  });
  client = await connectAsync(broker.url);
  client.on('message', (topic, payload) => {
    const messages = received.get(topic) ?? [];
    received.set(topic, messages);
    messages.push(JSON.parse(String(payload)));
  });
  await client.subscribeAsync('typed/#', {qos: 1});
  const filters = [
    'data/update',
    'customized/update',
    'twin/update',
    'twin/update/result',
    'twin/get/result',
    'twin/update/document',
    'twin/update/delta',
  ];
  const datasource = ['$hw', '$ke'].flatMap(root => filters.map(suffix => `${root}/events/device/+/${suffix}`)).join(',');
  for (const [key] of groups) {
    const name = `samples_${key.replaceAll('-', '_')}`;
    await engine.ask('POST', '/streams', {
      sql: `CREATE STREAM ${name} () WITH (DATASOURCE="${datasource}", FORMAT="JSON", CONF_KEY="samples${key}")`,
    });
    await engine.ask('POST', '/rules', {
      id: name,
      sql: `SELECT *, meta(device) AS device_name, meta(topic) AS sent_to FROM ${name}`,
      actions: [{mqtt: {server: broker.url, topic: `typed/${key}`, sendSingle: true, qos: 1}}],
    });
    await pollUntil(
      async () =>
        ((await engine.ask('GET', `/rules/${name}/status`)) as Record<string, unknown>)[`source_${name}_0_connection_status`] === 1,
    );
  }
});
afterAll(async () => {
  await client.endAsync();
  await engine.stop();
  await broker.stop();
});

describe('every sample model over a real broker', () => {
  describe.each(sampleDevices)('device $name', ({name: device, files, readings}) => {
    it.each(layouts)('gives typed rows for every message shape on topics with $name', async ({head}) => {
      const key = files.join('-');
      const expected: unknown[] = [];
      received.set(`typed/${key}`, []);
      for (const root of ['$hw', '$ke']) {
        for (const {suffix, message} of messageShapes) {
          const topic = `${head(root, device)}/${suffix}`;
          await client.publishAsync(topic, JSON.stringify(message(textsOf(readings))), {qos: 1});
          // Through JSON: an int beyond 2^53 arrives with all its digits and is read as a double here.
          expected.push({
            ...(JSON.parse(
              JSON.stringify(typedOf(readings), (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
            ) as object),
            device_name: device,
            sent_to: topic,
          });
        }
      }
      await pollUntil(() => received.get(`typed/${key}`)!.length >= expected.length, {
        what: () => JSON.stringify(received.get(`typed/${key}`)),
      });
      expect(received.get(`typed/${key}`)).toEqual(expected);
    });
  });

  it('is described by the stream: types, units, access modes', async () => {
    expect(await engine.ask('GET', '/streams/samples_4_5/schema')).toMatchObject({temperature: {type: 'float'}});
  });

  it('keeps old SQL over the nested message working beside the typed columns', async () => {
    await engine.ask('POST', '/rules', {
      id: 'old',
      sql: 'SELECT twin->temperature->actual->value AS text, temperature FROM samples_2_3',
      actions: [{mqtt: {server: broker.url, topic: 'typed/old', sendSingle: true, qos: 1}}],
    });
    await client.publishAsync(
      '$hw/events/device/lamp/twin/update',
      '{"event_id":"","timestamp":1,"twin":{"temperature":{"actual":{"value":"21"}}}}',
      {qos: 1},
    );
    await pollUntil(() => received.get('typed/old')?.length);
    expect(received.get('typed/old')).toEqual([{text: '21', temperature: 21}]);
  });

  it('counts a value that does not fit and shows it in the status of the rule', async () => {
    await client.publishAsync(
      '$hw/events/device/lamp/twin/update',
      '{"event_id":"","timestamp":1,"twin":{"temperature":{"actual":{"value":"warm"}}}}',
      {qos: 1},
    );
    const status = await pollUntil(async () => {
      const members = (await engine.ask('GET', '/rules/samples_2_3/status')) as Record<string, {badValues?: unknown[]}>;
      return members['source_samples_2_3_devices']?.badValues?.length ? members : undefined;
    });
    expect(status!['source_samples_2_3_devices']!.badValues).toEqual([
      expect.objectContaining({device: 'lamp', property: 'temperature', count: 1}),
    ]);
  });
});
