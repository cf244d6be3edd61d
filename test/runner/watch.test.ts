import {mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {freePort} from '#test/support/free-port.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {RunningProgram} from '#test/support/program.ts';
import {parseMetrics} from '#test/support/prometheus.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, ruleCommand, startRunner, streamCommand} from '#test/support/runner.ts';

let engine: FakeEngine;
let place: RunnerPlace;
let runner: RunningProgram | undefined;
let http: number;

beforeEach(async () => {
  engine = await FakeEngine.start();
  http = await freePort();
  place = createRunnerPlace(engine.url, {httpPort: http, intervalTime: 3600});
});
afterEach(async () => {
  await runner?.end('SIGKILL');
  runner = undefined;
  await engine.kill().catch(() => {});
  place.remove();
});

const rules = () => Object.keys(engine.state.rules).sort();
const streams = () => Object.keys(engine.state.streams).sort();
const until = (check: () => unknown, withinMs = 10_000) => pollUntil(check, {withinMs, what: () => runner?.output() ?? ''});
const face = (route: string, method = 'GET') => fetch(`http://127.0.0.1:${http}${route}`, {method});
const logLines = () =>
  runner!
    .output()
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Record<string, unknown>);

describe('the runner as a sidecar', () => {
  describe.each(['up to 1.22', 'from 1.23'] as const)('over a ConfigMap of a kubelet %s', order => {
    it('has created, changed and pruned within a second of the swap, however slow the kubelet is around it', async () => {
      const volume = new KubeletVolume(place.commands, order);
      volume.update({
        'a.json': commandFile(streamCommand('a'), ruleCommand('changed', 'a')),
        'b.json': commandFile(ruleCommand('gone', 'a')),
      });
      runner = startRunner(place);
      await until(() => rules().join() === 'changed,gone');

      const next = {
        'a.json': commandFile(streamCommand('a'), ruleCommand('changed', 'a', {options: {qos: 1}})),
        'c.json': commandFile(ruleCommand('made', 'a')),
      };
      const steps: string[] = [];
      for (const step of volume.steps(next)) {
        step.run();
        steps.push(step.name);
        // The pause between two steps of a slow node; longer than the runner waits for quiet.
        if (step.name !== 'swap') await new Promise(resolve => setTimeout(resolve, 130));
        else await until(() => rules().join() === 'changed,made' && engine.state.rules['changed']!.includes('qos'), 1000);
      }
      expect(steps.filter(name => name === 'swap')).toHaveLength(1);
      expect(engine.starts.get('changed')).toBe(2);
      expect(engine.writes().filter(({path: url}) => url.startsWith('/streams'))).toHaveLength(1);
    });
  });

  it('logs one line for each change, with its place in the files', async () => {
    place.write({'a.json': commandFile(streamCommand('demo'), ruleCommand('r1', 'demo'), {url: '/rules', method: 'get'})});
    runner = startRunner(place);
    await until(() => logLines().some(({msg}) => msg === 'pass'));
    expect(
      logLines()
        .filter(({msg}) => /^(?:created|asked)/.test(String(msg)))
        .map(({msg, file}) => `${msg} ${file}`),
    ).toEqual(['created stream demo a.json:1:14', 'created rule r1 a.json:1:129', 'asked GET /rules a.json:1:231']);
    expect(logLines().find(({msg}) => msg === 'asked GET /rules')!['answer']).toContain('"id": "r1"');
  });

  it('waits for an engine that is not there yet and loses nothing', async () => {
    await engine.kill();
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => runner!.output().includes('waiting for the engine'));
    expect((await face('/readyz')).status).toBe(503);
    expect((await face('/healthz')).status).toBe(200);
    place.write({'b.json': commandFile(streamCommand('b'))});
    await engine.listen();
    await until(() => streams().join() === 'a,b');
    await until(async () => (await face('/readyz')).status === 200);
  });

  it('provisions an engine that was restarted empty, without a touch of the files', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    runner = startRunner(place);
    await until(() => rules().join() === 'r1');
    await until(() => logLines().some(({msg}) => msg === 'pass'));
    await engine.restartEmpty();
    await until(() => rules().join() === 'r1', 4000);
    await until(() => runner!.output().includes('the engine had lost its state and was provisioned again'));
  });

  it('leaves an engine alone that was restarted with its state', async () => {
    place.write({
      'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'), ruleCommand('r2', 'a'), {url: '/rules/r2/stop', method: 'POST'}),
    });
    runner = startRunner(place);
    await until(() => logLines().some(({msg}) => msg === 'pass'));
    const {state} = engine;
    await engine.restartEmpty();
    // The rules are about to be started by the engine itself.
    engine.load({...state, stopped: {r1: 'stopped', r2: 'stopped'}});
    engine.forgetCalls();
    await until(() => engine.calls.filter(({path: url}) => url === '/ruleset/export').length >= 2);
    expect(engine.writes()).toEqual([]);
  });

  it('keeps the last good content of a file that breaks, says so once, and says when it is mended', async () => {
    place.write({'a.json': commandFile(streamCommand('a')), 'b.json': commandFile(streamCommand('b'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a,b');
    place.write({'a.json': '{"commands": [', 'b.json': undefined, 'c.json': commandFile(streamCommand('c'))});
    await until(() => streams().join() === 'a,b,c');
    await until(() => runner!.output().includes('file a.json is not in order'));
    const status = (await (await face('/status')).json()) as {files: {name: string; state: string; problems: string[]}[]};
    expect(status.files.find(({name}) => name === 'a.json')).toMatchObject({
      state: 'broken',
      problems: ['a.json:1:15: expected a JSON value, found the end of the file'],
    });
    place.write({'a.json': commandFile(streamCommand('a'))});
    await until(() => streams().join() === 'a,c');
    await until(() => runner!.output().includes('file a.json is in order'));
    expect(runner.output().split('file a.json is not in order')).toHaveLength(2);
  });

  it('does not call a file broken that is written in two halves', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a');
    const whole = commandFile(streamCommand('a'), streamCommand('b'));
    place.write({'a.json': whole.slice(0, 60)});
    await new Promise(resolve => setTimeout(resolve, 400));
    place.write({'a.json': whole});
    await until(() => streams().join() === 'a,b', 3000);
    expect(runner.output()).not.toContain('not in order');
  });

  it('waits for a file that is copied slowly', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a'))});
    runner = startRunner(place);
    await until(() => rules().join() === 'r');
    const whole = commandFile(streamCommand('a'), ruleCommand('r', 'a'), ...Array.from({length: 20}, (_, i) => streamCommand(`s${i}`)));
    for (let written = 0; written < 10; written++) {
      place.write({'a.json': whole.slice(0, (whole.length * written) / 10)});
      await new Promise(resolve => setTimeout(resolve, 150));
    }
    place.write({'a.json': whole});
    await until(() => streams().length === 21, 3000);
    expect(runner.output()).not.toContain('not in order');
    expect(engine.starts.get('r')).toBe(1);
  });

  const at = (name: string) => path.join(place.commands, name);
  const savers: readonly (readonly [editor: string, save: (name: string, text: string) => readonly (() => void)[]])[] = [
    [
      'vim',
      (name, text) => [
        () => writeFileSync(at('4913'), ''),
        () => rmSync(at('4913')),
        () => renameSync(at(name), at(`${name}~`)),
        () => writeFileSync(at(name), text),
        () => rmSync(at(`${name}~`)),
      ],
    ],
    [
      'emacs',
      (name, text) => [
        () => writeFileSync(at(`#${name}#`), text),
        () => renameSync(at(name), at(`${name}~`)),
        () => writeFileSync(at(name), text.slice(0, 40)),
        () => writeFileSync(at(name), text),
        () => rmSync(at(`#${name}#`)),
      ],
    ],
    [
      'JetBrains',
      (name, text) => [
        () => writeFileSync(at(`${name}___jb_tmp___`), text),
        () => renameSync(at(name), at(`${name}___jb_old___`)),
        () => renameSync(at(`${name}___jb_tmp___`), at(name)),
        () => rmSync(at(`${name}___jb_old___`)),
      ],
    ],
    ['sed -i', (name, text) => [() => writeFileSync(at('sedXyZ123'), text), () => renameSync(at('sedXyZ123'), at(name))]],
    ['rsync', (name, text) => [() => writeFileSync(at(`.${name}.Ab12Cd`), text), () => renameSync(at(`.${name}.Ab12Cd`), at(name))]],
  ];
  it.each(savers)('takes what %s saves, and loses nothing between its steps', async (_, save) => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r', 'a')), 'b.json': commandFile(streamCommand('b'))});
    runner = startRunner(place);
    await until(() => rules().join() === 'r' && streams().join() === 'a,b');
    for (const step of save('a.json', commandFile(streamCommand('a'), ruleCommand('r', 'a'), streamCommand('c')))) {
      step();
      // Longer than the runner waits for quiet, shorter than it takes to believe that a file is gone.
      await new Promise(resolve => setTimeout(resolve, 130));
    }
    await until(() => streams().join() === 'a,b,c', 3000);
    expect(engine.writes().filter(({method}) => method === 'DELETE')).toEqual([]);
    expect(engine.starts.get('r')).toBe(1);
    expect(runner.output()).not.toContain('not in order');
  });

  it('notices changes at once beside a link that leads in a circle', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    symlinkSync('loop.json', at('loop.json'));
    runner = startRunner(place);
    await until(() => streams().join() === 'a');
    await until(() => runner!.output().includes('loop.json'));
    place.write({'b.json': commandFile(streamCommand('b'))});
    await until(() => streams().join() === 'a,b', 3000);
    expect(runner.output()).not.toContain('cannot be watched');
  });

  it('follows a directory that is replaced', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a');
    renameSync(place.commands, `${place.commands}.old`);
    mkdirSync(place.commands);
    place.write({'b.json': commandFile(streamCommand('b'))});
    await until(() => streams().join() === 'b', 3000);
    place.write({'c.json': commandFile(streamCommand('c'))});
    await until(() => streams().join() === 'b,c', 3000);
  });

  it('prunes nothing when the directory vanishes', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a');
    rmSync(place.commands, {recursive: true});
    await until(() => runner!.output().includes('does not exist'));
    expect(streams()).toEqual(['a']);
  });

  it('looks again on SIGHUP and on POST /sync, also at what was refused', async () => {
    engine.intercept = ({method, path: url}) =>
      method === 'POST' && url === '/streams' ? {answer: 400, text: '{"error":1000,"message":"no room"}\n'} : undefined;
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => runner!.output().includes('no room'));
    engine.intercept = undefined;
    expect((await face('/sync', 'POST')).status).toBe(202);
    await until(() => streams().join() === 'a', 2000);
    engine.load({});
    runner.child.kill('SIGHUP');
    await until(() => streams().join() === 'a', 2000);
    expect((await face('/sync')).status).toBe(405);
    expect((await face('/else')).status).toBe(404);
  });

  it('reports its state, files and objects, and counts what it did', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a')), 'b.json': commandFile(ruleCommand('r2', 'none'))});
    runner = startRunner(place);
    await until(() => runner!.output().includes('could not create rule r2'));
    await until(async () => (await face('/readyz')).status === 200);
    const status = (await (await face('/status')).json()) as {inSync: boolean; objects: Record<string, unknown>[]};
    expect(status.inSync).toBe(false);
    expect(status.objects).toMatchObject([
      {kind: 'stream', name: 'a', state: 'applied', place: 'a.json:1:14', command: 0},
      {kind: 'rule', name: 'r1', state: 'applied', ruleState: 'running', healthy: true},
      {
        kind: 'rule',
        name: 'r2',
        state: 'failed',
        error: 'the engine answered 400: fail to get stream none, please check if stream is created',
        place: 'b.json:1:14',
        attempts: 1,
      },
    ]);
    const page = await face('/');
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("default-src 'none'")]);
    expect(await page.text()).toContain('<td>rule r2</td><td>failed</td>');
    const metrics = await (await face('/metrics')).text();
    expect([...parseMetrics(metrics).keys()].length).toBeGreaterThan(12);
    expect(metrics).toContain('arrokoth_runner_changes_total{action="create"} 2');
    expect(metrics).toContain('arrokoth_runner_engine_requests_total{method="POST",code="201"} 2');
    expect(metrics).toContain('arrokoth_runner_objects{state="failed"} 1');
    expect(metrics).toContain('arrokoth_runner_apply_errors_total{reason="400"} 1');
  });

  it('watches how the rules do: status, metrics, log and readiness tell, and an outage does not make it unready', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: '1s'});
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'), ruleCommand('r2', 'a'))});
    engine.nodes.set('r1', {source_a_0_connection_status: 1});
    runner = startRunner(place);
    await until(async () => (await face('/readyz')).status === 200);
    engine.nodes.set('r1', {source_a_0_connection_status: -1, source_a_0_connection_last_disconnected_message: 'connection refused'});
    await until(() => runner!.output().includes('rule r1 is not well'));
    const ready = await face('/readyz');
    expect([ready.status, await ready.text()]).toEqual([
      200,
      'ok\n1 of 2 rules are not well\nrule r1: source a is not connected: connection refused\n',
    ]);
    const status = (await (await face('/status')).json()) as {inSync: boolean; rules: object; objects: {name: string}[]};
    expect(status).toMatchObject({inSync: false, rules: {healthy: 1, unhealthy: 1}});
    expect(status.objects.find(({name}) => name === 'r1')).toMatchObject({
      state: 'applied',
      healthy: false,
      reasons: [{reason: 'source', text: 'source a is not connected: connection refused', forSeconds: expect.any(Number)}],
      lastSuccess: {revision: expect.any(String)},
    });
    const metrics = parseMetrics(await (await face('/metrics')).text());
    const unhealthy = metrics.get('arrokoth_runner_unhealthy_rules')!.samples;
    expect([...unhealthy.keys()]).toEqual(
      ['refused', 'pending', 'run_state', 'source', 'sink', 'exceptions'].map(code => `{reason="${code}"}`),
    );
    expect(unhealthy.get('{reason="source"}')).toBe(1);
    expect(metrics.get('arrokoth_runner_healthy_rules')!.samples.get('')).toBe(1);
    engine.nodes.set('r1', {source_a_0_connection_status: 1});
    await until(() => runner!.output().includes('rule r1 is well again'));
    await engine.kill();
    await until(() => runner!.output().includes('waiting for the engine'));
    expect(await (await face('/status')).json()).toMatchObject({
      engine: {reachable: false, problem: expect.stringContaining('ECONNREFUSED')},
    });
    expect(
      parseMetrics(await (await face('/metrics')).text())
        .get('arrokoth_runner_engine_up')!
        .samples.get(''),
    ).toBe(0);
    expect((await face('/readyz')).status).toBe(200);
  });

  it('is ready only once its rules were well where readyNeeds says so, and stays ready', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: '1s', readyNeeds: 'rules'});
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    engine.nodes.set('r1', {sink_mqtt_0_0_connection_status: -1});
    runner = startRunner(place);
    await until(() => runner!.output().includes('rule r1 is not well'));
    expect((await face('/readyz')).status).toBe(503);
    engine.nodes.delete('r1');
    await until(async () => (await face('/readyz')).status === 200);
    engine.nodes.set('r1', {sink_mqtt_0_0_connection_status: -1});
    await until(() => runner!.output().split('rule r1 is not well').length === 3);
    expect((await face('/readyz')).status).toBe(200);
  });

  it('judges rules by their run state at each pass where no looks are wanted', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: 0, readyNeeds: 'rules', drift: 'ignore', intervalTime: 1});
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    runner = startRunner(place);
    await until(async () => (await face('/readyz')).status === 200);
    engine.state.stopped['r1'] = 'stopped';
    await until(() => runner!.output().includes('rule r1 is not well'));
    expect(engine.calls.some(({path: url}) => url.includes('status'))).toBe(false);
  });

  it('judges rules by their run state where the engine counts nothing, as eKuiper 1.x', async () => {
    engine.hasStatusAll = false;
    place.remove();
    place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: '1s', drift: 'ignore', intervalTime: 1});
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'), ruleCommand('r2', 'a'))});
    runner = startRunner(place);
    await until(async () => (await face('/readyz')).status === 200);
    engine.state.stopped['r1'] = 'stopped';
    await until(() => runner!.output().includes('rule r1 is not well'));
    expect(await (await face('/status')).json()).toMatchObject({rules: {healthy: 1, unhealthy: 1}});
  });

  it('takes a version back that leaves its rule failing, and tries it again when asked', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {httpPort: http, healthInterval: '1s', rollback: 'file', rollbackGrace: '1s'});
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    runner = startRunner(place);
    await until(async () => (await face('/readyz')).status === 200);
    // The first version has to prove itself, too.
    await until(() => engine.calls.filter(({path: url}) => url === '/rules/status/all').length >= 3);
    const failures = {
      op_2_project_0_records_in_total: 5,
      op_2_project_0_exceptions_total: 5,
      op_2_project_0_last_exception: 'divide by zero',
    };
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a', {sql: 'SELECT 1/0 FROM a'}))});
    engine.intercept = ({method, body}) => {
      if (method === 'PUT' && body.includes('1/0')) engine.nodes.set('r1', failures);
      else if (method === 'PUT') engine.nodes.delete('r1');
      return undefined;
    };
    await until(() => logLines().some(({msg}) => msg === 'file a.json left rules unwell: going back to what it said before'));
    await until(() => runner!.output().includes('file a.json is rolled back until it changes'));
    expect(engine.state.rules['r1']).toContain('SELECT *');
    expect(await (await face('/status')).json()).toMatchObject({
      inSync: false,
      files: [{name: 'a.json', state: 'rolled back', problems: [expect.stringContaining('divide by zero')]}],
    });
    expect(
      parseMetrics(await (await face('/metrics')).text())
        .get('arrokoth_runner_rollbacks_total')!
        .samples.get(''),
    ).toBe(1);
    engine.forgetCalls();
    await face('/sync', 'POST');
    await until(() => engine.writes().some(({method, body}) => method === 'PUT' && body.includes('1/0')));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s with code 0 after the request in flight', async signal => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    engine.intercept = ({method, path: url}) => (method === 'POST' && url === '/streams' ? {delayMs: 300} : undefined);
    runner = startRunner(place);
    await until(() => engine.writes().length === 1);
    expect(await runner.end(signal)).toBe(0);
    expect(streams()).toEqual(['a']);
    expect(rules()).toEqual([]);
    expect(runner.output()).toContain('"msg":"stopped"');
  });

  it('runs on a cron expression in place of an interval', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {schedule: '* * * * * *'});
    place.write({'a.json': commandFile(streamCommand('a'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a');
    engine.load({});
    await until(() => streams().join() === 'a', 3000);
  });

  it('ends with 1 when it cannot run as it is told', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {schedule: 'every day'});
    runner = startRunner(place);
    await until(() => runner!.child.exitCode !== null);
    expect(runner.child.exitCode).toBe(1);
    expect(runner.output()).toContain('schedule: "every day" is not a cron expression');
  });

  it('lives without a writable state directory and says so', async () => {
    writeFileSync(path.join(place.root, 'state'), 'a file in the way');
    place.write({'a.json': commandFile(streamCommand('a')), 'b.json': commandFile(streamCommand('b'))});
    runner = startRunner(place);
    await until(() => streams().join() === 'a,b');
    await until(() => runner!.output().includes('lives in memory'));
    const {inventory} = (await (await face('/status')).json()) as {inventory: object};
    expect(inventory).toMatchObject({durable: false});
    place.write({'b.json': undefined});
    await until(() => streams().join() === 'a', 3000);
  });
});
