import {spawn} from 'node:child_process';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import {collect, startProgram} from '#test/support/program.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, ruleCommand, runRunner, streamCommand} from '#test/support/runner.ts';
import {projectRoot} from '#test/support/source-tree.ts';

let engine: FakeEngine;
let place: RunnerPlace;
beforeEach(async () => {
  engine = await FakeEngine.start();
  place = createRunnerPlace(engine.url);
});
afterEach(async () => {
  await engine.kill().catch(() => {});
  place.remove();
});

/** What a person sees of a command on a terminal of eighty columns. */
async function onTerminal(...words: readonly string[]): Promise<string> {
  const command = [process.execPath, path.join(projectRoot, 'dist/runner.js'), ...words].join(' ');
  const {child, output} = collect(
    spawn('script', ['--quiet', '--return', '--command', `stty cols 80; ${command}`, '/dev/null'], {
      env: {...process.env, TERM: 'xterm', NO_COLOR: '1'},
    }),
  );
  await new Promise(resolve => child.once('close', resolve));
  return output();
}

const run = (command: string, ...more: readonly string[]) => runRunner(command, place, ...more);
const confKey = (data: object) => ({url: '/metadata/sources/mqtt/confKeys/edge', method: 'PUT', data});

describe('diff', () => {
  it('shows each object and changes nothing; 2 with differences, 0 without', async () => {
    engine.load({
      streams: {demo: 'CREATE STREAM demo () WITH (DATASOURCE="old", FORMAT="JSON")'},
      rules: {gone: '{"id":"gone","sql":"SELECT * FROM demo","actions":[{"nop":{}}]}'},
      confKeys: {'sources/mqtt': {edge: {server: 'tcp://a', password: 'before'}}},
    });
    place.write({
      'a.json': commandFile(
        streamCommand('demo'),
        ruleCommand('r1', 'demo'),
        {url: '/rules/gone', method: 'DELETE'},
        confKey({server: 'tcp://a', password: 'after'}),
      ),
    });
    const {code, stdout} = await run('diff');
    expect(stdout).toBe(`~ update confKey sources/mqtt/edge  (a.json:1:271)
@@ -1,4 +1,4 @@
 {
-  "password": "******",
+  "password": "******" (masked, differs),
   "server": "tcp://a"
 }
~ update stream demo  (a.json:1:14)
@@ -1,1 +1,1 @@
-CREATE STREAM demo () WITH (DATASOURCE="old", FORMAT="JSON")
+CREATE STREAM demo () WITH (DATASOURCE="t", FORMAT="JSON")
+ create rule r1  (a.json:1:129)
@@ -0,0 +1,9 @@
+{
+  "actions": [
+    {
+      "nop": {}
+    }
+  ],
+  "id": "r1",
+  "sql": "SELECT * FROM demo"
+}
- delete rule gone: declared absent  (a.json:1:231)
@@ -1,9 +0,0 @@
-{
-  "actions": [
-    {
-      "nop": {}
-    }
-  ],
-  "id": "gone",
-  "sql": "SELECT * FROM demo"
-}
`);
    expect(code).toBe(2);
    expect(engine.writes()).toEqual([]);
    expect(await run('sync')).toMatchObject({code: 0});
    expect(await run('diff')).toEqual({code: 0, stdout: '', stderr: ''});
  });

  it('as JSON, with the same exit code', async () => {
    place.write({'a.json': commandFile(streamCommand('demo'))});
    const {code, stdout} = await run('diff', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({changes: [{action: 'create', object: 'stream demo', place: 'a.json:1:14'}], unchanged: 0});
  });

  it('says that rules are restarted because of what they use', async () => {
    const edge = 'DATASOURCE="t", CONF_KEY="edge"';
    place.write({'a.json': commandFile(confKey({server: 'tcp://a'}), streamCommand('demo', edge), ruleCommand('r1', 'demo'))});
    await run('sync');
    place.write({'a.json': commandFile(confKey({server: 'tcp://b'}), streamCommand('demo', edge), ruleCommand('r1', 'demo'))});
    expect((await run('diff')).stdout).toContain('> restart rule r1: confKey sources/mqtt/edge changed');
  });

  it('is in colour where that is wanted', async () => {
    place.write({'a.json': commandFile(streamCommand('demo'))});
    const {child} = startProgram('runner', ['diff', place.config], {environment: {FORCE_COLOR: '1'}});
    let text = '';
    child.stdout!.on('data', part => {
      text += String(part);
    });
    await new Promise(resolve => child.once('close', resolve));
    expect(text).toContain('\u001b[32m+ create stream demo');
  });

  it('is 1 without an engine and with a broken file', async () => {
    place.write({'a.json': '{"commands": [null]}', 'b.json': commandFile(streamCommand('b'))});
    const broken = await run('diff');
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('file a.json is not in order');
    expect(broken.stdout).toContain('+ create stream b');
    await engine.kill();
    const {code, stdout} = await run('diff');
    expect(code).toBe(1);
    expect(stdout).toContain('no engine answers at');
  });
});

describe('sync and apply', () => {
  it('sync deletes what no file declares any more, apply does not', async () => {
    place.write({
      'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a')),
      'b.json': commandFile(ruleCommand('r2', 'a'), {url: '/rules/none', method: 'DELETE'}),
    });
    expect((await run('apply')).code).toBe(0);
    place.write({'b.json': commandFile({url: '/rules/r1', method: 'GET'})});
    const applied = await run('apply');
    expect(applied.code).toBe(0);
    expect(Object.keys(engine.state.rules)).toEqual(['r1', 'r2']);
    expect(applied.stdout).toContain('did not delete rule r2  reason=apply deletes nothing');
    const synced = await run('sync');
    expect(synced).toMatchObject({code: 0});
    expect(synced.stdout).toMatch(/✓ deleted rule r2 {2}reason=no file declares it any more/);
    expect(Object.keys(engine.state.rules)).toEqual(['r1']);
  });

  it('is 1 when something could not be done, and tells what was done and what not', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'none'))});
    const {code, stdout, stderr} = await run('sync', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      done: ['created stream a'],
      notDone: [
        {
          change: 'create rule r1',
          result: 'failed',
          place: 'a.json:1:126',
          error: 'the engine answered 400: fail to get stream none, please check if stream is created',
        },
      ],
    });
    expect(stderr).toContain('could not create rule r1');
  });

  it.each(['sync', 'apply'])('%s says what is wrong with a file, and does what the others declare', async command => {
    place.write({'a.json': commandFile(streamCommand('demo')), 'b.yaml': 'streams:\n  other: CREATE STREM other ()\n'});
    const {code, stdout} = await run(command);
    expect(code).toBe(1);
    expect(stdout).toContain('created stream demo');
    expect(stdout).toMatch(/file b\.yaml is not in order .*b\.yaml:2:17: /);
  });

  it('tells what was done when it is stopped half-way', async () => {
    place.write({'a.json': commandFile(...Array.from({length: 30}, (_, i) => streamCommand(`s${i}`)))});
    engine.intercept = ({method}) => (method === 'POST' ? {delayMs: 50} : undefined);
    const {child, output} = startProgram('runner', ['sync', place.config]);
    await pollUntil(() => engine.writes().length > 9);
    const ended = new Promise<number | null>(resolve => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    const done = Object.keys(engine.state.streams).length;
    expect(done).toBeLessThan(30);
    expect(output()).toContain(`pass  changes=${done} created=${done} notSent=${30 - done} unchanged=0`);
  });

  it('draws a bar on a terminal when it takes longer than a second, with whole log lines above it', async () => {
    place.write({'a.json': commandFile(...Array.from({length: 30}, (_, i) => streamCommand(`s${i}`)))});
    engine.intercept = ({method}) => (method === 'POST' ? {delayMs: 400} : undefined);
    const text = await onTerminal('sync', place.config);
    expect(text).toMatch(/\d+\/30 changes, \d+ s left/);
    expect(text.match(/✓ created stream s\d+/g)).toHaveLength(30);
    engine.intercept = undefined;
    place.write({'b.json': commandFile(streamCommand('quick'))});
    expect(await onTerminal('sync', place.config)).not.toContain('s left');
  });

  it('counts as done what is there afterwards, whatever the engine answers', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), streamCommand('b'))});
    engine.intercept = ({body}) => (body.includes('CREATE STREAM a') ? {answer: 201, text: 'Stream a is created.'} : undefined);
    const {code, stdout, stderr} = await run('sync', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      done: ['created stream b'],
      notDone: [{change: 'create stream a', error: 'the engine answered with success, but does not hold it'}],
    });
    expect(stderr).toContain('could not create stream a');
  });

  it('waits for the engine and for better times when it is told to', async () => {
    place.write({'a.json': commandFile(streamCommand('a'))});
    await engine.kill();
    let left = 1;
    engine.intercept = ({path}) => (path === '/streams' && left-- > 0 ? {answer: 503} : undefined);
    const running = run('sync', '--wait', '10s');
    await engine.listen();
    expect(await running).toMatchObject({code: 0});
    expect(Object.keys(engine.state.streams)).toEqual(['a']);
  });
});

describe('validate', () => {
  it('needs no engine; 0 for files in order, 1 otherwise', async () => {
    await engine.kill();
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    expect(await run('validate')).toEqual({code: 0, stdout: '1 files, 2 objects: in order\n', stderr: ''});
    place.write({
      'b.json': `{"commands": [\n${JSON.stringify(ruleCommand('r1', 'b'))},\n${JSON.stringify({url: '/rules', method: 'POST', data: {id: 'x', sql: 'SELEC 1', actions: [{nop: {}}]}})}\n]}`,
    });
    const {code, stdout} = await run('validate');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^b\.json:3:57: SQL: /);
    expect(stdout).toContain('a.json:1:126: rule r1: two files disagree about its definition: a.json:1:126, b.json:2:1');
    expect((await run('validate', '--json')).stdout).toContain('"ok": false');
  });

  it('says what is wrong with the configuration', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {intervalTime: 'often', comandDir: 'x'});
    const {code, stderr} = await run('validate');
    expect(code).toBe(1);
    expect(stderr).toMatch(/cf\.yaml:1:\d+: intervalTime: expected a whole number from 1 to 86400, got "often"\n$/);
  });
});

it('a word that is no command is not taken for a configuration file', async () => {
  const {code, stderr} = await runRunner('wach', place);
  expect(code).toBe(1);
  expect(stderr).toContain('unknown command "wach", did you mean "watch"?');
});

describe('status and ping', () => {
  it('status shows each object beside its file; 1 while something is open', async () => {
    place.write({'a.json': commandFile(streamCommand('a'), ruleCommand('r1', 'a'))});
    expect((await run('status')).code).toBe(1);
    await run('sync');
    const {code, stdout} = await run('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/OBJECT +STATE +RULE +FILE\nstream a +applied +a\.json:1:14\nrule r1 +applied +running +a\.json:1:126\n$/);
    engine.nodes.set('r1', {source_a_0_connection_status: -1, source_a_0_connection_last_disconnected_message: 'refused'});
    const unwell = await run('status');
    expect(unwell.code).toBe(1);
    expect(unwell.stdout).toMatch(/\nrule r1 +unwell +running +a\.json:1:126 +source a is not connected: refused\nstream a /);
    engine.nodes.clear();
    engine.state.stopped['r1'] = 'stopped by error';
    expect(await run('status')).toMatchObject({code: 1});
    expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({engine: {reachable: true, version: '2.4.0'}});
  });

  it('ping says who answers', async () => {
    expect(await run('ping')).toMatchObject({code: 0, stdout: expect.stringMatching(/answers: version 2\.4\.0, up \d+ s\n$/)});
    await engine.kill();
    expect(await run('ping')).toMatchObject({code: 1, stdout: expect.stringContaining('ECONNREFUSED')});
    expect(JSON.parse((await run('ping', '--json')).stdout)).toMatchObject({ok: false});
  });
});

it('secrets of files never reach output, log or status', async () => {
  const secret = 'hunter2hunter2';
  place.write({
    'a.json': commandFile(
      confKey({server: `tcp://user:${secret}@broker:1883`, password: secret}),
      streamCommand('a'),
      {
        url: '/rules',
        method: 'POST',
        data: {id: 'r1', sql: 'SELECT * FROM none', actions: [{mqtt: {server: 'tcp://x', password: secret, token: secret}}]},
      },
      {url: '/metadata/sources/yaml/mqtt', method: 'GET'},
    ),
  });
  engine.intercept = ({method, path, body}) =>
    method === 'POST' && path === '/rules'
      ? {answer: 400, text: JSON.stringify({error: 1000, message: `Parse rule ${body} error`})}
      : undefined;
  const outputs = [];
  for (const command of ['diff', 'sync', 'status', 'validate']) outputs.push(await run(command), await run(command, '--json'));
  const text = JSON.stringify(outputs);
  expect(text).toContain('Parse rule');
  expect(text).toContain('******');
  expect(text).not.toContain(secret);
});
