import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {RunningProgram} from '#test/support/program.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, ruleCommand, startRunner, streamCommand} from '#test/support/runner.ts';

/** The program itself, beside an engine in which somebody works by hand. */
let engine: FakeEngine;
const places: RunnerPlace[] = [];
const runners: RunningProgram[] = [];
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map(runner => runner.end('SIGKILL')));
  await engine.kill().catch(() => {});
  for (const place of places.splice(0)) place.remove();
});

/** One interval, and what a busy machine needs to start a pass. */
const oneInterval = 1000 + 4000;
const until = (check: () => unknown, withinMs = oneInterval) =>
  pollUntil(check, {withinMs, what: () => runners.map(runner => runner.output()).join('\n')});

async function watch(files: Readonly<Record<string, string>>, settings: object = {}): Promise<RunningProgram> {
  const place = createRunnerPlace(engine.url, {intervalTime: 1, ...settings});
  place.write(files);
  const runner = startRunner(place);
  places.push(place);
  runners.push(runner);
  await until(() => runner.output().includes('"msg":"pass"'), 15_000);
  return runner;
}

const edge = (server: string) => ({url: '/metadata/sources/mqtt/confKeys/edge', method: 'PUT', data: {server}});
const rules = () => Object.keys(engine.state.rules).sort();

describe('within an interval', () => {
  it('a rule that was stopped by hand runs, and one that was started is stopped', async () => {
    await watch({'a.json': commandFile(streamCommand('a'), ruleCommand('on', 'a'), ruleCommand('off', 'a', {triggered: false}))});
    Object.assign(engine.state.stopped, {on: 'stopped'});
    delete engine.state.stopped['off'];
    await until(() => engine.state.stopped['on'] === undefined && engine.state.stopped['off'] === 'stopped');
  });

  it('a confKey that was changed by hand is as declared, and its rules have read it again', async () => {
    await watch({'a.json': commandFile(edge('tcp://a'), streamCommand('a', 'DATASOURCE="t", CONF_KEY="edge"'), ruleCommand('r', 'a'))});
    const before = engine.starts.get('r')!;
    engine.state.confKeys['sources/mqtt'] = {edge: {server: 'tcp://by-hand'}};
    await until(() => engine.starts.get('r')! > before);
    expect(engine.state.confKeys['sources/mqtt']).toEqual({edge: {server: 'tcp://a'}});
  });

  it('what was changed or deleted by hand is there, and what was added is left', async () => {
    await watch({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'), ruleCommand('s', 'a'))});
    engine.state.rules['r'] = '{"id":"r","sql":"SELECT 1 FROM a","actions":[{"nop":{}}]}';
    delete engine.state.rules['s'];
    engine.state.rules['by-hand'] = '{"id":"by-hand","sql":"SELECT 2 FROM a","actions":[{"nop":{}}]}';
    await until(() => engine.state.rules['r']!.includes('SELECT *') && engine.state.rules['s'] !== undefined);
    expect(rules()).toEqual(['by-hand', 'r', 's']);
  });
});

it('an engine that comes back with the data of another is provisioned within a heartbeat, whatever drift says', async () => {
  await watch(
    {'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'), {url: '/config/uploads', method: 'POST', data: {name: 'x'}})},
    {intervalTime: 3600, drift: 'report'},
  );
  engine.forgetCalls();
  await engine.restartEmpty();
  engine.load({
    streams: {other: 'CREATE STREAM other () WITH (DATASOURCE="o")'},
    rules: {other: '{"id":"other","sql":"SELECT * FROM other","actions":[{"nop":{}}]}'},
  });
  await until(() => rules().join() === 'other,r');
  expect(engine.writes().map(({method, path}) => `${method} ${path}`)).toEqual(['POST /config/uploads', 'POST /streams', 'POST /rules']);
});

it('two programs with scopes provision an engine that lost all at once, and then rest', async () => {
  const files = (scope: string) => ({
    'a.json': commandFile(streamCommand(scope), ...[1, 2, 3].map(n => ruleCommand(`${scope}-${n}`, scope)), ruleCommand('both', scope)),
  });
  await watch(files('west'), {scope: 'west'});
  await watch(files('east'), {scope: 'east'});
  expect(runners[1]!.output()).toContain('it belongs to scope west');
  const all = ['both', ...['east', 'west'].flatMap(scope => [1, 2, 3].map(n => `${scope}-${n}`))];
  expect(rules()).toEqual(all);
  await engine.restartEmpty();
  await until(() => rules().join() === all.join(), 10_000);
  const looks = (count: number) => until(() => engine.calls.filter(({path}) => path === '/ruleset/export').length >= count, 20_000);
  // The one that came second has noticed.
  engine.forgetCalls();
  await looks(6);
  const owner = engine.state.rules['both'];
  engine.forgetCalls();
  await looks(8);
  expect(engine.writes()).toEqual([]);
  expect(engine.state.rules['both']).toBe(owner);
});
