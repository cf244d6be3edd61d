import {renameSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import {
  type ComposedRunner,
  commandFile,
  composeRunner,
  createRunnerPlace,
  type RunnerPlace,
  ruleCommand,
  startRunner,
  streamCommand,
} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

let engine: FakeEngine;
let place: RunnerPlace;
let clock: VirtualClock;
let runner: ComposedRunner;

beforeEach(async () => {
  engine = await FakeEngine.start();
  clock = new VirtualClock(0);
  engine.upTimeMs = () => clock.now() + 60_000;
  place = createRunnerPlace(engine.url, {consoleLog: false, parallelism: 1, rollback: 'file', rollbackGrace: '30s'});
  await newProcess();
});
afterEach(async () => {
  await engine.kill().catch(() => {});
  place.remove();
});

async function newProcess(): Promise<void> {
  runner = await composeRunner(place, clock);
}

const writes = () => engine.writes().map(({method, path}) => `${method} ${path}`);
const stateOf = ({files}: PassReport, name = 'a.json') => files.find(file => file.name === name)?.state;
const sqlOf = (rule: string) => (JSON.parse(engine.state.rules[rule]!) as {sql: string}).sql;

/** Moves time until a pass has ended that waits by itself. */
async function pass(): Promise<PassReport> {
  let report: PassReport | undefined;
  void runner.pass().then(done => {
    report = done;
  });
  await pollUntil(
    () => {
      if (clock.waiting > 0) clock.advance(50);
      return report !== undefined;
    },
    {everyMs: 2},
  );
  return report!;
}

/** The files are applied and looked at; a grace period later they are judged, and what was decided is carried out. */
async function live(files: Readonly<Record<string, string | undefined>> = {}): Promise<{results: readonly string[]; report: PassReport}> {
  place.write(files);
  await pass();
  await runner.look();
  clock.advance(30_000);
  const {trials} = await runner.look();
  const report = await pass();
  return {results: trials.filter(({result}) => result !== 'well').map(({file, result}) => `${file} ${result}`), report};
}

const working = {source_demo_0_connection_status: 1, op_2_project_0_records_in_total: 50, op_2_project_0_exceptions_total: 0};
const failing = {...working, op_2_project_0_exceptions_total: 50, op_2_project_0_last_exception: 'divide by zero'};
const unconnected = {source_demo_0_connection_status: -1, source_demo_0_connection_last_disconnected_message: 'connection refused'};
const noSink = {...working, sink_mqtt_0_0_connection_status: -1};

const good = commandFile(streamCommand('demo'), ruleCommand('r', 'demo'));
const bad = commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 1/0 FROM demo'}));
const other = commandFile(streamCommand('calm'), ruleCommand('bystander', 'calm'));

describe('a new version of a file', () => {
  it('that leaves its rule failing goes back to what the file said before, and stays there', async () => {
    engine.nodes.set('r', working);
    expect((await live({'a.json': good, 'b.json': other})).results).toEqual([]);
    engine.nodes.set('r', failing);
    engine.forgetCalls();
    const {results, report} = await live({'a.json': bad});
    expect(results).toEqual(['a.json rolled back']);
    expect(writes()).toEqual(['PUT /rules/r', 'PUT /rules/r']);
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
    const file = report.files.find(({name}) => name === 'a.json')!;
    expect(file).toMatchObject({
      state: 'rolled back',
      problems: ['rule r: operator 2_project failed 50 times in a row, 0 of them in the last 30 s: divide by zero'],
    });
    expect(file.hash).not.toBe(file.inForce);

    engine.nodes.set('r', working);
    engine.forgetCalls();
    for (let i = 0; i < 10; i++) expect((await live()).results).toEqual([]);
    expect(writes()).toEqual([]);
  });

  it('that leaves its rules well is what later versions go back to', async () => {
    await live({'a.json': good});
    const second = commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 2 FROM demo'}));
    expect((await live({'a.json': second})).results).toEqual([]);
    engine.nodes.set('r', failing);
    expect((await live({'a.json': bad})).results).toEqual(['a.json rolled back']);
    expect(sqlOf('r')).toBe('SELECT 2 FROM demo');
  });

  it('is given its grace period to the end', async () => {
    await live({'a.json': good});
    place.write({'a.json': bad});
    engine.nodes.set('r', failing);
    await pass();
    for (let second = 0; second < 29; second++) {
      clock.advance(1000);
      expect((await runner.look()).trials).toEqual([]);
    }
    engine.nodes.set('r', {...failing, op_2_project_0_records_in_total: 200});
    clock.advance(1000);
    expect((await runner.look()).trials).toMatchObject([{file: 'a.json', result: 'well'}]);
    await pass();
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
    expect(runner.trials.rules().size).toBe(0);
  });

  it('brings back what it no longer declares, and takes away what only it declares', async () => {
    await live({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo'), streamCommand('old'), ruleCommand('kept', 'old'))});
    engine.nodes.set('r', failing);
    place.write({
      'a.json': commandFile(
        streamCommand('demo'),
        ruleCommand('r', 'demo', {sql: 'SELECT 1/0 FROM demo'}),
        streamCommand('new'),
        ruleCommand('more', 'new'),
      ),
    });
    await pass();
    expect(Object.keys(engine.state.rules).sort()).toEqual(['more', 'r']);
    await live();
    expect(Object.keys(engine.state.rules).sort()).toEqual(['kept', 'r']);
    expect(Object.keys(engine.state.streams).sort()).toEqual(['demo', 'old']);
  });

  it('that the engine refuses goes back with all it changed', async () => {
    await live({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo'), ruleCommand('s', 'demo'))});
    engine.intercept = ({method, path}) => (method === 'PUT' && path === '/rules/r' ? {answer: 400, text: 'no such function'} : undefined);
    const next = commandFile(
      streamCommand('demo'),
      ruleCommand('r', 'demo', {sql: 'SELECT foo() FROM demo'}),
      ruleCommand('s', 'demo', {sql: 'SELECT 2 FROM demo'}),
    );
    expect((await live({'a.json': next})).results).toEqual(['a.json rolled back']);
    expect([sqlOf('r'), sqlOf('s')]).toEqual(['SELECT * FROM demo', 'SELECT * FROM demo']);
  });

  it('is judged by rules of other files too that use what it declares', async () => {
    await live({'a.json': commandFile(streamCommand('demo')), 'b.json': commandFile(ruleCommand('user', 'demo'))});
    engine.nodes.set('user', failing);
    const {results} = await live({'a.json': commandFile(streamCommand('demo', 'DATASOURCE="u", FORMAT="JSON"'))});
    expect(results).toEqual(['a.json rolled back']);
    expect(engine.state.streams['demo']).toContain('"t"');
  });

  it('answers for what the version before it changed and nobody had judged yet', async () => {
    await live({'a.json': good});
    engine.nodes.set('r', failing);
    place.write({'a.json': bad});
    await pass();
    clock.advance(10_000);
    await runner.look();
    // Another rule is added before the first change was judged.
    const {results} = await live({
      'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 1/0 FROM demo'}), ruleCommand('s', 'demo')),
    });
    expect(results).toEqual(['a.json rolled back']);
    expect(Object.keys(engine.state.rules)).toEqual(['r']);
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
  });

  it('that is the first has nothing to go back to: that is said once, and it stays', async () => {
    engine.nodes.set('r', failing);
    expect((await live({'a.json': bad})).results).toEqual(['a.json nothing to go back to']);
    expect((await live()).results).toEqual([]);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
    // Once it is well it is what later versions go back to.
    engine.nodes.set('r', {...failing, op_2_project_0_records_in_total: 500});
    await live();
    engine.nodes.set('r', {...failing, op_2_project_0_records_in_total: 600, op_2_project_0_exceptions_total: 600});
    expect(
      (await live({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 3 FROM demo'}))})).results,
    ).toEqual(['a.json rolled back']);
  });

  it('goes back though the process ends with the verdict and the next one finds the directory unreadable', async () => {
    await live({'a.json': good});
    engine.nodes.set('r', failing);
    place.write({'a.json': bad});
    await pass();
    await runner.look();
    clock.advance(30_000);
    expect((await runner.look()).trials).toMatchObject([{result: 'rolled back'}]);
    renameSync(place.commands, `${place.commands}.away`);
    await newProcess();
    await pass();
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
  });

  it('goes back in a declarative file too, though half a YAML file parses', async () => {
    const yaml = (sql: string) =>
      `streams: {demo: 'CREATE STREAM demo () WITH (DATASOURCE="t", FORMAT="JSON")'}\nrules: {r: {sql: '${sql}', actions: [{nop: {}}]}}\n`;
    /** A file that was just written is read again a second later. */
    const settle = async () => {
      await pass();
      clock.advance(1000);
    };
    place.write({'a.yaml': yaml('SELECT * FROM demo')});
    await settle();
    await live();
    engine.nodes.set('r', failing);
    place.write({'a.yaml': yaml('SELECT 1/0 FROM demo')});
    await settle();
    expect((await live()).results).toEqual(['a.yaml rolled back']);
    engine.nodes.set('r', working);
    for (let i = 0; i < 3; i++) await settle();
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
    expect(stateOf((await live()).report, 'a.yaml')).toBe('rolled back');
    expect((await live()).results).toEqual([]);
  });

  it('is left as it is where rollback is off', async () => {
    place.remove();
    place = createRunnerPlace(engine.url, {consoleLog: false});
    await newProcess();
    await live({'a.json': good});
    engine.nodes.set('r', failing);
    expect((await live({'a.json': bad})).results).toEqual([]);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });
});

describe('a version that was taken back', () => {
  beforeEach(async () => {
    await live({'a.json': good});
    engine.nodes.set('r', failing);
    expect((await live({'a.json': bad})).results).toEqual(['a.json rolled back']);
    engine.nodes.set('r', working);
    engine.forgetCalls();
  });

  it('is tried again when somebody asks', async () => {
    runner.reconciler.forgive();
    expect((await live()).results).toEqual([]);
    expect(writes()).toEqual(['PUT /rules/r']);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });

  it('is taken back again when it is as bad as before', async () => {
    runner.reconciler.forgive();
    place.write({});
    await pass();
    engine.nodes.set('r', failing);
    clock.advance(30_000);
    expect((await runner.look()).trials).toMatchObject([{result: 'rolled back'}]);
    await pass();
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
  });

  it('makes way for other content at once', async () => {
    place.write({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 4 FROM demo'}))});
    expect(stateOf(await pass())).toBe('good');
    expect(sqlOf('r')).toBe('SELECT 4 FROM demo');
  });

  it('may be tried after the file was mended by hand', async () => {
    place.write({'a.json': good});
    expect(stateOf(await pass())).toBe('good');
    place.write({'a.json': bad});
    expect(stateOf(await pass())).toBe('good');
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });

  it('is still known to the next process, also when the directory is unreadable at first', async () => {
    renameSync(place.commands, `${place.commands}.away`);
    await newProcess();
    await pass();
    expect(writes()).toEqual([]);
    renameSync(`${place.commands}.away`, place.commands);
    expect(stateOf(await pass())).toBe('rolled back');
    expect(writes()).toEqual([]);
  });

  it('stays back while the file does not parse', async () => {
    place.write({'a.json': '{'});
    clock.advance(5000);
    await pass();
    clock.advance(5000);
    expect(stateOf(await pass())).toBe('broken');
    expect(writes()).toEqual([]);
    place.write({'a.json': bad});
    expect(stateOf(await pass())).toBe('rolled back');
  });
});

describe('an outage is not taken for a bad version', () => {
  it('when a rule that the version does not touch ails in the same way', async () => {
    await live({'a.json': good, 'b.json': other});
    for (const rule of ['r', 'bystander']) engine.nodes.set(rule, noSink);
    expect((await live({'a.json': bad})).results).toEqual(['a.json postponed']);
    expect((await live()).results).toEqual([]);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
    // The outage ends, and the rule proves to be bad.
    engine.nodes.set('bystander', working);
    engine.nodes.set('r', failing);
    expect((await live()).results).toEqual(['a.json rolled back']);
  });

  it('and once it is over, a good version is the one to go back to', async () => {
    await live({'a.json': good, 'b.json': other});
    for (const rule of ['r', 'bystander']) engine.nodes.set(rule, noSink);
    const next = commandFile(streamCommand('demo'), ruleCommand('r', 'demo', {sql: 'SELECT 5 FROM demo'}));
    await live({'a.json': next});
    for (const rule of ['r', 'bystander']) engine.nodes.set(rule, working);
    expect((await live()).results).toEqual([]);
    engine.nodes.set('r', failing);
    expect((await live({'a.json': bad})).results).toEqual(['a.json rolled back']);
    expect(sqlOf('r')).toBe('SELECT 5 FROM demo');
  });

  it('when its source is away that the version did not touch, though it has the only rule', async () => {
    await live({'a.json': good});
    engine.nodes.set('r', unconnected);
    expect((await live({'a.json': bad})).results).toEqual(['a.json postponed']);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });

  it('but a version is to blame for a source that it changed itself', async () => {
    await live({'a.json': good, 'b.json': other});
    engine.nodes.set('r', unconnected);
    const moved = commandFile(streamCommand('demo', 'DATASOURCE="t", FORMAT="JSON", CONF_KEY="none"'), ruleCommand('r', 'demo'));
    expect((await live({'a.json': moved})).results).toEqual(['a.json rolled back']);
  });

  it('when the rule was as unwell before', async () => {
    engine.nodes.set('r', working);
    await live({'a.json': good});
    engine.nodes.set('r', {...failing, op_2_project_0_records_in_total: 100, op_2_project_0_exceptions_total: 100});
    await live();
    expect((await live({'a.json': bad})).results).toEqual([]);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });

  it('when the engine is away for an hour', async () => {
    await live({'a.json': good});
    place.write({'a.json': bad});
    await pass();
    await engine.kill();
    clock.advance(3_600_000);
    expect((await pass()).problem).toBeDefined();
    await expect(runner.look()).rejects.toThrow('no engine answers');
    await engine.listen();
    engine.nodes.set('r', working);
    expect((await live()).results).toEqual([]);
    expect(sqlOf('r')).toBe('SELECT 1/0 FROM demo');
  });

  it('when the engine only could not take it yet', async () => {
    await live({'a.json': good});
    engine.intercept = ({method}) => (method === 'PUT' ? {answer: 503, text: 'busy'} : undefined);
    expect((await live({'a.json': bad})).results).toEqual(['a.json postponed']);
  });
});

describe('a runner that gets SIGKILL', () => {
  const first = commandFile(streamCommand('demo'), ruleCommand('r', 'demo'), streamCommand('old'), ruleCommand('kept', 'old'));
  const second = commandFile(
    streamCommand('demo'),
    ruleCommand('r', 'demo', {sql: 'SELECT 1/0 FROM demo'}),
    streamCommand('new'),
    ruleCommand('more', 'new'),
  );
  /** To the second version PUT r, POST new, POST more, DELETE kept, DELETE old; and back as many. */
  const requests = Array.from({length: 10}, (_, i) => i + 1);

  it.each(requests)('on request %i on the way to a version and back leaves the next process to bring it back', async k => {
    place.remove();
    place = createRunnerPlace(engine.url, {
      consoleLog: false,
      parallelism: 1,
      rollback: 'file',
      rollbackGrace: '1s',
      healthInterval: '1s',
      intervalTime: 1,
    });
    await newProcess();
    await live({'a.json': first});
    engine.nodes.set('r', failing);
    engine.nodes.set('more', working);
    place.write({'a.json': second});
    engine.forgetCalls();
    const killed = startRunner(place);
    engine.intercept = () => {
      if (engine.writes().length < k) return undefined;
      killed.child.kill('SIGKILL');
      return {reset: k % 2 === 0 ? 'before' : 'after'};
    };
    await pollUntil(() => killed.child.signalCode === 'SIGKILL', {withinMs: 20_000, what: killed.output});
    engine.intercept = undefined;

    await newProcess();
    for (let i = 0; i < 3; i++) await live();
    expect(Object.keys(engine.state.rules).sort()).toEqual(['kept', 'r']);
    expect(Object.keys(engine.state.streams).sort()).toEqual(['demo', 'old']);
    expect(sqlOf('r')).toBe('SELECT * FROM demo');
    engine.forgetCalls();
    expect(stateOf((await live()).report)).toBe('rolled back');
    expect(writes()).toEqual([]);
  });
});
