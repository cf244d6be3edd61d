import {describe, expect, it, onTestFinished} from 'vitest';
import {type Broker, hasMosquitto, startBroker} from '#test/support/broker.ts';
import {connectorEnvironment, openSource, type RecordedSource} from '#test/support/connectors.ts';
import {connectPeer, type MqttPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';

interface Fixture {
  readonly broker: Broker;
  readonly peer: MqttPeer;
  /** Sources of one connection. */
  open(filters: string, properties?: Record<string, unknown>): RecordedSource;
}

async function fixture(lines: readonly string[] = []): Promise<Fixture> {
  const broker = await startBroker(lines);
  onTestFinished(() => broker.stop());
  const peer = await connectPeer(broker.url, {reconnectPeriod: 0});
  onTestFinished(() => peer.close());
  const environment = connectorEnvironment();
  return {
    broker,
    peer,
    open(filters, properties = {}) {
      const recorded = openSource('mqtt', filters, {server: broker.url, ...properties}, {environment});
      onTestFinished(() => recorded.source.close());
      return recorded;
    },
  };
}

/** Waits for a message that is published now: whatever the broker sent before has come. */
async function settle(peer: MqttPeer, topic: string, sources: readonly RecordedSource[]): Promise<string[][]> {
  await peer.publish(topic, 'marker', {qos: 1});
  for (const source of sources) await pollUntil(() => source.texts().includes('marker'));
  return sources.map(source => source.texts().filter(text => text !== 'marker'));
}

describe.skipIf(!hasMosquitto)('retained messages of mqtt', () => {
  for (const protocolVersion of ['3.1.1', 5])
    it(`reach each source once, whatever the others of the connection subscribe to, MQTT ${protocolVersion}`, async () => {
      const {peer, open} = await fixture();
      for (const name of ['a', 'b']) await peer.publish(`kept/${name}`, name, {qos: 1, retain: true});
      const sources: RecordedSource[] = [];
      for (const [filters, qos] of [
        ['kept/a', 0],
        ['kept/a', 1],
        ['kept/+', 1],
        ['kept/#', 2],
        ['kept/a', 2],
        ['kept/a,kept/+', 1],
      ] as const) {
        const source = open(filters, {qos, protocolVersion});
        sources.push(source);
        await pollUntil(() => source.messages.length === (filters === 'kept/a' ? 1 : 2), {what: () => `${filters} ${source.texts()}`});
      }
      const texts = await settle(peer, 'kept/a', sources);
      expect(texts.map(one => one.sort().join(''))).toEqual(['a', 'a', 'ab', 'ab', 'a', 'ab']);
    });

  it('come in full, beside live messages, where the broker sends few at a time', async () => {
    const {peer, open} = await fixture(['max_inflight_messages 3']);
    const names = Array.from({length: 300}, (_, i) => `${i}`);
    await Promise.all(names.map(name => peer.publish(`many/${name}`, name, {qos: 1, retain: true})));
    const first = open('many/#');
    await pollUntil(() => first.messages.length === 300);
    const second = open('many/+');
    const third = open('many/#');
    for (let i = 0; i < 20; i++) await peer.publish('many/live', `live ${i}`, {qos: 1});
    await pollUntil(() => second.messages.length >= 320 && third.messages.length >= 320);
    const live = Array.from({length: 20}, (_, i) => `live ${i}`);
    const texts = await settle(peer, 'many/live', [first, second, third]);
    for (const one of texts) expect(one.sort()).toEqual([...names, ...live].sort());
  });

  it('are asked for again by a source that is told of a newcomer, and go to it alone', async () => {
    const {peer, open} = await fixture();
    await peer.publish('again/x', 'x', {qos: 1, retain: true});
    const [source, other] = [open('again/x'), open('again/x')];
    for (const one of [source, other]) await pollUntil(() => one.messages.length === 1);
    source.source.welcome!();
    await pollUntil(() => source.messages.length === 2);
    expect(await settle(peer, 'again/x', [source, other])).toEqual([['x', 'x'], ['x']]);
  });

  it('come again to everybody once the broker has lost the session', async () => {
    const {broker, peer, open} = await fixture();
    await peer.publish('lost/x', 'x', {qos: 1, retain: true});
    const sources = [open('lost/x'), open('lost/+')];
    for (const source of sources) await pollUntil(() => source.messages.length === 1);
    await broker.kill();
    await pollUntil(() => sources.every(source => source.status()?.state === -1));
    await broker.restart();
    const after = await connectPeer(broker.url);
    onTestFinished(() => after.close());
    await after.publish('lost/x', 'y', {qos: 1, retain: true});
    for (const source of sources) await pollUntil(() => source.texts().includes('y'));
    expect(await settle(after, 'lost/x', sources)).toEqual([
      ['x', 'y'],
      ['x', 'y'],
    ]);
  });

  it('are not asked for by shared subscriptions, which get none', async () => {
    const {peer, open} = await fixture();
    await peer.publish('shared/x', 'x', {qos: 1, retain: true});
    const mixed = open('$share/g/shared/x,shared/#', {clientid: 'both'});
    await pollUntil(() => mixed.messages.length === 1);
    const member = open('$share/g/shared/x');
    await member.ready();
    member.source.welcome!();
    await peer.publish('shared/y', 'y', {qos: 1});
    await pollUntil(() => mixed.messages.length === 2);
    expect([mixed.texts(), member.texts()]).toEqual([['x', 'y'], []]);
  });
});
