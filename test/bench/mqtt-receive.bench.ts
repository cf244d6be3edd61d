import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {connect as connectSocket} from 'node:net';
import {fileURLToPath} from 'node:url';
import {connectAsync} from 'mqtt';
import {encodePublishes} from '#engine/connectors/mqtt/publish-encoder.ts';
import {startBroker} from '#test/support/broker.ts';
import {openSource} from '#test/support/connectors.ts';

/*
 * CPU of a process that only subscribes and counts, our connection against bare mqtt.js, from one mosquitto, one after the other at each
 * rate; latency is from the publisher's clock into the listener. Run it alone: npx tsx test/bench/mqtt-receive.bench.ts [rate …]
 */

const seconds = 5;
const topic = 'bench/demo';

interface Report {
  readonly received: number;
  readonly cpuUs: number;
  readonly deliveries: number;
  /** Median and 99th percentile, ms. */
  readonly latency: readonly [number, number];
}

/** Counts messages until it is told to stop. */
function countMessages(): {take(payload: Uint8Array): void; report(deliveries: number): Report} {
  const latencies: number[] = [];
  let received = 0;
  let cpu: NodeJS.CpuUsage | undefined;
  return {
    take(payload) {
      cpu ??= process.cpuUsage();
      // The publisher's time of day stands in the first 13 bytes.
      if (received++ % 97 === 0) latencies.push(Date.now() - Number(Buffer.from(payload.buffer, payload.byteOffset + 6, 13).toString()));
    },
    report(deliveries) {
      const {user, system} = process.cpuUsage(cpu);
      latencies.sort((a, b) => a - b);
      const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
      return {received, cpuUs: user + system, deliveries, latency: [at(0.5), at(0.99)]};
    },
  };
}

const roles: Readonly<Record<string, (url: string, rate: number) => Promise<void>>> = {
  async ours(url) {
    const counter = countMessages();
    const source = openSource('mqtt', topic, {server: url, qos: 0});
    source.messages.push = (...messages) => {
      for (const {payload} of messages) counter.take(payload);
      return 0;
    };
    await source.ready();
    process.send!('ready');
    await once(process, 'message');
    process.send!(counter.report(source.deliveries.length));
  },
  async bare(url) {
    const counter = countMessages();
    const client = await connectAsync(url);
    let deliveries = 0;
    client.on('message', (_topic, payload) => {
      deliveries++;
      counter.take(payload);
    });
    await client.subscribeAsync(topic);
    process.send!('ready');
    await once(process, 'message');
    process.send!(counter.report(deliveries));
  },
  async publish(url, rate) {
    const socket = connectSocket(Number(new URL(url).port), '127.0.0.1');
    socket.setNoDelay(true);
    socket.write(Buffer.from([0x10, 15, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 3, 0x70, 0x75, 0x62]));
    await once(socket, 'data');
    const total = rate * seconds;
    const started = performance.now();
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor((rate * (performance.now() - started)) / 1000));
      const messages = Array.from({length: Math.min(due - sent, 5000)}, (_, i) => ({
        topic,
        payload: `{"at":${Date.now()},"deviceid":"d${(sent + i) % 1000}","temperature":${((sent + i) % 500) / 10},"humidity":51}`,
        properties: undefined,
      }));
      sent += messages.length;
      if (
        messages.length > 0 &&
        !socket.write(encodePublishes(messages, 0, messages.length, {qos: 0, retained: false, protocolVersion: 4}))
      )
        await once(socket, 'drain');
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    const elapsed = performance.now() - started;
    await new Promise(resolve => socket.end(Buffer.from([0xe0, 0]), () => resolve(undefined)));
    process.send!((1000 * total) / elapsed);
  },
};

function start(role: string, url: string, rate: number): ChildProcess {
  return fork(fileURLToPath(import.meta.url), ['--role', role, url, String(rate)]);
}

async function measure(role: string, url: string, rate: number): Promise<Report & {rate: number}> {
  const subscriber = start(role, url, rate);
  await once(subscriber, 'message');
  const publisher = start('publish', url, rate);
  const [reached] = (await once(publisher, 'message')) as [number];
  await new Promise(resolve => setTimeout(resolve, 1000));
  subscriber.send('stop');
  const [report] = (await once(subscriber, 'message')) as [Report];
  subscriber.kill();
  return {...report, rate: reached};
}

if (process.argv[2] === '--role') {
  const [, , , role, url, rate] = process.argv;
  await roles[role!]!(url!, Number(rate));
} else {
  const broker = await startBroker();
  const rates = process.argv.slice(2).map(Number);
  for (const rate of rates.length > 0 ? rates : [1000, 10_000, 40_000, 100_000]) {
    const perMessage: number[] = [];
    for (const role of ['ours', 'bare']) {
      const {received, cpuUs, deliveries, latency, rate: reached} = await measure(role, broker.url, rate);
      perMessage.push(cpuUs / received);
      console.log(
        `${role}  ${Math.round(reached)} msg/s  ${(cpuUs / received).toFixed(2)} µs CPU a message  ${(received / deliveries).toFixed(1)} a delivery  ` +
          `latency ${latency[0]}/${latency[1]} ms  lost ${rate * seconds - received}`,
      );
    }
    console.log(`      ratio ${(perMessage[1]! / perMessage[0]!).toFixed(1)}`);
  }
  await broker.stop();
}
