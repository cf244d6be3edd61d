import {afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import type {ConnectorEnvironment} from '#engine/connectors/connector.ts';
import {type Broker, hasMosquitto, startBroker} from '#test/support/broker.ts';
import {
  connectorEnvironment,
  openSink,
  openSource,
  type RecordedSource,
  type SourceOptions,
  sinkMessage,
} from '#test/support/connectors.ts';
import {connectPeer, type MqttPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';

let broker: Broker;
let peer: MqttPeer;
let environment: ConnectorEnvironment;
const open: RecordedSource[] = [];

beforeAll(async () => {
  broker = await startBroker();
  peer = await connectPeer(broker.url);
});
afterAll(async () => {
  await peer.close();
  await broker.stop();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({source}) => source.close()));
});

function subscribe(filters: string, properties: Record<string, unknown> = {}, options: SourceOptions = {}): RecordedSource {
  environment ??= connectorEnvironment();
  const recorded = openSource('mqtt', filters, {server: broker.url, ...properties}, {environment, ...options});
  open.push(recorded);
  return recorded;
}

async function receives(source: RecordedSource, count: number): Promise<void> {
  await pollUntil(() => source.messages.length >= count, {what: () => `${source.messages.length} messages: ${source.texts().slice(-3)}`});
}

/** Whatever was published before has arrived everywhere when this marker has. */
async function settled(source: RecordedSource, topic: string): Promise<string[]> {
  await peer.publish(topic, 'marker', {qos: 1});
  await pollUntil(() => source.texts().includes('marker'));
  return source.texts().filter(text => text !== 'marker');
}

describe.skipIf(!hasMosquitto)('the mqtt source', () => {
  for (const protocolVersion of ['3.1', '3.1.1', 5]) {
    for (const qos of [0, 1, 2] as const) {
      it(`receives messages with their metadata, MQTT ${protocolVersion}, qos ${qos}`, async () => {
        const topic = `meta/${protocolVersion}/${qos}`;
        const source = subscribe(topic, {protocolVersion, qos});
        await source.ready();
        await peer.publish(topic, '{"a":1}', {qos});
        await peer.publish(topic, '', {qos});
        await receives(source, 2);
        expect(source.texts()).toEqual(['{"a":1}', '']);
        expect(source.messages[0]!.metadata).toEqual({topic, qos, messageId: qos === 0 ? 0 : expect.any(Number)});
      });
    }
  }

  it('says connecting, subscribing and connected in turn', async () => {
    const source = subscribe('status/x', {clientid: 'status-test'});
    await source.ready();
    expect(source.statuses).toEqual([
      {state: 0, message: 'connecting'},
      {state: 0, message: 'subscribing'},
      {state: 1, message: ''},
    ]);
  });

  it('tells the properties of MQTT 5', async () => {
    const source = subscribe('v5/x', {protocolVersion: 5, qos: 1});
    await source.ready();
    const sender = await connectPeer(broker.url, {protocolVersion: 5});
    await sender.publish('v5/x', 'text', {
      qos: 1,
      properties: {
        contentType: 'text/plain',
        responseTopic: 'v5/answer',
        correlationData: Buffer.from('c'),
        userProperties: {site: 'north'},
      },
    });
    await sender.publish('v5/x', 'more', {qos: 0});
    await receives(source, 2);
    await sender.close();
    expect(source.messages[0]!.metadata).toMatchObject({
      topic: 'v5/x',
      contentType: 'text/plain',
      responseTopic: 'v5/answer',
      correlationData: Buffer.from('c'),
      properties: {site: 'north'},
    });
    expect(source.messages[1]!.metadata).toEqual({topic: 'v5/x', qos: 0, messageId: 0});
  });

  it('follows wildcards, several filters and topics that begin with $', async () => {
    const wild = subscribe('plant/+/temp, line/#');
    const dollar = subscribe('$hw/events/device/+/twin/update');
    const everything = subscribe('#');
    await Promise.all([wild.ready(), dollar.ready(), everything.ready()]);
    await peer.publish('plant/a/temp', '1');
    await peer.publish('plant/a/b/temp', 'not');
    await peer.publish('line', '2');
    await peer.publish('line/x/y', '3');
    await peer.publish('$hw/events/device/d1/twin/update', 'twin');
    expect(await settled(wild, 'line/end')).toEqual(['1', '2', '3']);
    await receives(dollar, 1);
    expect(dollar.texts()).toEqual(['twin']);
    expect(everything.texts().filter(text => text !== 'marker')).toEqual(['1', 'not', '2', '3']);
  });

  it('delivers a message once to a source whose filters overlap', async () => {
    const source = subscribe('over/+,over/#,over/a');
    await source.ready();
    await peer.publish('over/a', 'x');
    expect(await settled(source, 'over/b')).toEqual(['x']);
  });

  it('shares one connection and one subscription among sources of the same settings', async () => {
    const connections = subscribe('$SYS/broker/clients/connected', {clientid: 'observer'});
    const sources = Array.from({length: 5}, () => subscribe('shared/topic'));
    await Promise.all(sources.map(source => source.ready()));
    await peer.publish('shared/topic', 'x');
    for (const source of sources) expect(await settled(source, 'shared/topic')).toEqual(['x']);
    expect(new Set(sources.map(({messages}) => messages[0]!.metadata)).size).toBe(5);
    await Promise.all(sources.slice(1).map(({source}) => source.close()));
    await peer.publish('shared/topic', 'y');
    await pollUntil(() => sources[0]!.texts().includes('y'));
    expect(sources[1]!.texts()).not.toContain('y');
    expect(connections.errors).toEqual([]);
  });

  it('takes 8,000 filters on one connection in a second or two', async () => {
    const started = performance.now();
    const sources = Array.from({length: 8000}, (_, i) => subscribe(`many/${i}`, {qos: 0}));
    await Promise.all([sources[0]!.ready(), sources[7999]!.ready()]);
    await pollUntil(() => sources.every(source => source.status()?.state === 1), {withinMs: 15_000});
    expect(performance.now() - started).toBeLessThan(10_000);
    for (const i of [0, 4321, 7999]) await peer.publish(`many/${i}`, `to ${i}`);
    for (const i of [0, 4321, 7999]) {
      await receives(sources[i]!, 1);
      expect(sources[i]!.texts()).toEqual([`to ${i}`]);
    }
    expect(sources.reduce((sum, {messages}) => sum + messages.length, 0)).toBe(3);
  });

  it('shares messages out among the members of a group', async () => {
    // Two engines: each has connections of its own.
    const members = [0, 1].map(() =>
      subscribe('$share/workers/jobs/+', {qos: 1}, {environment: connectorEnvironment({clock: {...environment.clock}})}),
    );
    const ordinary = subscribe('jobs/#');
    await Promise.all([...members, ordinary].map(source => source.ready()));
    for (let i = 0; i < 40; i++) await peer.publish('jobs/x', String(i), {qos: 1});
    await receives(ordinary, 40);
    await pollUntil(() => members[0]!.messages.length + members[1]!.messages.length === 40);
    for (const member of members) expect(member.messages.length).toBeGreaterThan(5);
  });

  it('keeps a group apart from an ordinary subscription of the same settings', async () => {
    const group = subscribe('$share/g1/apart/x', {qos: 1});
    const ordinary = subscribe('apart/x', {qos: 1});
    await Promise.all([group.ready(), ordinary.ready()]);
    await peer.publish('apart/x', 'once', {qos: 1});
    expect(await settled(group, 'apart/x')).toEqual(['once']);
    expect(await settled(ordinary, 'apart/x')).toEqual(['once']);
  });

  it('ends with the message that marks the end', async () => {
    const source = subscribe('eof/x', {eofMessage: Buffer.from('bye').toString('base64')});
    await source.ready();
    for (const text of ['a', 'bye', 'b']) await peer.publish('eof/x', text);
    await pollUntil(() => source.ended);
    expect(source.texts()).toEqual(['a']);
  });

  it('carries large and many messages unharmed', async () => {
    const source = subscribe('size/#', {qos: 1});
    await source.ready();
    const texts = Array.from({length: 300}, (_, i) => `${i}:${'x'.repeat((i * 7919) % 9000)}`);
    texts.splice(150, 0, 'y'.repeat(3_000_000));
    await Promise.all(texts.map((text, i) => peer.publish(`size/${i % 7}`, text, {qos: 1})));
    await receives(source, texts.length);
    expect(source.texts()).toEqual(texts);
  });

  it('loses nothing and delays little while tens of thousands of messages pour in', async () => {
    const source = subscribe('flood/x', {qos: 0});
    const sink = openSink('mqtt', {server: broker.url, topic: 'flood/x', clientid: 'flooder'}, environment);
    onTestFinished(() => sink.sink.close());
    await Promise.all([source.ready(), sink.ready()]);
    const arrivals: number[] = [];
    source.messages.push = (...messages) => {
      for (const {payload} of messages) arrivals.push(performance.now() - Number(Buffer.from(payload).toString()));
      return 0;
    };
    for (let i = 0; i < 400; i++) {
      await sink.sink.write(Array.from({length: 50}, () => sinkMessage(String(performance.now()))));
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    await pollUntil(() => arrivals.length === 20_000);
    arrivals.sort((a, b) => a - b);
    expect(arrivals[10_000]).toBeLessThan(20);
    expect(source.deliveries.length).toBeLessThan(10_000);
  });

  const refused = [
    {filters: '', error: 'DATASOURCE names no MQTT topic'},
    {filters: 'a/#/b', error: '"#" must be the last level'},
    {filters: 'a/b+', error: '"+" must stand alone'},
    {filters: '$share/g', error: 'expected "$share/<group>/<filter>"'},
    {filters: 'ok', properties: {server: 'tcp://no address'}, error: "is not a broker's address"},
    {filters: 'ok', properties: {server: 'http://u:secret@x'}, error: 'server "http://x" is not a broker\'s address'},
    {filters: 'ok', properties: {protocolVersion: '6'}, error: 'protocolVersion: expected 3.1, 3.1.1 or 5'},
    {
      filters: 'ok',
      properties: {server: 'ssl://x', rootCaPath: 'no/such.pem'},
      error: 'rootCaPath: file "no/such.pem" cannot be read (ENOENT)',
    },
    {filters: 'ok', properties: {server: 'ssl://x', certificationRaw: 'AAAA'}, error: 'neither PEM nor PEM in base64'},
    {filters: 'ok', properties: {decompression: 'gzip'}, error: 'mqtt source property decompression is not supported yet'},
    {filters: 'ok', properties: {interval: '1s'}, error: 'mqtt source property interval is not supported yet'},
    {filters: 'ok', properties: {qos: 3}, error: 'qos: expected one of 0, 1, 2'},
  ];
  for (const {filters, properties = {}, error} of refused) {
    it(`is refused: ${error}`, () => expect(() => subscribe(filters, properties)).toThrow(error));
  }
});
