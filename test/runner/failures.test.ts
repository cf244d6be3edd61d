import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Outcome} from '#runner/reconcile/apply.ts';
import {describeChange} from '#runner/reconcile/change.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {Fault} from '#test/support/recording-server.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, ruleCommand, streamCommand} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

let engine: FakeEngine;
let place: RunnerPlace;
let clock: VirtualClock;

beforeEach(async () => {
  engine = await FakeEngine.start();
  clock = new VirtualClock(0);
  engine.upTimeMs = () => clock.now() + 60_000;
  place = createRunnerPlace(engine.url, {consoleLog: false, parallelism: 1, timeout: 300});
});
afterEach(async () => {
  await engine.kill().catch(() => {});
  place.remove();
});

const compose = () => composeRunner(place, clock);
const results = ({outcomes}: PassReport) =>
  Object.fromEntries(outcomes.map(outcome => [describeChange(outcome.change, false), shown(outcome)]));
const writes = () => engine.writes().map(({method, path}) => `${method} ${path}`);

function shown(outcome: Outcome): string {
  if (outcome.result === 'blocked') return `blocked by ${outcome.by}`;
  return 'failure' in outcome ? `${outcome.result}: ${outcome.failure.message}` : outcome.result;
}

const inTime = <T>(pass: Promise<T>) => clock.during(pass);

/** The fault for the first `times` requests of one kind. */
function failing(call: string, fault: Fault, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  engine.intercept = ({method, path}) => (`${method} ${path}` === call && left-- > 0 ? fault : undefined);
}

describe('a request that fails', () => {
  const passing: readonly {name: string; fault: Fault; message: string}[] = [
    {name: '500', fault: {answer: 500, text: 'out of memory'}, message: 'the engine answered 500: out of memory'},
    {name: '503 without words', fault: {answer: 503, text: ''}, message: 'the engine answered 503'},
    {name: '408', fault: {answer: 408, text: 'slow'}, message: 'the engine answered 408: slow'},
    {name: '401', fault: {answer: 401, text: 'invalid token'}, message: 'the engine answered 401: invalid token'},
    {name: '425', fault: {answer: 425, text: 'early'}, message: 'the engine answered 425: early'},
    {name: 'a broken connection', fault: {reset: 'before'}, message: 'the connection to the engine broke: socket hang up'},
    {name: 'no answer in time', fault: {silence: 'before'}, message: 'the engine gave no answer within 300 ms'},
  ];
  it.each(passing)('with $name is tried again later and later, and keeps nothing else waiting', async ({fault, message}) => {
    place.write({'a.json': commandFile(streamCommand('a'), streamCommand('b'), ruleCommand('r', 'b'))});
    let left = 3;
    engine.intercept = ({body}) => (body.includes('CREATE STREAM a') && left-- > 0 ? fault : undefined);
    const {pass} = await compose();
    const first = await pass();
    expect(results(first)).toEqual({'create stream a': `failed: ${message}`, 'create stream b': 'done', 'create rule r': 'done'});
    const waits: number[] = [];
    for (let report = first; report.lookAgainAt !== undefined; report = await pass()) {
      engine.forgetCalls();
      await pass();
      expect(writes(), 'before its time').toEqual([]);
      waits.push(report.lookAgainAt - clock.now());
      clock.advanceTo(report.lookAgainAt);
    }
    expect(waits.map(wait => Math.round(2 ** Math.ceil(Math.log2(wait / 1000))))).toEqual([1, 2, 4]);
    expect(engine.state.streams['a']).toBeDefined();
  });

  it('with 429 waits as long as it was told', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    failing('POST /streams', {answer: 429, headers: {'retry-after': '7'}}, 1);
    const {pass} = await compose();
    const {lookAgainAt} = await pass();
    expect(lookAgainAt).toBe(7000);
    clock.advanceTo(7000);
    expect(results(await pass())).toEqual({'create stream a': 'done'});
  });

  it.each([302, 400, 403, 404, 409, 422])('with %i waits for other content', async status => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    failing('POST /streams', {answer: status, text: '{"error":1000,"message":"no"}\n'});
    const {pass} = await compose();
    const first = await pass();
    expect(results(first)).toEqual({'create stream a': `failed: the engine answered ${status}: no`});
    expect(first.lookAgainAt).toBeUndefined();
    engine.forgetCalls();
    clock.advance(3_600_000);
    await pass();
    expect(writes()).toEqual([]);
    place.write({'a.json': commandFile(streamCommand('a'), {url: '/streams', method: 'GET'})});
    await pass();
    expect(writes()).toEqual(['POST /streams']);
  });

  const unknown: readonly Fault[] = [{reset: 'after'}, {silence: 'after'}, {half: true}];
  it.each(unknown)('without a known outcome (%j) is looked up before it is repeated', async fault => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'))});
    failing('POST /streams', fault, 1);
    const {pass} = await compose();
    expect(results(await pass())).toMatchObject({'create rule r': 'blocked by stream a'});
    engine.forgetCalls();
    clock.advance(2000);
    expect(results(await pass())).toEqual({'create rule r': 'done'});
    expect(writes()).toEqual(['POST /rules']);
    // What came of the unknown outcome is the runner's own.
    place.write({'a.json': commandFile(streamCommand('b'))});
    await inTime(pass());
    expect(Object.keys(engine.state.streams)).toEqual(['b']);
  });

  it('blocks what depends on it and nothing else', async () => {
    place.write({
      'a.json': commandFile(streamCommand('a'), ruleCommand('of-a', 'a'), {url: '/rules/of-a/stop', method: 'POST'}),
      'b.json': commandFile(streamCommand('b'), ruleCommand('of-b', 'b')),
    });
    engine.intercept = ({body}) => (body.includes('CREATE STREAM a') ? {answer: 400, text: 'no'} : undefined);
    const {pass} = await compose();
    expect(results(await pass())).toEqual({
      'create stream a': 'failed: the engine answered 400: no',
      'create rule of-a': 'blocked by stream a',
      'stop rule of-a': 'blocked by rule of-a',
      'create stream b': 'done',
      'create rule of-b': 'done',
    });
  });
});

describe('an engine that changes under the runner', () => {
  it('has the object already, as declared: nothing more is sent', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    engine.intercept = ({path}) => {
      if (path === '/streams') engine.state.streams['a'] = 'create stream a() with (datasource="t", format="json")';
      return undefined;
    };
    const {pass} = await compose();
    expect(results(await pass())).toEqual({'create stream a': 'done'});
    expect(writes()).toEqual(['POST /streams']);
  });

  it('has another object of that name: it is replaced', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'))});
    engine.intercept = ({method, path}) => {
      if (`${method} ${path}` === 'POST /rules') engine.state.rules['r'] = '{"id":"r","sql":"SELECT 1 FROM a","actions":[{"log":{}}]}';
      return undefined;
    };
    const {pass} = await compose();
    expect(results(await pass())).toEqual({'create stream a': 'done', 'create rule r': 'done'});
    expect(writes()).toEqual(['POST /streams', 'POST /rules', 'PUT /rules/r']);
  });

  it('has lost what is to be deleted: done', async () => {
    place.write({'a.json': commandFile({url: '/rules/r', method: 'DELETE'}, {url: '/streams/a', method: 'DELETE'})});
    engine.load({
      streams: {a: 'CREATE STREAM a () WITH (DATASOURCE="t")'},
      rules: {r: '{"id":"r","sql":"SELECT * FROM a","actions":[{"log":{}}]}'},
    });
    engine.intercept = ({method}) => {
      if (method === 'DELETE') engine.load({});
      return undefined;
    };
    const {pass} = await compose();
    expect(results(await pass())).toEqual({'delete rule r': 'done', 'delete stream a': 'done'});
  });

  it('goes away in the middle: the rest is not sent, and the next pass does it', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), streamCommand('b'), streamCommand('c'))});
    let seen = 0;
    engine.intercept = ({path}) => {
      if (path === '/streams' && ++seen === 2) void engine.kill();
      return undefined;
    };
    const {pass} = await compose();
    const report = await pass();
    expect(report.problem).toBeDefined();
    expect(engine.state.streams['c']).toBeUndefined();
    await engine.listen();
    clock.advance(5000);
    await pass();
    expect(Object.keys(engine.state.streams).sort()).toEqual(['a', 'b', 'c']);
  });

  it('goes away by an action that it did: that is not repeated when it is back', async () => {
    place.write({'a.json': JSON.stringify({commands: [{url: '/stop', method: 'post'}]})});
    let isGone = false;
    engine.intercept = ({path}) => {
      if (isGone) return {reset: 'before'};
      if (path !== '/stop') return undefined;
      isGone = true;
      return {answer: 200, text: 'stop success'};
    };
    const {pass} = await compose();
    expect((await pass()).problem).toBeDefined();
    isGone = false;
    await (await compose()).pass();
    expect(writes()).toEqual(['POST /stop']);
  });

  it('answers with success and does not do it: that is no success', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    failing('POST /streams', {answer: 201, text: 'Stream a is created.'}, 1);
    const {pass} = await compose();
    expect(results(await pass())).toEqual({'create stream a': 'failed: the engine answered with success, but does not hold it'});
    clock.advance(2000);
    expect(results(await pass())).toEqual({'create stream a': 'done'});
  });

  const unreadable: readonly {name: string; call: string; fault: Fault}[] = [
    {name: 'an error', call: 'POST /ruleset/export', fault: {answer: 500, text: 'no'}},
    {name: 'half an answer', call: 'POST /ruleset/export', fault: {half: true}},
    {name: 'nonsense', call: 'POST /ruleset/export', fault: {answer: 200, text: '<html>'}},
    {name: 'an error for the states of rules', call: 'GET /rules', fault: {answer: 500, text: 'no'}},
  ];
  it.each(unreadable)('says nothing about what it holds ($name): nothing is changed', async ({call, fault}) => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    engine.load({rules: {r: '{"id":"r","sql":"SELECT * FROM a","actions":[{"log":{}}]}'}});
    failing(call, fault);
    const {pass} = await compose();
    const {problem} = await pass();
    expect(problem).toBeDefined();
    expect(writes()).toEqual([]);
    engine.intercept = undefined;
    await pass();
    expect(writes()).toEqual(['POST /streams']);
  });

  it('has no /ruleset/export: it is asked name by name', async () => {
    engine.hasExport = false;
    engine.load({
      streams: {
        a: 'CREATE STREAM a () WITH (DATASOURCE="t", FORMAT="JSON")',
        b: 'CREATE STREAM b () WITH (DATASOURCE="old", FORMAT="JSON")',
      },
    });
    place.write({'a.json': commandFile(streamCommand('a'), streamCommand('b'), ruleCommand('r', 'a'))});
    const {pass} = await compose();
    await pass();
    expect(writes()).toEqual(['PUT /streams/b', 'POST /rules']);
    engine.forgetCalls();
    await pass();
    expect(writes()).toEqual([]);
  });
});

describe('an engine that stores content in its own form', () => {
  it('is written to once', async () => {
    engine.storeProperties = properties => ({...(properties as object), port: 1883, qos: '1'});
    place.write({'a.json': commandFile({url: '/metadata/sources/mqtt/confKeys/edge', method: 'PUT', data: {server: 'tcp://a', qos: 1}})});
    for (const process of [1, 2]) {
      const {pass} = await compose();
      for (let i = 0; i < 3; i++) await pass();
      expect(writes(), `process ${process}`).toEqual(['PUT /metadata/sources/mqtt/confKeys/edge']);
    }
    engine.state.confKeys['sources/mqtt']!['edge'] = {server: 'tcp://other'};
    await (await compose()).pass();
    expect(writes()).toHaveLength(2);
  });

  it('has rules that ended by themselves: they are not started again', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'), ruleCommand('s', 'a'))});
    const {pass} = await compose();
    await pass();
    engine.finished.add('r');
    Object.assign(engine.state.stopped, {r: 'stopped', s: 'stopped'});
    engine.forgetCalls();
    const report = await pass();
    expect(writes()).toEqual(['POST /rules/s/start']);
    expect([...report.plan.finished]).toEqual(['r']);
  });

  it('has a rule that stops by an error again and again: it is started later and later', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'))});
    const {pass} = await compose();
    await pass();
    engine.forgetCalls();
    for (let second = 0; second < 120; second++) {
      engine.state.stopped['r'] = 'stopped by error';
      await pass();
      clock.advance(1000);
    }
    expect(writes().length).toBeGreaterThan(4);
    expect(writes().length).toBeLessThan(12);
    // Once it was seen running, the waits begin anew.
    delete engine.state.stopped['r'];
    await pass();
    engine.state.stopped['r'] = 'stopped by error';
    engine.forgetCalls();
    await pass();
    expect(writes()).toEqual(['POST /rules/r/start']);
  });

  it('refuses to start a rule that nobody defines: that is said', async () => {
    place.write({'a.json': commandFile({url: '/rules/none/start', method: 'POST'})});
    const {pass} = await compose();
    expect(results(await pass())).toEqual({
      'start rule none':
        'failed: the engine answered 404: start rule error: Rule none is not found in registry, please check if it is created',
    });
    engine.forgetCalls();
    await pass();
    expect(writes()).toEqual([]);
  });

  it('sends bodies byte for byte, whatever their numbers', async () => {
    const body = '{ "id": "big",  "sql": "SELECT * FROM a", "actions": [{"mqtt": {"n": 12345678901234567890, "f": 1.0, "e": 1E5}}] }';
    place.write({
      'a.json': commandFile(streamCommand('a')),
      'b.json': `{"commands": [{"method": "POST", "url": "/rules", "data": ${body}}]}`,
    });
    const {pass} = await compose();
    await pass();
    expect(engine.state.rules['big']).toBe(body);
    // One digit is a difference.
    engine.state.rules['big'] = body.replace('7890,', '7891,');
    engine.forgetCalls();
    await pass();
    expect(writes()).toEqual(['PUT /rules/big']);
  });
});

it('writes nothing in a day of passes without a change', async () => {
  place.write({
    'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'), {url: '/rules', method: 'GET'}),
    'b.json': commandFile({url: '/config/uploads', method: 'POST', data: {name: 'a.txt', content: 'a'}}),
  });
  const {pass} = await compose();
  await pass();
  engine.forgetCalls();
  for (let i = 0; i < 1000; i++) {
    clock.advance(86_400);
    await pass();
  }
  expect(writes()).toEqual([]);
  expect(engine.calls.length).toBe(3000);
});

describe('SQL that this program cannot parse', () => {
  const files = () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('new', 'a', {sql: 'SELECT * FROM a WHERE THEY FIT'}))});
  };

  it('goes to a foreign engine with a warning: that engine decides', async () => {
    files();
    const report = await (await compose()).pass();
    expect(results(report)).toEqual({'create stream a': 'done', 'create rule new': 'done'});
    expect(report.files).toMatchObject([{state: 'good', problems: [expect.stringContaining('a.json:1:')]}]);
  });

  it('breaks its file for an engine that reads the same language', async () => {
    engine.server = 'arrokoth/0.1.0';
    files();
    const report = await (await compose()).pass();
    expect(writes()).toEqual([]);
    expect(report.files).toMatchObject([{state: 'unsettled'}]);
  });
});

describe('a prune', () => {
  const remove = async () => {
    place.write({'a.json': commandFile(streamCommand('a')), 'b.json': commandFile(streamCommand('b'))});
    const {pass} = await compose();
    await pass();
    place.write({'b.json': undefined});
    engine.forgetCalls();
    return pass;
  };

  it('needs two reads of the directory that agree', async () => {
    const pass = await remove();
    const running = pass();
    // The second read is a quarter of a second after the first.
    await pollUntil(() => clock.waiting > 0);
    place.write({'b.json': commandFile(streamCommand('b'))});
    clock.advance(1000);
    expect((await running).plan.held).toEqual([{key: 'stream b', reason: 'the directory is changing'}]);
    expect(writes()).toEqual([]);
    await inTime(pass());
    expect(writes()).toEqual([]);
  });

  it('follows at once, within the same pass', async () => {
    const pass = await remove();
    await inTime(pass());
    expect(writes()).toEqual(['DELETE /streams/b']);
  });

  it('deletes nothing without an inventory that proves who made it', async () => {
    await remove();
    rmSync(place.state, {recursive: true});
    const {pass} = await compose();
    await inTime(pass());
    expect(writes()).toEqual([]);
    expect(Object.keys(engine.state.streams)).toEqual(['a', 'b']);
  });

  it('sets a damaged inventory aside and adopts what matches', async () => {
    const pass = await remove();
    await inTime(pass());
    writeFileSync(path.join(place.state, 'inventory.json'), '{"version": 1, "obj');
    const runner = await compose();
    engine.forgetCalls();
    await inTime(runner.pass());
    expect(writes()).toEqual([]);
    expect(existsSync(path.join(place.state, 'inventory.json.damaged'))).toBe(true);
    expect(readFileSync(path.join(place.state, 'inventory.json'), 'utf8')).toContain('"stream a"');
  });
});
