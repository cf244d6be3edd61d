import {afterEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import {
  commandFile,
  composeRunner,
  createRunnerPlace,
  type RunnerPlace,
  ruleCommand,
  startRunner,
  streamCommand,
} from '#test/support/runner.ts';

const confKey = (server: string) => ({url: '/metadata/sources/mqtt/confKeys/edge', method: 'PUT', data: {server}});
const edge = 'DATASOURCE="t", FORMAT="JSON", CONF_KEY="edge"';
const several = (count: number, make: (i: number) => object) => Array.from({length: count}, (_, i) => make(i));

/** The engine is as these files say … */
const before = {
  'a.json': commandFile(
    confKey('tcp://a:1883'),
    streamCommand('a', edge),
    streamCommand('gone'),
    ...several(8, i => streamCommand(`s${i}`)),
  ),
  'b.json': commandFile(
    ...several(6, i => ruleCommand(`changed${i}`, 'a')),
    ...several(6, i => ruleCommand(`uses${i}`, 'a')),
    ...several(8, i => ruleCommand(`pruned${i}`, 'gone')),
    ...several(4, i => ruleCommand(`stopped${i}`, 's0')),
    ...several(6, i => ruleCommand(`of-s${i}`, `s${i}`)),
  ),
  'c.json': commandFile(streamCommand('calm'), ruleCommand('untouched', 'calm')),
};
/** … and becomes what these say: creates, updates, deletes, stops, a changed confKey with the rules that use it, an action. */
const after: Readonly<Record<string, string>> = {
  ...before,
  'a.json': commandFile(
    confKey('tcp://b:1883'),
    streamCommand('a', edge),
    ...several(8, i => streamCommand(`s${i}`, `DATASOURCE="${i < 4 ? 'other' : 't'}", FORMAT="JSON"`)),
    ...several(6, i => streamCommand(`made${i}`)),
  ),
  'b.json': commandFile(
    ...several(6, i => ruleCommand(`changed${i}`, 'a', {options: {qos: 1}})),
    ...several(6, i => ruleCommand(`uses${i}`, 'a')),
    ...several(20, i => ruleCommand(`made${i}`, `made${i % 6}`)),
    ...several(4, i => ruleCommand(`stopped${i}`, 's7')),
    ...several(4, i => ({url: `/rules/stopped${i}/stop`, method: 'POST'})),
    ...several(6, i => ruleCommand(`of-s${i}`, `s${i}`)),
    {url: '/plugins/sources', method: 'POST', data: {name: 'x', file: 'file:///x.zip'}},
  ),
};

let engine: FakeEngine;
let place: RunnerPlace;
afterEach(async () => {
  await engine.kill();
  place.remove();
});

async function settle(): Promise<void> {
  engine = await FakeEngine.start();
  place = createRunnerPlace(engine.url, {consoleLog: false, parallelism: 1});
  place.write(before);
  await (await composeRunner(place)).pass();
  engine.forgetCalls();
  engine.starts.clear();
}

/** The engine's state without the layout of rule texts. */
function endState() {
  return {
    ...engine.state,
    rules: Object.fromEntries(Object.entries(engine.state.rules).map(([id, text]) => [id, {triggered: true, ...JSON.parse(text)}])),
  };
}

describe('a runner that gets SIGKILL', async () => {
  await settle();
  place.write(after);
  await (await composeRunner(place)).pass();
  const writes = engine.writes().length;
  const wanted = endState();
  const objects = [wanted.streams, wanted.rules, wanted.confKeys].flatMap(family => Object.keys(family)).length;
  await engine.kill();
  place.remove();

  it('has something to be killed in', () => {
    expect(objects).toBeGreaterThanOrEqual(60);
    expect(writes).toBeGreaterThanOrEqual(60);
  });

  // In turns before the engine acts on the request and after it did; there are several requests of each kind.
  it.each(
    Array.from({length: writes}, (_, i) => [i + 1, i % 2 === 0 ? 'before' : 'after'] as const),
  )('on request %i, %s the engine acts: the next pass ends as if nothing had happened', async (k, moment) => {
    await settle();
    place.write(after);
    const killed = startRunner(place);
    engine.intercept = () => {
      if (engine.writes().length < k) return undefined;
      killed.child.kill('SIGKILL');
      return {reset: moment};
    };
    await pollUntil(() => killed.child.signalCode === 'SIGKILL', {what: killed.output});
    engine.intercept = undefined;

    const {pass} = await composeRunner(place);
    const report = await pass();
    expect(report.outcomes.filter(({result}) => result !== 'done')).toEqual([]);
    expect(endState()).toEqual(wanted);
    expect(engine.starts.get('untouched')).toBeUndefined();
    // Whatever uses the changed confKey was restarted after it changed.
    const calls = engine.writes().map(({method, path}) => `${method} ${path}`);
    const changedAt = calls.indexOf('PUT /metadata/sources/mqtt/confKeys/edge');
    for (let i = 0; i < 6; i++) expect(calls.lastIndexOf(`POST /rules/uses${i}/restart`)).toBeGreaterThan(changedAt);

    engine.forgetCalls();
    await pass();
    expect(engine.writes()).toEqual([]);
  });
});
