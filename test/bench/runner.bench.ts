import {spawn} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import path from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {freePort} from '#test/support/free-port.ts';
import {pollUntil} from '#test/support/poll.ts';
import {cpuMsOf, memoryOf} from '#test/support/process-usage.ts';
import {createRunnerPlace, type RunnerPlace, runRunner, startRunner} from '#test/support/runner.ts';
import {type RunningEngine, startEngine} from '#test/support/running-engine.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/*
 * The runner's programs beside our engine, as processes: what they hold and take while nothing changes, how soon the first object is there,
 * and thousands of rules. Each figure has its reference in the same run: a bare Node, or the same requests sent raw. Run it alone:
 * npx tsx test/bench/runner.bench.ts [idle] [start] [thousands]
 */

interface Command {
  readonly url: string;
  readonly method: 'POST';
  readonly data: object;
}

/** Each rule has a text of its own. */
function commandsOf(streams: number, rules: number): readonly Command[] {
  const post = (url: string, data: object): Command => ({url, method: 'POST', data});
  return [
    ...Array.from({length: streams}, (_, i) =>
      post('/streams', {
        sql: `CREATE STREAM plant${i} (temperature FLOAT, humidity FLOAT, device STRING) WITH (TYPE="memory", DATASOURCE="plant/${i}", FORMAT="JSON")`,
      }),
    ),
    ...Array.from({length: rules}, (_, i) =>
      post('/rules', {
        id: `rule${i}`,
        sql: `SELECT temperature, humidity AS h, device FROM plant${i % streams} WHERE temperature > ${i} AND device = "d${i}"`,
        actions: [{memory: {topic: `out/${i}`, sendSingle: true}}],
      }),
    ),
  ];
}

function writeCommands(place: RunnerPlace, commands: readonly Command[]): void {
  const files: Record<string, string> = {};
  for (let first = 0; first < commands.length; first += 100)
    files[`${String(first).padStart(5, '0')}.json`] = JSON.stringify({commands: commands.slice(first, first + 100)}, null, 1);
  place.write(files);
}

async function withEngine(measure: (engine: RunningEngine, place: RunnerPlace) => Promise<void>, settings = {}): Promise<void> {
  const engine = await startEngine();
  const place = createRunnerPlace(engine.url, {heartbeat: '2s', ...settings});
  try {
    await measure(engine, place);
  } finally {
    await engine.stop();
    place.remove();
  }
}

/** Memory and CPU with 1,000 objects and nothing to do, beside a bare Node and a Node that sends the same number of requests. */
async function idle(): Promise<void> {
  const seconds = 60;
  await withEngine(async (engine, place) => {
    writeCommands(place, commandsOf(50, 950));
    const runner = startRunner(place);
    await pollUntil(() => /"msg":"pass"/.test(runner.output()), {withinMs: 60_000, what: runner.output});
    const afterPass = memoryOf(runner.child.pid!);
    await wait(10_000);
    const before = {runner: cpuMsOf(runner.child.pid!), engine: cpuMsOf(engine.program.child.pid!)};
    await wait(seconds * 1000);
    const share = (ms: number) => `${(ms / seconds / 10).toFixed(2)} % CPU`;
    const used = {runner: cpuMsOf(runner.child.pid!) - before.runner, engine: cpuMsOf(engine.program.child.pid!) - before.engine};
    const reference = await bareNode(engine.url, 72, 10);
    const [one, other] = [memoryOf(runner.child.pid!), memoryOf(engine.program.child.pid!)];
    console.log(
      `idle, 1,000 objects, 10 s interval: runner ${one.residentMb} MB (own ${one.ownMb}, after the first pass ${afterPass.residentMb}, highest ${one.peakMb}), ${share(used.runner)}; ` +
        `engine ${other.residentMb} MB (own ${other.ownMb}, highest ${other.peakMb}), ${share(used.engine)}\n` +
        `  a bare Node ${reference.memory.residentMb} MB (own ${reference.memory.ownMb}); with as many requests, ${reference.requests} in ${reference.seconds} s, ${share((reference.cpuMs / reference.seconds) * seconds)}`,
    );
    await runner.end();
  });
}

/** A Node that does nothing, and then asks for `/rules/rule1/status` so often within ten seconds, one after the other. */
async function bareNode(url: string, requests: number, seconds: number) {
  const script = `
    const http = require('node:http'), agent = new http.Agent({keepAlive: true});
    process.on('message', () => {
      let left = ${requests};
      const ask = () => http.get('${url}/rules/rule1/status', {agent}, answer => { let text = ''; answer.on('data', part => text += part); answer.on('end', () => JSON.parse(text)); });
      const timer = setInterval(() => left-- > 0 ? ask() : clearInterval(timer), ${(seconds * 1000) / requests});
    });
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], {stdio: ['ignore', 'ignore', 'inherit', 'ipc']});
  await wait(2000);
  const memory = memoryOf(child.pid!);
  const before = cpuMsOf(child.pid!);
  child.send('go');
  await wait(seconds * 1000);
  const cpuMs = cpuMsOf(child.pid!) - before;
  child.kill();
  return {memory, cpuMs, requests, seconds};
}

/** From the start of the process to its first object in a running engine, and all of `ping`. Medians of seven. */
async function start(): Promise<void> {
  await withEngine(async (engine, place) => {
    const times = {first: [] as number[], ping: [] as number[], node: [] as number[]};
    for (let round = 0; round < 7; round++) {
      place.write({
        'a.json': JSON.stringify({
          commands: commandsOf(1, 0).map(command => renamed(command, round)),
        }),
      });
      const begun = performance.now();
      const runner = startRunner(place);
      await pollUntil(() => /"msg":"created/.test(runner.output()), {everyMs: 5, withinMs: 20_000, what: runner.output});
      times.first.push(performance.now() - begun);
      await runner.end();
      times.ping.push(await timed(() => runRunner('ping', place)));
      times.node.push(await timed(async () => once(spawn(process.execPath, ['-e', '0']), 'exit')));
    }
    const median = (list: number[]) => Math.round(list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!);
    console.log(
      `start: first object applied after ${median(times.first)} ms; ping ${median(times.ping)} ms; a Node that ends at once ${median(times.node)} ms (engine at ${engine.url})`,
    );
  });
}

function renamed({data, ...command}: Command, round: number): object {
  return {...command, data: JSON.parse(JSON.stringify(data).replaceAll('plant0', `plant_round${round}`)) as object};
}

/** 8,000 rules: sent raw, applied by the runner, looked at again, and taken up by an engine that was killed. */
async function thousands(): Promise<void> {
  const commands = commandsOf(400, 8000);
  await withEngine(async engine => {
    const cpu = cpuMsOf(engine.program.child.pid!);
    const took = await timed(() => sendRaw(engine.url, commands));
    console.log(`8,000 rules and 400 streams sent raw: ${text(took)}, engine CPU ${text(cpuMsOf(engine.program.child.pid!) - cpu)}`);
  });
  const httpPort = await freePort();
  const measure = async (engine: RunningEngine, place: RunnerPlace) => {
    writeCommands(place, commands);
    const engineCpu = cpuMsOf(engine.program.child.pid!);
    const runner = startRunner(place);
    const pid = runner.child.pid!;
    const applied = await timed(() =>
      pollUntil(() => /"msg":"pass"/.test(runner.output()), {withinMs: 120_000, everyMs: 50, what: () => runner.output().slice(-2000)}),
    );
    console.log(
      `applied by the runner, from its start: ${text(applied)}, its CPU ${text(cpuMsOf(pid))}, engine CPU ${text(cpuMsOf(engine.program.child.pid!) - engineCpu)}`,
    );

    const before = cpuMsOf(pid);
    const durations = await passes(`http://127.0.0.1:${httpPort}`, 5);
    console.log(
      `passes without a change: ${durations.join(', ')} ms, runner CPU ${Math.round((cpuMsOf(pid) - before) / 5)} ms each; ` +
        `runner ${memoryOf(pid).residentMb} MB, highest ${memoryOf(pid).peakMb}; engine ${memoryOf(engine.program.child.pid!).residentMb} MB`,
    );
    await runner.end();

    await engine.kill();
    const begun = performance.now();
    await engine.restart();
    const listening = performance.now() - begun;
    await pollUntil(
      async () => ((await engine.ask('GET', '/rules')) as {status: string}[]).filter(({status}) => status === 'running').length === 8000,
      {withinMs: 60_000, everyMs: 100},
    );
    console.log(
      `engine after kill -9: answers after ${text(listening)}, all rules run after ${text(performance.now() - begun)}, CPU ${text(cpuMsOf(engine.program.child.pid!))}, ${memoryOf(engine.program.child.pid!).residentMb} MB`,
    );
  };
  await withEngine(measure, {httpPort, healthInterval: 0});
}

/** Calls for `count` passes, one after the other, and gives their durations in ms. */
async function passes(runnerUrl: string, count: number): Promise<readonly number[]> {
  const seen = async () => Number(/runner_passes_total (\d+)/.exec(await (await fetch(`${runnerUrl}/metrics`)).text())![1]);
  const durations: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = await seen();
    await fetch(`${runnerUrl}/sync`, {method: 'POST'});
    await pollUntil(async () => (await seen()) > before, {withinMs: 60_000, everyMs: 250});
    const {lastPass} = (await (await fetch(`${runnerUrl}/status`)).json()) as {lastPass: {durationMs: number}};
    durations.push(lastPass.durationMs);
  }
  return durations;
}

async function sendRaw(url: string, commands: readonly Command[]): Promise<void> {
  const agent = new http.Agent({keepAlive: true, maxSockets: 8});
  for (const path of ['/streams', '/rules']) {
    const queue = commands.filter(command => command.url === path);
    let next = 0;
    const worker = async () => {
      while (next < queue.length) {
        const body = JSON.stringify(queue[next++]!.data);
        const request = http.request(url + path, {method: 'POST', agent, headers: {'content-type': 'application/json'}}).end(body);
        const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
        if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} for ${body}`);
        answer.resume();
        await once(answer, 'end');
      }
    };
    await Promise.all(Array.from({length: 8}, worker));
  }
  agent.destroy();
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}

function text(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const parts = {idle, start, thousands};
const wanted = process.argv.slice(2).filter((word): word is keyof typeof parts => word in parts);
console.log(`Node ${process.version}, dist of ${path.basename(projectRoot)}`);
for (const part of wanted.length > 0 ? wanted : (Object.keys(parts) as (keyof typeof parts)[])) await parts[part]();
process.exit(0);
