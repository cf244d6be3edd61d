import {rmSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {describeChange} from '#runner/reconcile/change.ts';
import {EngineProxy} from '#test/support/engine-proxy.ts';
import {emptyEngine, readEngineState} from '#test/support/engine-state.ts';
import {httpRequest} from '#test/support/http-request.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace} from '#test/support/runner.ts';
import {startEngine} from '#test/support/running-engine.ts';

/**
 * Whatever form an engine gives back what it was sent in, a runner that remembers nothing finds no difference. On our own engine, or on that of
 * ENGINE_URL, which is emptied.
 */
let url: string;
let close: () => Promise<unknown>;
let place: RunnerPlace;
let front: EngineProxy;
beforeAll(async () => {
  const own = process.env['ENGINE_URL'] === undefined ? await startEngine() : undefined;
  url = own?.url ?? process.env['ENGINE_URL']!.replace(/\/+$/, '');
  close = async () => own?.stop();
  const {rules, streams} = await readEngineState(url, []);
  expect({rules, streams}, 'the engine must be empty').toEqual({rules: {}, streams: {}});
});
afterAll(() => close());
beforeEach(async () => {
  front = await EngineProxy.start(url);
  place = createRunnerPlace(front.url, {consoleLog: false, parallelism: 1});
});
afterEach(async () => {
  await front.kill();
  place.remove();
  await emptyEngine(url, {});
});

const create = (sql: string) => ({url: '/streams', method: 'POST', data: {sql}});
const rule = (id: string, more: object) => ({
  url: '/rules',
  method: 'POST',
  data: {id, sql: 'SELECT a FROM plain', actions: [{nop: {}}], ...more},
});

/** Every option of a rule, at its default and at another value. */
const options: readonly (readonly [name: string, fallback: unknown, other: unknown])[] = [
  ['debug', false, true],
  ['logFilename', '', 'r.log'],
  ['isEventTime', false, undefined],
  ['lateTolerance', '1s', 2000],
  ['concurrency', 1, 2],
  ['bufferLength', 1024, 512],
  ['sendMetaToSink', false, true],
  ['sendNilField', false, true],
  ['sendError', false, true],
  ['qos', 0, 1],
  ['checkpointInterval', '5m', 60_000],
  ['restartStrategy', {attempts: 0, delay: 0, multiplier: 0, maxDelay: 0, jitterFactor: 0}, {attempts: 3}],
  ['cron', '', undefined],
  ['duration', '', undefined],
  ['cronDatetimeRange', [], undefined],
  ['planOptimizeStrategy', {enableIncrementalWindow: false, optimizeControl: {disableOptimizeRules: []}}, {enableAliasPushdown: true}],
  ['notifySub', false, true],
  ['disableBufferFullDiscard', false, true],
  ['enableSaveStateBeforeStop', false, undefined],
  ['forceExitTimeout', 0, undefined],
];

const sources: readonly string[] = [
  'CREATE STREAM plain () WITH (DATASOURCE="t")',
  'create stream defaults () with (datasource="t", format="JSON", type="mqtt", shared="false", strict_validation="false", delimiter=",")',
  'CREATE STREAM typed (id BIGINT, f FLOAT, s STRING, b BOOLEAN, at DATETIME, raw BYTEA, list ARRAY(BIGINT), place STRUCT(x FLOAT, y ARRAY(STRING))) WITH (DATASOURCE="a/+/b/#", FORMAT="json", CONF_KEY="default", SHARED="true", TIMESTAMP="at", TIMESTAMP_FORMAT="YYYY-MM-dd HH:mm:ss", STRICT_VALIDATION="true", KEY="id")',
  'CREATE STREAM cut (a STRING) WITH (DATASOURCE="t", FORMAT="delimited", DELIMITER=";")',
  'CREATE STREAM bin () WITH (DATASOURCE="t", FORMAT="binary", TYPE="memory")',
  'CREATE TABLE kept (id BIGINT) WITH (DATASOURCE="t", FORMAT="JSON", TYPE="memory", KIND="scan", RETAIN_SIZE="3")',
  'CREATE TABLE asked () WITH (DATASOURCE="t", TYPE="memory", KIND="lookup", KEY="id")',
];

const everything = () => [
  ...sources.map(create),
  ...options.map(([name, fallback]) => rule(`default_${name}`, {options: {[name]: fallback}})),
  ...options.filter(([, , other]) => other !== undefined).map(([name, , other]) => rule(`other_${name}`, {options: {[name]: other}})),
  rule('all', {options: Object.fromEntries(options.map(([name, fallback]) => [name, fallback])), name: 'all', tags: [], version: ''}),
  rule('none', {}),
  rule('off', {triggered: false}),
  rule('numbers', {actions: [{memory: {topic: 'x', n: 12, f: 1.5, e: 1e5, text: '<&>'}}]}),
];

/** What a runner without a memory would do. */
async function difference(): Promise<readonly string[]> {
  rmSync(place.state, {recursive: true, force: true});
  const {plan, problem, files} = await (await composeRunner(place)).pass('diff');
  expect({problem, faults: files.flatMap(({problems}) => problems)}).toEqual({problem: undefined, faults: []});
  return plan.changes.map(change => describeChange(change, false));
}

describe('what an engine was sent', () => {
  beforeEach(async () => {
    place.write({'a.json': commandFile(...everything())});
    const {outcomes} = await (await composeRunner(place)).pass();
    expect(
      outcomes.filter(({result}) => result !== 'done').map(outcome => ('failure' in outcome ? outcome.failure.message : outcome.result)),
    ).toEqual([]);
  });

  it('is no difference as the engine exports it', async () => {
    expect(await difference()).toEqual([]);
  });

  it('is no difference after every rule was stopped and started, which writes it anew', async () => {
    for (const {data} of everything() as {data: {id?: string; triggered?: boolean}}[]) {
      if (data.id === undefined) continue;
      for (const verb of data.triggered === false ? ['start', 'stop'] : ['stop', 'start'])
        expect((await httpRequest(url, 'POST', `/rules/${data.id}/${verb}`)).status, `${verb} ${data.id}`).toBe(200);
    }
    expect(await difference()).toEqual([]);
  });

  it('is no difference as an engine without /ruleset/export describes it', async () => {
    front.intercept = ({path}) => (path === '/ruleset/export' ? {answer: 404, text: '404 page not found\n'} : undefined);
    expect(await difference()).toEqual([]);
  });

  it('is no difference beside files that leave out the defaults', async () => {
    place.write({
      'a.json': commandFile(
        ...sources.filter(sql => !/ defaults | kept /.test(sql)).map(create),
        create('CREATE STREAM defaults () WITH (DATASOURCE="t")'),
        create('CREATE TABLE kept (id BIGINT) WITH (DATASOURCE="t", TYPE="memory", RETAIN_SIZE="3")'),
        ...options.map(([name]) => rule(`default_${name}`, {})),
        ...options.filter(([, , other]) => other !== undefined).map(([name, , other]) => rule(`other_${name}`, {options: {[name]: other}})),
        rule('all', {}),
        rule('none', {options: Object.fromEntries(options.map(([name, fallback]) => [name, fallback]))}),
        rule('off', {triggered: false}),
        rule('numbers', {actions: [{memory: {topic: 'x', n: 12, f: 1.5, e: 1e5, text: '<&>'}}]}),
      ),
    });
    expect(await difference()).toEqual([]);
  });

  it('differs in every option that is another one', async () => {
    const changed = options.filter(([, , other]) => other !== undefined);
    place.write({
      'a.json': commandFile(
        ...sources.map(create),
        ...changed.map(([name, , other]) => rule(`default_${name}`, {options: {[name]: other}})),
      ),
    });
    expect(await difference()).toEqual(changed.map(([name]) => `update rule default_${name}`));
  });
});
