import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {FakeEngine, type FakeEngineState} from '#test/support/fake-engine.ts';
import {composeRunner, createRunnerPlace} from '#test/support/runner.ts';

/**
 * A folder a scenario, its name a sentence:
 *
 * - `commands/`, `commands.2/` …  the directory before each pass; a missing one leaves the files as they are
 * - `engine.json`, `engine.2.json` …  what the engine holds at first; what somebody changes in it before a later pass (null removes)
 * - `settings.json`  keys of cf.yaml, and `"newProcess": true` to start the runner anew before each pass
 * - `calls.json`  for each pass, the requests that change something, in order
 *
 * After the last pass one more must send none.
 */
const folder = path.join(import.meta.dirname, 'scenarios');

interface Call {
  readonly call: string;
  readonly body?: unknown;
}

describe('runner scenarios', () => {
  it.each(readdirSync(folder).sort())('%s', async name => {
    const scenario = path.join(folder, name);
    const {newProcess = false, ...settings} = readJson<Record<string, unknown>>(path.join(scenario, 'settings.json')) ?? {};
    const engine = await FakeEngine.start(readJson<Partial<FakeEngineState>>(path.join(scenario, 'engine.json')) ?? {});
    const place = createRunnerPlace(engine.url, {parallelism: 1, consoleLog: false, ...settings});
    try {
      let runner = await composeRunner(place);
      const expected = readJson<readonly (readonly Call[])[]>(path.join(scenario, 'calls.json'))!;
      for (const [index, calls] of expected.entries()) {
        const suffix = index === 0 ? '' : `.${index + 1}`;
        if (existsSync(path.join(scenario, `commands${suffix}`))) {
          rmSync(place.commands, {recursive: true});
          cpSync(path.join(scenario, `commands${suffix}`), place.commands, {recursive: true});
          for (const entry of readdirSync(place.commands)) if (entry === '.gitkeep') rmSync(path.join(place.commands, entry));
        }
        const patch = index === 0 ? undefined : readJson<object>(path.join(scenario, `engine${suffix}.json`));
        if (patch) engine.load(merge(engine.state, patch) as FakeEngineState);
        if (newProcess) runner = await composeRunner(place);
        engine.forgetCalls();
        await runner.pass();
        expect(shown(engine), `pass ${index + 1}`).toEqual(calls);
      }
      engine.forgetCalls();
      await runner.pass();
      expect(shown(engine), 'one more pass').toEqual([]);
    } finally {
      await engine.kill();
      place.remove();
    }
  });
});

function shown(engine: FakeEngine): readonly Call[] {
  return engine
    .writes()
    .map(({method, path: url, body}) => (body === '' ? {call: `${method} ${url}`} : {call: `${method} ${url}`, body: JSON.parse(body)}));
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
