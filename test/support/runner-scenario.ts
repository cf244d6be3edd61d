import {cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect} from 'vitest';
import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {monotonicClock} from '#runner/base/monotonic-clock.ts';
import type {EngineProxy} from './engine-proxy.ts';
import type {StatePatch} from './engine-state.ts';
import {FakeEngine} from './fake-engine.ts';
import type {EngineCall, Fault, RecordingServer} from './recording-server.ts';
import {composeRunner, createRunnerPlace} from './runner.ts';
import {projectRoot} from './source-tree.ts';
import {VirtualClock} from './virtual-clock.ts';

/**
 * A folder a scenario, its name a sentence:
 *
 * - `commands/`, `commands.2/` …  the directory before each pass; a missing one leaves the files as they are
 * - `engine.json`, `engine.2.json` …  what the engine holds at first; what somebody changes in it before a later pass (null removes)
 * - `files/`  what the engine fetches; `file:///scenario/` in a command is this folder
 * - `settings.json`  keys of cf.yaml, and `"newProcess": true` to start the runner anew before each pass
 * - `faults.json`  for each pass, what goes wrong: `{"call": "POST /streams", "fault": …, "times": 1}`
 * - `calls.json`  for each pass, the requests that change something, in order
 * - `real.json`  by engine (`eKuiper`, `Arrokoth`), why the scenario cannot hold on a real one
 *
 * With `rollback` the runner looks at the rules after each pass, and again when it has to judge a version. When a pass asks for another look at a certain time, the next one waits for it. After the last pass one more must send nothing.
 */
export const scenarioFolder = path.join(projectRoot, 'test/runner/scenarios');

export const scenarioNames: readonly string[] = readdirSync(scenarioFolder).sort();

/** Stands for the `files/` of the scenario in its commands and calls. */
const filesUrl = 'file:///scenario/';

interface Call {
  readonly call: string;
  readonly body?: unknown;
}

interface PlannedFault {
  readonly call: string;
  readonly fault: Fault;
  /** How many requests it strikes; all of the pass with `"all"`. */
  readonly times?: number | 'all';
}

/** Where a scenario is played. */
export interface ScenarioStage {
  /** What the runner talks to. */
  readonly front: RecordingServer;
  readonly time: ScenarioTime;
  change(patch: StatePatch): Promise<void> | void;
}

export interface ScenarioTime {
  readonly clock: Clock;
  /** Lets time pass until the work is done that waits for it. */
  during<T>(work: Promise<T>): Promise<T>;
  until(time: Timestamp): Promise<void>;
}

/** The system's time, moved ahead where it would be waited for; the engine then says that it has been up for so much longer. */
export function skippingTime(front: EngineProxy): ScenarioTime {
  const now = () => monotonicClock.now() + front.agedMs;
  return {
    clock: {now, at: (time, task) => monotonicClock.at(time - front.agedMs, task)},
    during: work => work,
    until: async time => {
      front.agedMs += Math.max(0, time - now());
    },
  };
}

export function virtualTime(clock: VirtualClock): ScenarioTime {
  return {clock, during: work => clock.during(work), until: async time => clock.advanceTo(Math.max(time, clock.now()))};
}

/** Why a scenario cannot hold on an engine of this name; undefined when it must. */
export function reasonAgainst(name: string, engine: string): string | undefined {
  return readJson<Record<string, string>>(path.join(scenarioFolder, name, 'real.json'))?.[engine];
}

/** `<category>/<type>` of every conf key that a scenario knows. */
export function confKeyTypesOf(name: string): readonly string[] {
  const scenario = path.join(scenarioFolder, name);
  const held = readJson<{confKeys?: object}>(path.join(scenario, 'engine.json'))?.confKeys ?? {};
  const sent = [...readFileSync(path.join(scenario, 'calls.json'), 'utf8').matchAll(/\/metadata\/(\w+\/\w+)\/confKeys/g)];
  return [...new Set([...Object.keys(held), ...sent.map(([, type]) => type!)])];
}

/** Plays a scenario against an engine that only remembers; the engine is the caller's to kill. */
export async function playOnFakeEngine(name: string): Promise<FakeEngine> {
  const engine = await FakeEngine.start();
  const clock = new VirtualClock();
  engine.upTimeMs = () => clock.now() + 60_000;
  const change = (patch: StatePatch) => engine.load(merge(engine.state, patch) as FakeEngine['state']);
  try {
    await playScenario(name, {front: engine, time: virtualTime(clock), change});
    return engine;
  } catch (thrown) {
    await engine.kill();
    throw thrown;
  }
}

/** Plays a scenario. Rejects with the first difference. */
export async function playScenario(name: string, {front, time, change}: ScenarioStage): Promise<void> {
  const scenario = path.join(scenarioFolder, name);
  const {newProcess = false, ...settings} = readJson<Record<string, unknown>>(path.join(scenario, 'settings.json')) ?? {};
  const faults = readJson<readonly (readonly PlannedFault[])[]>(path.join(scenario, 'faults.json')) ?? [];
  const place = createRunnerPlace(front.url, {parallelism: 1, consoleLog: false, ...settings});
  try {
    let runner = await composeRunner(place, time.clock);
    const expected = readJson<readonly (readonly Call[])[]>(path.join(scenario, 'calls.json'))!;
    for (const [index, calls] of expected.entries()) {
      const suffix = index === 0 ? '' : `.${index + 1}`;
      if (existsSync(path.join(scenario, `commands${suffix}`))) {
        rmSync(place.commands, {recursive: true});
        cpSync(path.join(scenario, `commands${suffix}`), place.commands, {recursive: true});
        for (const entry of readdirSync(place.commands)) if (entry === '.gitkeep') rmSync(path.join(place.commands, entry));
        if (existsSync(path.join(scenario, 'files')))
          replaceIn(place.commands, filesUrl, `${pathToFileURL(path.join(scenario, 'files'))}/`);
      }
      const patch = readJson<StatePatch>(path.join(scenario, `engine${suffix}.json`));
      if (patch) await change(patch);
      if (newProcess && index > 0) runner = await composeRunner(place, time.clock);
      front.forgetCalls();
      const striking = strike(faults[index] ?? []);
      front.intercept = striking.intercept;
      const report = await time.during(runner.pass());
      front.intercept = undefined;
      expect(shown(front, scenario), `pass ${index + 1}`).toEqual(calls);
      expect(striking.left(), `faults of pass ${index + 1} that struck nothing`).toEqual([]);
      if (settings['rollback'] === 'file') {
        await runner.look();
        const judgedAt = runner.trials.nextEndAt();
        if (judgedAt !== undefined) await time.until(judgedAt).then(runner.look);
      }
      if (report.lookAgainAt !== undefined) await time.until(report.lookAgainAt);
    }
    front.forgetCalls();
    await time.during(runner.pass());
    expect(shown(front, scenario), 'one more pass').toEqual([]);
  } finally {
    front.intercept = undefined;
    place.remove();
  }
}

function strike(planned: readonly PlannedFault[]): {intercept(call: EngineCall): Fault | undefined; left(): readonly string[]} {
  const waiting = planned.map(fault => ({...fault, struck: 0}));
  const isDue = (one: (typeof waiting)[number]) => one.times === 'all' || one.struck < (one.times ?? 1);
  return {
    intercept({method, path: url}) {
      const one = waiting.find(planned => planned.call === `${method} ${url}` && isDue(planned));
      if (one) one.struck++;
      return one?.fault;
    },
    left: () => waiting.filter(one => one.struck === 0 || (one.times !== 'all' && isDue(one))).map(({call}) => call),
  };
}

function shown(front: RecordingServer, scenario: string): readonly Call[] {
  const files = `${pathToFileURL(path.join(scenario, 'files'))}/`;
  return front.writes().map(({method, path: url, body}) => {
    const call = `${method} ${url}`;
    return body === '' ? {call} : {call, body: JSON.parse(body.replaceAll(files, filesUrl))};
  });
}

function replaceIn(directory: string, text: string, replacement: string): void {
  for (const name of readdirSync(directory)) {
    const file = path.join(directory, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(text, replacement));
  }
}

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

function merge(base: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch) || base === null || typeof base !== 'object') return patch;
  const merged: Record<string, unknown> = {...base};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
