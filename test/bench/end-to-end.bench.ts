import {fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {connectAsync} from 'mqtt';
import {startBroker} from '#test/support/broker.ts';
import {pollUntil} from '#test/support/poll.ts';
import {cpuMsOf} from '#test/support/process-usage.ts';
import {startEngine} from '#test/support/running-engine.ts';

/*
 * Messages through the whole engine, from and to a real broker: a publisher at a fixed rate, one rule that filters, and a subscriber outside the
 * engine that must receive exactly the rows that the publisher's numbers imply, in order. Three processes beside the broker, so that two
 * cores are busy well before the engine is. Run it alone: npx tsx test/bench/end-to-end.bench.ts [rate …]
 */

const seconds = 5;
const rates = process.argv.slice(2).map(Number).filter(Number.isFinite);
const temperatureOf = (id: number) => (id * 7) % 50;

/** The role of the publisher: `rate` messages a second, in portions of 5 ms. */
async function publish(url: string, rate: number): Promise<void> {
  const client = await connectAsync(url, {clientId: 'bench-publisher'});
  const total = rate * seconds;
  const started = performance.now();
  for (let id = 0; id < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate));
    for (; id < due; id++) client.publish('bench/in', `{"id":${id},"deviceid":"d${id % 1000}","temperature":${temperatureOf(id)}}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  const took = (performance.now() - started) / 1000;
  await client.endAsync();
  process.send!({took});
}

async function measure(rate: number): Promise<void> {
  const broker = await startBroker();
  const engine = await startEngine({broker: broker.url});
  await engine.ask('POST', '/streams', {sql: 'CREATE STREAM bench () WITH (DATASOURCE="bench/in", FORMAT="JSON")'});
  await engine.ask('POST', '/rules', {
    id: 'bench',
    sql: 'SELECT id, temperature FROM bench WHERE temperature > 25',
    actions: [{mqtt: {server: broker.url, topic: 'bench/out', sendSingle: true, qos: 0, bufferLength: 100_000}}],
  });
  await pollUntil(
    async () => ((await engine.ask('GET', '/rules/bench/status')) as Record<string, unknown>)['source_bench_0_connection_status'] === 1,
  );
  const subscriber = await connectAsync(broker.url, {clientId: 'bench-subscriber'});
  const received: number[] = [];
  subscriber.on('message', (_, payload) => received.push(Number(/"id":(\d+)/.exec(payload.toString())![1])));
  await subscriber.subscribeAsync('bench/out');

  const before = cpuMsOf(engine.program.child.pid!);
  const publisher = fork(fileURLToPath(import.meta.url), ['publish', broker.url, String(rate)], {execArgv: process.execArgv});
  const [{took}] = (await once(publisher, 'message')) as [{took: number}];
  let seen = -1;
  await pollUntil(
    () => {
      const isQuiet = received.length === seen;
      seen = received.length;
      return isQuiet;
    },
    {withinMs: 30_000, everyMs: 500},
  );
  const cpuUs = (cpuMsOf(engine.program.child.pid!) - before) * 1000;

  const total = rate * seconds;
  const expected = Array.from({length: total}, (_, id) => id).filter(id => temperatureOf(id) > 25);
  const missing = expected.length - new Set(received).size;
  const isExact = received.length === expected.length && received.every((id, i) => id === expected[i]);
  const status = (await engine.ask('GET', '/rules/bench/status')) as Record<string, number>;
  console.log(
    `${String(rate).padStart(7)} msg/s (sent at ${Math.round(total / took)}): ${received.length} of ${expected.length} rows, ${missing} missing, ${isExact ? 'exactly those, in order' : 'NOT exact'}; ` +
      `engine ${(cpuUs / total).toFixed(1)} µs CPU a message, read ${status['source_bench_0_records_in_total']}, dropped at its sink ${status['sink_mqtt_0_0_exceptions_total']}`,
  );
  await subscriber.endAsync();
  await engine.stop();
  await broker.stop();
}

if (process.argv[2] === 'publish') {
  await publish(process.argv[3]!, Number(process.argv[4]));
  process.exit(0);
}
for (const rate of rates.length > 0 ? rates : [1000, 10_000, 20_000, 40_000]) await measure(rate);
process.exit(0);
