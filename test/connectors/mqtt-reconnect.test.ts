import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {type Broker, hasMosquitto, startBroker} from '#test/support/broker.ts';
import {connectorEnvironment, openSource, type RecordedSource, type SourceOptions} from '#test/support/connectors.ts';
import {freePort} from '#test/support/free-port.ts';
import {connectPeer, type MqttPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';

async function brokerOf(lines: readonly string[] = []): Promise<Broker> {
  const broker = await startBroker(lines);
  onTestFinished(() => broker.stop());
  return broker;
}

async function peerOf(broker: Broker): Promise<MqttPeer> {
  const peer = await connectPeer(broker.url);
  onTestFinished(() => peer.close());
  return peer;
}

function subscribe(
  broker: {url: string},
  filters: string,
  properties: Record<string, unknown> = {},
  options: SourceOptions = {},
): RecordedSource {
  const recorded = openSource('mqtt', filters, {server: broker.url, ...properties}, options);
  onTestFinished(() => recorded.source.close());
  return recorded;
}

describe.skipIf(!hasMosquitto)('the mqtt source without its broker', () => {
  it('reports why it cannot connect, and connects once the broker is there', async () => {
    const broker = await brokerOf();
    await broker.kill();
    const source = subscribe(broker, 'late/x');
    await pollUntil(() => source.status()?.state === -1);
    expect(source.status()!.message).toContain(`ECONNREFUSED 127.0.0.1:${broker.port}`);
    await broker.restart();
    await source.ready();
  });

  it('subscribes again after the broker was killed', async () => {
    const broker = await brokerOf();
    const sources = ['again/a', 'again/+/b', '$hw/x', '$share/g/again/s'].map(filter => subscribe(broker, filter));
    await Promise.all(sources.map(source => source.ready()));
    await broker.kill();
    await pollUntil(() => sources.every(source => source.status()?.state === -1));
    expect(sources[0]!.status()!.message).toMatch(/closed the connection|ECONN/);
    await broker.restart();
    await Promise.all(sources.map(source => source.ready()));
    const peer = await peerOf(broker);
    for (const topic of ['again/a', 'again/x/b', '$hw/x', 'again/s']) await peer.publish(topic, topic);
    await pollUntil(() => sources.every(source => source.messages.length === 1));
  });

  it('gives up a peer that does not speak MQTT', async () => {
    const server = createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await pollUntil(() => server.address() !== null);
    const {port} = server.address() as {port: number};
    const source = subscribe({url: `tcp://127.0.0.1:${port}`}, 'x');
    await pollUntil(() => source.statuses.filter(({state}) => state === -1).length >= 2);
  });

  it('closes while it is still connecting', async () => {
    const source = subscribe({url: `tcp://127.0.0.1:${await freePort()}`}, 'x');
    await source.source.close();
    await source.source.close();
    await pollUntil(() => true);
    expect(source.messages).toEqual([]);
  });
});

describe.skipIf(!hasMosquitto)('the mqtt source and a broker with access rules', () => {
  async function guardedBroker(): Promise<Broker> {
    const directory = mkdtempSync(join(tmpdir(), 'acl-'));
    // Started by root, mosquitto reads as its own user.
    chmodSync(directory, 0o755);
    const passwords = join(directory, 'passwords');
    execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'edge', 'secret'], {stdio: 'ignore'});
    chmodSync(passwords, 0o644);
    const rules = join(directory, 'acl');
    writeFileSync(rules, 'user edge\ntopic readwrite open/#\n');
    return brokerOf(['allow_anonymous false', `password_file ${passwords}`, `acl_file ${rules}`]);
  }

  it('connects with user and password, and tells when the broker refuses them', async () => {
    const broker = await guardedBroker();
    const good = subscribe(broker, 'open/x', {username: 'edge', password: 'secret'});
    await good.ready();
    for (const protocolVersion of ['3.1.1', '5']) {
      const bad = subscribe(broker, 'open/x', {username: 'edge', password: 'wrong', protocolVersion});
      await pollUntil(() => bad.status()?.state === -1);
      expect(bad.status()!.message).toMatch(/connection refused: not authorized/i);
      expect(bad.statuses.every(({state}) => state !== 1)).toBe(true);
    }
  });

  it('tells when one of its subscriptions is refused', async () => {
    // Mosquitto 2 grants every filter but those of its own configuration; a scripted broker refuses with 0x80.
    const server = createServer(socket => {
      socket.on('data', chunk => {
        if (chunk[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]));
        if (chunk[0] === 0x82) socket.write(Buffer.from([0x90, 4, chunk[2]!, chunk[3]!, 0, 0x80]));
      });
      socket.on('error', () => {});
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await pollUntil(() => server.address() !== null);
    const {port} = server.address() as {port: number};
    const source = subscribe({url: `tcp://127.0.0.1:${port}`}, 'fine/x,secret/x');
    await pollUntil(() => source.status()?.state === -1);
    expect(source.status()!.message).toContain('the broker refused the subscription to "secret/x"');
    await source.source.close();
  });
});

describe.skipIf(!hasMosquitto)('the mqtt source under qos 1 and 2', () => {
  for (const qos of [1, 2] as const) {
    it(`gets a message again that it did not acknowledge, qos ${qos}`, async () => {
      const broker = await brokerOf(['max_queued_messages 1000']);
      const properties = {qos, enableClientSession: true, clientid: `session-${qos}`};
      const peer = await peerOf(broker);

      const withheld: (() => void)[] = [];
      const first = subscribe(broker, 'again/x', properties, {onAcknowledge: acknowledge => void withheld.push(acknowledge)});
      await first.ready();
      await peer.publish('again/x', 'kept', {qos});
      await pollUntil(() => first.messages.length === 1);
      await first.source.close();
      await peer.publish('again/x', 'while away', {qos});

      const second = subscribe(broker, 'again/x', properties);
      await pollUntil(() => second.messages.length === 2, {what: () => JSON.stringify(second.texts())});
      expect(second.texts()).toEqual(['kept', 'while away']);
      await second.ready();
      await second.source.close();

      const third = subscribe(broker, 'again/x', properties);
      await third.ready();
      await peer.publish('again/x', 'last', {qos});
      await pollUntil(() => third.messages.length === 1);
      expect(third.texts()).toEqual(['last']);
    });
  }

  it('holds what a resumed session brings until the source for it is open', async () => {
    const broker = await brokerOf(['max_queued_messages 1000']);
    const peer = await peerOf(broker);
    const properties = {qos: 1, enableClientSession: true, clientid: 'two-topics'};
    const environment = connectorEnvironment();
    const before = [subscribe(broker, 'hold/a', properties, {environment}), subscribe(broker, 'hold/b', properties, {environment})];
    await Promise.all(before.map(source => source.ready()));
    await Promise.all(before.map(({source}) => source.close()));
    for (let i = 0; i < 10; i++) await peer.publish('hold/b', String(i), {qos: 1});

    const a = subscribe(broker, 'hold/a', properties, {environment});
    await a.ready();
    await peer.publish('hold/a', 'a', {qos: 1});
    await pollUntil(() => a.messages.length === 1);
    const b = subscribe(broker, 'hold/b', properties, {environment});
    await pollUntil(() => b.messages.length === 10, {what: () => JSON.stringify(b.texts())});
    expect(b.texts()).toEqual(Array.from({length: 10}, (_, i) => String(i)));
  });

  it('acknowledges in the order of arrival, once every source of the message has', async () => {
    const broker = await brokerOf(['max_inflight_messages 2', 'max_queued_messages 1000']);
    const peer = await peerOf(broker);
    const environment = connectorEnvironment();
    const withheld: (() => void)[] = [];
    const slow = subscribe(broker, 'order/x', {qos: 1}, {environment, onAcknowledge: acknowledge => void withheld.push(acknowledge)});
    const fast = subscribe(broker, 'order/x', {qos: 1}, {environment});
    await Promise.all([slow.ready(), fast.ready()]);
    for (let i = 0; i < 4; i++) await peer.publish('order/x', String(i), {qos: 1});
    await pollUntil(() => fast.messages.length === 2);
    // The broker sends no third message while two are unacknowledged.
    await peer.publish('other', '', {qos: 1});
    expect(fast.messages.length).toBe(2);
    const acknowledgeAll = setInterval(() => {
      for (const acknowledge of withheld.splice(0)) acknowledge();
    }, 5);
    onTestFinished(() => clearInterval(acknowledgeAll));
    await pollUntil(() => fast.messages.length === 4 && slow.messages.length === 4);
    expect(slow.texts()).toEqual(['0', '1', '2', '3']);
  });
});
