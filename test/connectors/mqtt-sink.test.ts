import {createServer} from 'node:net';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {ConnectorError} from '#engine/base/errors.ts';
import {PartialDelivery} from '#engine/connectors/connector.ts';
import {type Broker, hasMosquitto, startBroker} from '#test/support/broker.ts';
import {connectorEnvironment, createSink, openSink, openSource, type RecordedSink, sinkMessage} from '#test/support/connectors.ts';
import {connectPeer, type MqttPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';

let broker: Broker;
let peer: MqttPeer;

beforeAll(async () => {
  broker = await startBroker();
  peer = await connectPeer(broker.url, {protocolVersion: 5});
  await peer.subscribe('out/#', 2);
});
afterAll(async () => {
  await peer.close();
  await broker.stop();
});

async function sinkTo(topic: string, properties: Record<string, unknown> = {}): Promise<RecordedSink> {
  const sink = openSink('mqtt', {server: broker.url, topic, ...properties});
  onTestFinished(() => sink.sink.close());
  await sink.ready();
  return sink;
}

async function arrivedAt(topic: string, count: number) {
  const mine = () => peer.received.filter(message => message.topic.startsWith(topic));
  await pollUntil(() => mine().length >= count, {what: () => `${mine().length} of ${count}`});
  return mine();
}

async function failureOf(result: () => void | Promise<void>): Promise<unknown> {
  try {
    await result();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('expected a failure');
}

describe.skipIf(!hasMosquitto)('the mqtt sink', () => {
  for (const protocolVersion of ['3.1', '3.1.1', '5']) {
    for (const qos of [0, 1, 2]) {
      it(`publishes in order, MQTT ${protocolVersion}, qos ${qos}`, async () => {
        const topic = `out/${protocolVersion}/${qos}`;
        const {sink} = await sinkTo(topic, {protocolVersion, qos});
        const texts = Array.from({length: 1000}, (_, i) => `message ${i} ${'é'.repeat(i % 200)}`);
        await sink.write(texts.map(text => sinkMessage(text)));
        const received = await arrivedAt(topic, 1000);
        expect(received.map(({text}) => text)).toEqual(texts);
        expect(received.every(message => message.qos === qos)).toBe(true);
      });
    }
  }

  it('publishes bytes, and an empty message', async () => {
    const {sink} = await sinkTo('out/bytes');
    await sink.write([{payload: new Uint8Array([0x68, 0x69]), data: {}}, sinkMessage('')]);
    expect((await arrivedAt('out/bytes', 2)).map(({text}) => text)).toEqual(['hi', '']);
  });

  it('leaves retained messages with the broker', async () => {
    const {sink} = await sinkTo('out/kept', {retained: true, qos: 1});
    await sink.write([sinkMessage('last')]);
    const late = await connectPeer(broker.url);
    onTestFinished(() => late.close());
    await late.subscribe('out/kept');
    await late.receives(1);
    expect(late.received[0]).toMatchObject({text: 'last', retain: true});
  });

  it('sends user properties under MQTT 5', async () => {
    const {sink} = await sinkTo('out/props', {protocolVersion: 5, properties: {site: 'north', n: 7}});
    await sink.write([sinkMessage('x')]);
    expect((await arrivedAt('out/props', 1))[0]!.userProperties).toEqual({site: 'north', n: '7'});
  });

  it('shares the connection of a source with the same settings', async () => {
    const environment = connectorEnvironment({clock: {...connectorEnvironment().clock}});
    const clientid = 'one-client';
    const source = openSource('mqtt', 'back/x', {server: broker.url, clientid}, {environment});
    const sink = openSink('mqtt', {server: broker.url, clientid, topic: 'back/x'}, environment);
    onTestFinished(() => Promise.all([source.source.close(), sink.sink.close()]).then(() => {}));
    await Promise.all([source.ready(), sink.ready()]);
    await sink.sink.write([sinkMessage('x')]);
    await pollUntil(() => source.messages.length === 1);
    // Two connections of one client id would throw each other out.
    expect(source.statuses.filter(({state}) => state === -1)).toEqual([]);
  });

  it('says that a message may succeed later when the broker is away, and goes on when it is back', async () => {
    const own = await startBroker();
    onTestFinished(() => own.stop());
    const sink = openSink('mqtt', {server: own.url, topic: 'x', qos: 1});
    onTestFinished(() => sink.sink.close());
    const early = await failureOf(() => sink.sink.write([sinkMessage('1')]));
    expect(early).toMatchObject({retry: true, message: expect.stringContaining('not connected to tcp://127.0.0.1')});
    await sink.ready();
    await own.kill();
    await pollUntil(() => sink.status()?.state === -1);
    expect(await failureOf(() => sink.sink.write([sinkMessage('2')]))).toMatchObject({retry: true});
    await own.restart();
    await sink.ready();
    await sink.sink.write([sinkMessage('3')]);
  });

  it('tells how many messages arrived when the connection is lost on the way', async () => {
    // Acknowledges the first three messages, then hangs up.
    const server = createServer(socket => {
      let publishes = 0;
      socket.on('error', () => {});
      socket.on('data', chunk => {
        for (let at = 0; at < chunk.length; at += 2 + chunk[at + 1]!) {
          const type = chunk[at]! >> 4;
          if (type === 1) socket.write(Buffer.from([0x20, 2, 0, 0]));
          if (type !== 3) continue;
          const idAt = at + 4 + chunk.readUInt16BE(at + 2);
          if (++publishes <= 3) socket.write(Buffer.from([0x40, 2, chunk[idAt]!, chunk[idAt + 1]!]));
          else socket.destroy();
        }
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await pollUntil(() => server.address() !== null);
    const sink = openSink('mqtt', {server: `tcp://127.0.0.1:${(server.address() as {port: number}).port}`, topic: 'x', qos: 1});
    onTestFinished(() => sink.sink.close());
    await sink.ready();
    const failure = await failureOf(() => sink.sink.write(Array.from({length: 10}, (_, i) => sinkMessage(String(i)))));
    expect(failure).toBeInstanceOf(PartialDelivery);
    expect(failure).toMatchObject({delivered: 3, cause: {retry: true}});
  });

  it('waits for a broker that does not read instead of filling memory', async () => {
    const server = createServer(socket => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 2, 0, 0]));
        socket.pause();
      });
      socket.on('error', () => {});
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await pollUntil(() => server.address() !== null);
    const sink = openSink('mqtt', {server: `tcp://127.0.0.1:${(server.address() as {port: number}).port}`, topic: 'x', qos: 0});
    await sink.ready();
    const large = sinkMessage('x'.repeat(1_000_000));
    let waiting: Promise<void> | undefined;
    for (let i = 0; i < 50 && waiting === undefined; i++) waiting = sink.sink.write([large]) ?? undefined;
    expect(waiting).toBeInstanceOf(Promise);
    const failure = failureOf(() => waiting!);
    await sink.sink.close();
    expect(await failure).toBeInstanceOf(ConnectorError);
  });

  const refused = [
    {properties: {topic: 'x'}, error: 'mqtt sink is missing property server'},
    {properties: {server: 'tcp://x'}, error: 'mqtt sink is missing property topic'},
    {properties: {server: 'tcp://x', topic: 'a/+'}, error: "mqtt sink topic shouldn't contain # or +"},
    {properties: {server: 'tcp://x', topic: 5}, error: 'topic: expected a string, got 5'},
    {properties: {server: 'tcp://x', topic: 'x', qos: 7}, error: 'qos: expected one of 0, 1, 2, got 7'},
    {properties: {server: 'tcp://x', topic: 'x', properties: {a: 'b'}}, error: 'properties need protocolVersion 5'},
  ];
  for (const {properties, error} of refused) it(`is refused: ${error}`, () => expect(() => createSink('mqtt', properties)).toThrow(error));
});
