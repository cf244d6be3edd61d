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

/** The engine is as these files say … */
const before = {
  'a.json': commandFile(confKey('tcp://a:1883'), streamCommand('a', edge), streamCommand('gone')),
  'b.json': commandFile(ruleCommand('changed', 'a'), ruleCommand('uses', 'a'), ruleCommand('pruned', 'gone'), ruleCommand('stopped', 'a')),
  'c.json': commandFile(streamCommand('calm'), ruleCommand('untouched', 'calm')),
};
/** … and becomes what these say: creates, updates, deletes, a stop, a changed confKey with the rules that use it, an action. */
const after: Readonly<Record<string, string>> = {
  ...before,
  'a.json': commandFile(confKey('tcp://b:1883'), streamCommand('a', edge), streamCommand('made')),
  'b.json': commandFile(
    ruleCommand('changed', 'a', {options: {qos: 1}}),
    ruleCommand('uses', 'a'),
    ruleCommand('made', 'made'),
    ruleCommand('stopped', 'a'),
    {url: '/rules/stopped/stop', method: 'POST'},
    {url: '/plugins/sources', method: 'POST', data: {name: 'x', file: 'file:///x.zip'}},
    {url: '/config/uploads', method: 'POST', data: {name: 'x.txt', content: 'x'}},
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
function endState(): unknown {
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
  await engine.kill();
  place.remove();

  it('has something to be killed in', () => {
    expect(writes).toBeGreaterThanOrEqual(9);
  });

  describe.each(['before the engine acts', 'after the engine acted'] as const)('%s', moment => {
    it.each(Array.from({length: writes}, (_, i) => i + 1))('on request %i: the next pass ends as if nothing had happened', async k => {
      await settle();
      place.write(after);
      const killed = startRunner(place);
      engine.intercept = () => {
        if (engine.writes().length < k) return undefined;
        killed.child.kill('SIGKILL');
        return {reset: moment === 'before the engine acts' ? 'before' : 'after'};
      };
      await pollUntil(() => killed.child.signalCode === 'SIGKILL');
      engine.intercept = undefined;

      const {pass} = await composeRunner(place);
      const report = await pass();
      expect(report.outcomes.filter(({result}) => result !== 'done')).toEqual([]);
      expect(endState()).toEqual(wanted);
      expect(engine.starts.get('untouched')).toBeUndefined();
      // Whatever uses the changed confKey was restarted after it changed.
      const calls = engine.writes().map(({method, path}) => `${method} ${path}`);
      expect(calls.lastIndexOf('POST /rules/uses/restart')).toBeGreaterThan(calls.indexOf('PUT /metadata/sources/mqtt/confKeys/edge'));

      engine.forgetCalls();
      await pass();
      expect(engine.writes()).toEqual([]);
    });
  });
});
