import {rmSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {EngineProxy} from '#test/support/engine-proxy.ts';
import {changeEngineState, emptyEngine, readEngineState} from '#test/support/engine-state.ts';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {httpRequest} from '#test/support/http-request.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, ruleCommand, streamCommand} from '#test/support/runner.ts';
import {startEngine} from '#test/support/running-engine.ts';

interface Stage {
  readonly url: string;
  close(): Promise<unknown>;
}

/** An engine that only remembers, our own, and that of ENGINE_URL, which is emptied. */
const engines: readonly {readonly name: string; start(): Promise<Stage>}[] =
  process.env['ENGINE_URL'] === undefined
    ? [
        {
          name: 'an engine that only remembers',
          start: () => FakeEngine.start().then(engine => ({url: engine.url, close: () => engine.kill()})),
        },
        {name: 'our engine', start: () => startEngine().then(engine => ({url: engine.url, close: () => engine.stop()}))},
      ]
    : [
        {
          name: 'the engine of ENGINE_URL',
          start: async () => ({url: process.env['ENGINE_URL']!.replace(/\/+$/, ''), close: async () => {}}),
        },
      ];

/** One of the runners: what it sent, and what it says. */
interface Side {
  readonly place: RunnerPlace;
  readonly front: EngineProxy;
  /** Starts its process anew. */
  restart(): Promise<void>;
  loseInventory(): void;
  pass(): Promise<PassReport>;
  writes(): readonly string[];
}

async function startSide(engineUrl: string, scope: string, settings: object = {}): Promise<Side> {
  const front = await EngineProxy.start(engineUrl);
  const place = createRunnerPlace(front.url, {consoleLog: false, parallelism: 1, scope, ...settings});
  let runner = await composeRunner(place);
  return {
    place,
    front,
    async restart() {
      runner = await composeRunner(place);
    },
    loseInventory: () => rmSync(place.state, {recursive: true, force: true}),
    pass() {
      front.forgetCalls();
      return runner.pass();
    },
    writes: () => front.writes().map(({method, path}) => `${method} ${path}`),
  };
}

const conflictsOf = ({desired}: PassReport) => [...desired.conflicts.values()].map(({key, reason}) => `${key}: ${reason}`);
const heldBy = ({plan}: PassReport) => plan.held.map(({key, reason}) => `${key}: ${reason}`);

describe.each(engines)('two runners on $name', ({start}) => {
  let stage: Stage;
  let west: Side;
  let east: Side;
  const sides: Side[] = [];
  const side = async (scope: string, settings?: object) => {
    const one = await startSide(stage.url, scope, settings);
    sides.push(one);
    return one;
  };

  beforeAll(async () => {
    stage = await start();
    const {rules, streams} = await readEngineState(stage.url, []);
    expect({rules, streams}, 'the engine must be empty').toEqual({rules: {}, streams: {}});
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    west = await side('west');
    east = await side('east');
    west.place.write({
      'a.json': commandFile(streamCommand('w'), ruleCommand('west-1', 'w'), ruleCommand('west-2', 'w', {tags: ['mine']})),
      'b.json': commandFile(ruleCommand('west-3', 'w')),
    });
    east.place.write({
      'a.json': commandFile(streamCommand('e'), ruleCommand('east-1', 'e')),
      'b.json': commandFile(ruleCommand('east-2', 'e')),
    });
    await west.pass();
    await east.pass();
  });
  afterEach(async () => {
    for (const {front, place} of sides.splice(0)) {
      await front.kill();
      place.remove();
    }
    await emptyEngine(stage.url, {});
  });

  const held = () => readEngineState(stage.url, []);
  const textOf = async (rule: string) => (await httpRequest(stage.url, 'GET', `/rules/${rule}`)).text;
  const tagsOf = async (rule: string) => (JSON.parse(await textOf(rule)) as {tags?: unknown}).tags;
  const restSends = async () => {
    for (const one of [west, east, west]) {
      await one.pass();
      expect(one.writes()).toEqual([]);
    }
  };

  it('mark their rules, and find nothing to do afterwards', async () => {
    expect(await tagsOf('west-1')).toEqual(['arrokoth-scope:west']);
    expect(await tagsOf('west-2')).toEqual(['mine', 'arrokoth-scope:west']);
    expect(await tagsOf('east-1')).toEqual(['arrokoth-scope:east']);
    await restSends();
    for (const one of [west, east]) await one.restart();
    await restSends();
  });

  it('prune what is their own', async () => {
    west.place.write({'b.json': undefined});
    await west.pass();
    expect(west.writes()).toEqual(['DELETE /rules/west-3']);
    await restSends();
    expect(Object.keys((await held()).rules).sort()).toEqual(['east-1', 'east-2', 'west-1', 'west-2']);
  });

  it('disagree about a rule: it stays with the one that made it, and the other says whose it is', async () => {
    const before = await textOf('west-1');
    east.place.write({
      'c.json': commandFile(ruleCommand('west-1', 'e'), {url: '/rules/west-1/stop', method: 'POST'}, ruleCommand('east-3', 'e')),
    });
    const report = await east.pass();
    expect(conflictsOf(report)).toEqual(['rule west-1: it belongs to scope west']);
    expect(east.writes()).toEqual(['POST /rules']);
    expect(await textOf('west-1')).toBe(before);
    expect((await held()).rules['west-1']?.runs).toBe(true);
    await restSends();
    // Once its owner has let go of it, it is free.
    west.place.write({'a.json': commandFile(streamCommand('w'), ruleCommand('west-2', 'w', {tags: ['mine']}))});
    await west.pass();
    await east.pass();
    expect(await tagsOf('west-1')).toEqual(['arrokoth-scope:east']);
    expect((await held()).rules['west-1']?.runs).toBe(false);
    await restSends();
  });

  it('do not delete, stop, restart or retag rules of the other, nor everything at once', async () => {
    east.place.write({
      'c.json': commandFile(
        {url: '/rules/west-1', method: 'DELETE'},
        {url: '/rules/west-2/stop', method: 'POST'},
        {url: '/rules/west-3/restart', method: 'POST'},
        {url: '/rules/west-3/tags', method: 'PUT', data: {tags: ['arrokoth-scope:east']}},
        {url: '/rules/bulkstop', method: 'POST', data: {tags: ['mine']}},
        {url: '/ruleset/import', method: 'POST', data: {content: '{}'}},
        {url: '/rules/east-1/restart', method: 'POST'},
      ),
    });
    const report = await east.pass();
    expect(east.writes()).toEqual(['POST /rules/east-1/restart']);
    expect(conflictsOf(report)).toEqual(['rule west-1: it belongs to scope west', 'rule west-2: it belongs to scope west']);
    expect(report.outcomes.flatMap(outcome => ('failure' in outcome ? [outcome.failure.message] : []))).toEqual([
      'not sent: it would reach the objects of other scopes',
      'not sent: rule west-3 belongs to scope west',
      'not sent: rule west-3 belongs to scope west',
      'not sent: it would reach the objects of other scopes',
    ]);
    await east.pass();
    expect(east.writes()).toEqual([]);
  });

  it('heal what is their own, with its tag', async () => {
    await changeEngineState(stage.url, {
      rules: {'west-1': '{"id":"west-1","sql":"SELECT 1 AS one FROM w","actions":[{"nop":{}}]}'},
      stopped: {'west-2': 'stopped'},
    });
    await east.pass();
    expect(east.writes()).toEqual([]);
    await west.pass();
    expect(west.writes()).toEqual(['PUT /rules/west-1', 'POST /rules/west-2/start']);
    expect(await tagsOf('west-1')).toEqual(['arrokoth-scope:west']);
    await restSends();
  });

  it('adopt a rule without a tag that is as declared, and mark it when it changes', async () => {
    await changeEngineState(stage.url, {rules: {old: '{"id":"old","sql":"select * from e","actions":[{"nop":{}}]}'}});
    east.place.write({'c.json': commandFile(ruleCommand('old', 'e'))});
    await east.pass();
    expect(east.writes()).toEqual([]);
    // Nobody can tell who made it: it is not pruned.
    east.place.write({'c.json': undefined});
    expect(heldBy(await east.pass())).toEqual(['rule old: it was there before, and may be of another scope']);
    east.place.write({'c.json': commandFile(ruleCommand('old', 'e', {options: {qos: 1}}))});
    await east.pass();
    expect(await tagsOf('old')).toEqual(['arrokoth-scope:east']);
    east.place.write({'c.json': undefined});
    await east.pass();
    expect(east.writes()).toEqual(['DELETE /rules/old']);
    await restSends();
  });

  it('know their rules by the tag when the inventory is lost', async () => {
    await changeEngineState(stage.url, {rules: {nobody: '{"id":"nobody","sql":"SELECT * FROM e","actions":[{"nop":{}}]}'}});
    west.place.write({'b.json': undefined});
    west.loseInventory();
    await west.restart();
    await west.pass();
    expect(west.writes()).toEqual(['DELETE /rules/west-3']);
    // An empty directory proves nothing.
    west.loseInventory();
    west.place.write({'a.json': undefined});
    await west.restart();
    expect(heldBy(await west.pass())).toEqual(['west-1', 'west-2'].map(rule => `rule ${rule}: the command directory is empty`));
    expect(west.writes()).toEqual([]);
    expect(Object.keys((await held()).rules).sort()).toEqual(['east-1', 'east-2', 'nobody', 'west-1', 'west-2']);
  });

  it('hold back a prune by tag that is larger than maxDelete', async () => {
    const careful = await side('west', {maxDelete: '1'});
    careful.place.write({'a.json': commandFile(streamCommand('w'), ruleCommand('west-1', 'w'))});
    expect(heldBy(await careful.pass())).toEqual(
      ['west-2', 'west-3'].map(rule => `rule ${rule}: 2 objects would go, more than maxDelete (1) allows`),
    );
    expect(careful.writes()).toEqual([]);
  });

  it('provision each its own when the engine has lost all, whatever the other has made already', async () => {
    const reporting = await side('west', {drift: 'report'});
    reporting.place.write({
      'a.json': commandFile(streamCommand('w'), ruleCommand('west-1', 'w'), ruleCommand('west-2', 'w'), ruleCommand('west-3', 'w')),
    });
    await reporting.pass();
    await emptyEngine(stage.url, {});
    await reporting.restart();
    await east.pass();
    expect(east.writes()).toEqual(['POST /streams', 'POST /rules', 'POST /rules']);
    const report = await reporting.pass();
    expect(report.engineLostState).toBe(true);
    expect(reporting.writes()).toEqual(['POST /streams', 'POST /rules', 'POST /rules', 'POST /rules']);
    expect(Object.keys((await held()).rules)).toHaveLength(5);
  });

  it('stay within scopeObjects, object by object', async () => {
    const north = await side('north', {scopeObjects: ['stream n*', 'rule north-*']});
    north.place.write({
      'a.json': commandFile(
        streamCommand('n'),
        streamCommand('w', 'DATASOURCE="other"'),
        ruleCommand('north-1', 'n'),
        ruleCommand('free', 'n'),
        {url: '/rules/west-1', method: 'DELETE'},
      ),
    });
    const report = await north.pass();
    expect(conflictsOf(report)).toEqual(['stream w', 'rule free', 'rule west-1'].map(key => `${key}: it is outside scopeObjects`));
    expect(north.writes()).toEqual(['POST /streams', 'POST /rules']);
    north.place.write({'a.json': commandFile(streamCommand('n'))});
    await north.pass();
    expect(north.writes()).toEqual(['DELETE /rules/north-1']);
    await restSends();
  });

  it('are left alone by a runner without a scope', async () => {
    const plain = await side('');
    plain.place.write({
      'a.json': commandFile(streamCommand('w'), ruleCommand('west-1', 'w', {options: {qos: 1}}), ruleCommand('own', 'w')),
    });
    expect(conflictsOf(await plain.pass())).toEqual(['rule west-1: it belongs to scope west']);
    expect(plain.writes()).toEqual(['POST /rules']);
    expect(await tagsOf('own')).toBeUndefined();
  });

  it('refuse a file that claims a rule for another scope', async () => {
    east.place.write({'c.json': commandFile(ruleCommand('east-3', 'e', {tags: ['arrokoth-scope:west']}), ruleCommand('east-4', 'e'))});
    expect(conflictsOf(await east.pass())).toEqual(['rule east-3: its tags name scope west']);
    expect(east.writes()).toEqual(['POST /rules']);
  });
});
