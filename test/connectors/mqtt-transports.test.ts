import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {type Broker, hasMosquitto, startBroker} from '#test/support/broker.ts';
import {type Certificates, hasOpenssl, makeCertificates} from '#test/support/certificates.ts';
import {openSink, openSource, type RecordedSource, sinkMessage} from '#test/support/connectors.ts';
import {freePort} from '#test/support/free-port.ts';
import {connectPeer} from '#test/support/mqtt-peer.ts';
import {pollUntil} from '#test/support/poll.ts';

let files: Certificates;
let broker: Broker;
let ports: {tls: number; mutual: number; ws: number; wss: number};

beforeAll(async () => {
  files = makeCertificates();
  ports = {tls: await freePort(), mutual: await freePort(), ws: await freePort(), wss: await freePort()};
  const tls = [`certfile ${files.serverCertificate}`, `keyfile ${files.serverKey}`];
  broker = await startBroker([
    ...[`listener ${ports.tls} 127.0.0.1`, ...tls],
    ...[`listener ${ports.mutual} 127.0.0.1`, ...tls, `cafile ${files.ca}`, 'require_certificate true'],
    ...[`listener ${ports.ws} 127.0.0.1`, 'protocol websockets'],
    ...[`listener ${ports.wss} 127.0.0.1`, 'protocol websockets', ...tls],
  ]);
});
afterAll(() => broker.stop());

function subscribe(server: string, properties: Record<string, unknown>): RecordedSource {
  const source = openSource('mqtt', 'way/#', {server, ...properties});
  onTestFinished(() => source.source.close());
  return source;
}

const base64 = (file: string) => readFileSync(file).toString('base64');

describe.skipIf(!hasMosquitto || !hasOpenssl)('the mqtt connectors', () => {
  const ways: {name: string; properties: () => Record<string, unknown> & {server: string}}[] = [
    {name: 'plain TCP under its other name', properties: () => ({server: `mqtt://127.0.0.1:${broker.port}`})},
    {name: 'TLS with a root certificate', properties: () => ({server: `ssl://127.0.0.1:${ports.tls}`, rootCaPath: files.ca})},
    {name: 'TLS by name', properties: () => ({server: `mqtts://localhost:${ports.tls}`, rootCaPath: files.ca})},
    {
      name: 'TLS with a root certificate in base64',
      properties: () => ({server: `ssl://127.0.0.1:${ports.tls}`, rootCARaw: base64(files.ca)}),
    },
    {name: 'TLS without verification', properties: () => ({server: `ssl://127.0.0.1:${ports.tls}`, insecureSkipVerify: true})},
    {
      name: 'TLS with a certificate of ours',
      properties: () => ({
        server: `ssl://127.0.0.1:${ports.mutual}`,
        rootCaPath: files.ca,
        certificationPath: files.clientCertificate,
        privateKeyPath: files.clientKey,
      }),
    },
    {
      name: 'TLS with a raw certificate of ours',
      properties: () => ({
        server: `ssl://127.0.0.1:${ports.mutual}`,
        rootCARaw: readFileSync(files.ca, 'utf8'),
        certificationRaw: base64(files.clientCertificate),
        privateKeyRaw: base64(files.clientKey),
      }),
    },
    {name: 'web sockets', properties: () => ({server: `ws://127.0.0.1:${ports.ws}`})},
    {name: 'web sockets over TLS', properties: () => ({server: `wss://127.0.0.1:${ports.wss}`, rootCaPath: files.ca})},
  ];
  for (const {name, properties} of ways) {
    it(`send and receive over ${name}`, async () => {
      const source = subscribe(properties().server, properties());
      const sink = openSink('mqtt', {...properties(), topic: 'way/x', qos: 1});
      onTestFinished(() => sink.sink.close());
      await Promise.all([source.ready(), sink.ready()]);
      // Mosquitto 2.0.11 trickles larger messages out over web sockets.
      const step = name.startsWith('web') ? 4 : 400;
      const texts = Array.from({length: 50}, (_, i) => `${i}${'x'.repeat(i * step)}`);
      await sink.sink.write(texts.map(text => sinkMessage(text)));
      await pollUntil(() => source.messages.length === 50);
      expect(source.texts()).toEqual(texts);
    });
  }

  const failures: {name: string; properties: () => Record<string, unknown> & {server: string}; message: RegExp}[] = [
    {name: 'a certificate nobody knows', properties: () => ({server: `ssl://127.0.0.1:${ports.tls}`}), message: /certificate/},
    {
      name: 'no certificate of ours where one is asked for',
      properties: () => ({server: `ssl://127.0.0.1:${ports.mutual}`, rootCaPath: files.ca}),
      message: /certificate required|alert|closed the connection|reset/i,
    },
    {
      name: 'a server that does not speak TLS',
      properties: () => ({server: `ssl://127.0.0.1:${broker.port}`, rootCaPath: files.ca}),
      message: /closed|reset|disconnected|SSL/i,
    },
  ];
  for (const {name, properties, message} of failures) {
    it(`report ${name}`, async () => {
      const source = subscribe(properties().server, properties());
      await pollUntil(() => source.status()?.state === -1);
      expect(source.status()!.message).toMatch(message);
      expect(source.statuses.some(({state}) => state === 1)).toBe(false);
    });
  }

  it('reads a renewed certificate with the next attempt, not with a restart', async () => {
    const {writeFileSync} = await import('node:fs');
    const path = `${files.directory}/renewed.pem`;
    writeFileSync(path, readFileSync(files.clientCertificate));
    const source = subscribe(`ssl://127.0.0.1:${ports.tls}`, {rootCaPath: path});
    await pollUntil(() => source.status()?.state === -1);
    writeFileSync(path, readFileSync(files.ca));
    await source.ready();
  });

  it('let a plain client read what they publish', async () => {
    const peer = await connectPeer(broker.url);
    onTestFinished(() => peer.close());
    await peer.subscribe('plain/#', 1);
    const sink = openSink('mqtt', {server: broker.url, topic: 'plain/x'});
    onTestFinished(() => sink.sink.close());
    await sink.ready();
    await sink.sink.write([sinkMessage('one'), sinkMessage('two')]);
    await peer.receives(2);
    expect(peer.received.map(({text}) => text)).toEqual(['one', 'two']);
  });
});
