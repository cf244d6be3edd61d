import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {connectAsync, type MqttClient} from 'mqtt';
import {startBroker} from './broker.ts';
import {startCollector} from './collector.ts';
import {messageIntervalMs, plant} from './devices.ts';
import {mirror} from './mirror.ts';
import {freePort} from './ports.ts';
import {type LogLine, startProgram} from './program.ts';
import {type Speaker, say} from './terminal.ts';

const help = `The whole path on one machine: broker, engine, runner and three KubeEdge devices.

  npm start                                   everything inside; ports 1883, 9081 and 9082, or the next free ones
  npm start -- --broker tcp://edge:1883       with a broker that runs already
  npm start -- --engine http://edge:9081      with an engine that runs already, a real eKuiper too
  npm start -- --commands DIR                 other command files than configs/commands

Edit, add or remove a file in configs/commands and watch. Ctrl-C ends it.
`;

const {values: options} = parseArgs({
  options: {broker: {type: 'string'}, engine: {type: 'string'}, commands: {type: 'string'}, help: {type: 'boolean', short: 'h'}},
});
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}

const dist = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(dist);
const commands = path.resolve(options.commands ?? path.join(root, 'configs/commands'));

/** What must be closed at the end, newest first. */
const closers: (() => Promise<void>)[] = [];
let isEnding = false;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  for (const close of closers.reverse()) await close().catch(error => say('demo', String(error)));
  say('demo', 'stopped');
  process.exit(code);
}
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
// Piped into `head`: nobody reads on, so there is nothing left to show.
process.stdout.on('error', () => void end(0));

function failed(what: string, code: number | null): void {
  if (isEnding) return;
  say('demo', `${what} ended with code ${code}`);
  void end(1);
}

/** Ports given out; their programs may not listen yet. */
const given = new Set<number>();

async function portFor(what: string, wanted: number): Promise<number> {
  const port = await freePort(wanted, given);
  given.add(port);
  if (port !== wanted) say('demo', `port ${wanted} is taken: ${what} listens on ${port}`);
  return port;
}

async function run(): Promise<void> {
  const work = await mkdtemp(path.join(tmpdir(), 'arrokoth-demo-'));
  closers.push(() => rm(work, {recursive: true, force: true}));

  let broker = options.broker;
  if (broker === undefined) {
    const port = await portFor('the broker', 1883);
    const embedded = await startBroker(port);
    closers.push(() => embedded.close());
    broker = `tcp://127.0.0.1:${port}`;
  }
  say('demo', `broker    ${broker}`);

  const collectorPort = await portFor('the HTTP collector', 9085);
  const collector = await startCollector(collectorPort, body => say('http', body));
  closers.push(() => collector.close());

  let engine = options.engine;
  if (engine === undefined) {
    const port = await portFor('the engine', 9081);
    const program = startProgram(
      path.join(dist, 'engine.js'),
      ['--etc', path.join(root, 'configs/etc'), '--data', path.join(work, 'data')],
      {KUIPER__BASIC__RESTPORT: String(port), MQTT_SOURCE__DEFAULT__SERVER: broker, MQTT_SOURCE__EDGE__SERVER: broker},
      showEngine,
    );
    closers.push(() => program.stop());
    void program.ended.then(code => failed('the engine', code));
    engine = `http://127.0.0.1:${port}`;
  }
  say('demo', `engine    ${engine}`);

  const replacements = new Map([
    ['tcp://127.0.0.1:1883', broker],
    ['http://127.0.0.1:9085', `http://127.0.0.1:${collectorPort}`],
  ]);
  let watched = commands;
  if ([...replacements].some(([from, to]) => from !== to)) {
    watched = path.join(work, 'commands');
    const mirrored = await mirror(commands, watched, replacements);
    closers.push(() => mirrored.close());
  }

  const runnerPort = await portFor('the runner', 9082);
  const {hostname, port} = new URL(engine);
  const configuration = path.join(work, 'cf.yaml');
  await writeFile(
    configuration,
    `ip: ${hostname}\nport: ${port || '80'}\ntimeout: 5000\nintervalTime: 5\ncommandDir: ${JSON.stringify(watched)}\nstateDir: ${JSON.stringify(path.join(work, 'state'))}\nhttpPort: ${runnerPort}\nconsoleLog: true\nfileLog: false\n`,
  );
  const runner = startProgram(path.join(dist, 'runner.js'), ['watch', configuration], {}, showRunner);
  closers.push(() => runner.stop());
  void runner.ended.then(code => failed('the runner', code));
  say('demo', `runner    http://127.0.0.1:${runnerPort}/status`);
  say('demo', `watching  ${path.relative(process.cwd(), commands) || commands}: edit, add or remove a file; Ctrl-C ends`);

  const client = await connectAsync(broker, {clientId: `arrokoth-demo-${process.pid}`});
  closers.push(() => client.endAsync(true));
  await client.subscribeAsync('arrokoth/#');
  client.on('message', (topic, payload) => say(speakerOf(topic), `${topic} ${payload.toString()}`));
  publishDevices(client);
}

function speakerOf(topic: string): Speaker {
  if (topic.startsWith('arrokoth/alarms')) return 'alarm';
  return topic.startsWith('arrokoth/averages') ? 'average' : 'plant';
}

function publishDevices(client: MqttClient): void {
  const messages = plant(() => Date.now());
  let sent = 0;
  const timer = setInterval(() => {
    const {topic, payload, summary} = messages.next().value;
    client.publish(topic, payload);
    // The first of each shape, then now and then: the results are what one wants to see.
    if (sent++ < 3 || sent % 25 === 0) say('device', summary);
  }, messageIntervalMs);
  closers.push(async () => clearInterval(timer));
}

function showEngine(line: LogLine): void {
  if (Number(line['level'] ?? 30) >= 40 || line['msg'] === 'listening') say('engine', textOf(line));
}

function showRunner(line: LogLine): void {
  say('runner', textOf(line));
}

function textOf({msg, level: _level, time: _time, ...fields}: LogLine): string {
  const details = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [String(msg), ...details].join('  ');
}

await run().catch(async error => {
  say('demo', error instanceof Error ? error.message : String(error));
  await end(1);
});
