import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {diffText} from '#runner/report/diff-text.ts';
import {kindOf} from '#runner/resources/registry.ts';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';
import {pollUntil} from '#test/support/poll.ts';
import type {RunningProgram} from '#test/support/program.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, startRunner, streamCommand} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

let engine: FakeEngine;
let place: RunnerPlace;
let clock: VirtualClock;
let values: string;
let runner: RunningProgram | undefined;

beforeEach(async () => {
  engine = await FakeEngine.start();
  clock = new VirtualClock(0);
  engine.upTimeMs = () => clock.now() + 60_000;
  const root = createRunnerPlace(engine.url);
  values = path.join(root.root, 'values');
  mkdirSync(values);
  place = createRunnerPlace(engine.url, {consoleLog: false, parallelism: 1, valueDirs: [values], labelsFile: path.join(values, 'labels')});
  const {remove} = place;
  place = {
    ...place,
    remove() {
      remove();
      root.remove();
    },
  };
});
afterEach(async () => {
  await runner?.end('SIGKILL');
  runner = undefined;
  await engine.kill().catch(() => {});
  place.remove();
});

const put = (name: string, text: string) => writeFileSync(path.join(values, name), text);
const writes = () => engine.writes().map(({method, path}) => `${method} ${path}`);
const edge = () => engine.state.confKeys['sources/mqtt']?.['edge'];
const confKeyOf = (name: string) =>
  `confKeys:\n  sources:\n    mqtt:\n      edge: {server: "tcp://e", pin: "\${file:${path.join(values, name)}}"}\n`;

async function compose() {
  const {pass, ...rest} = await composeRunner(place, clock);
  return {
    ...rest,
    async pass(...words: Parameters<typeof pass>) {
      engine.forgetCalls();
      return clock.during(pass(...words));
    },
  };
}

describe('a value that comes out of a file', () => {
  it('changes its object when the file changes, and shows nowhere', async () => {
    put('pin', 'secret-of-the-first\n');
    place.write({'a.yaml': confKeyOf('pin')});
    const {pass} = await compose();
    await pass();
    expect(edge()).toEqual({server: 'tcp://e', pin: 'secret-of-the-first'});
    await pass();
    expect(writes()).toEqual([]);

    put('pin', 'secret-of-the-second\n');
    const {plan} = await pass('diff');
    const shown = diffText(plan, {kindOf, useColour: false});
    expect(shown).toContain('~ update confKey sources/mqtt/edge  (a.yaml:4:7)');
    expect(shown).toContain('******');
    expect(shown).not.toContain('secret-of');
    await pass();
    expect(writes()).toEqual(['PUT /metadata/sources/mqtt/confKeys/edge']);
    expect(edge()).toEqual({server: 'tcp://e', pin: 'secret-of-the-second'});
    expect(readFileSync(path.join(place.state, 'inventory.json'), 'utf8')).not.toContain('secret-of');
  });

  it('keeps its object as it is while the file is gone, also for the next process', async () => {
    put('pin', 'a pin');
    place.write({'a.yaml': confKeyOf('pin'), 'b.json': commandFile(streamCommand('b'))});
    await (await compose()).pass();
    rmSync(path.join(values, 'pin'));
    place.write({'b.json': undefined, 'c.json': commandFile(streamCommand('c'))});
    for (const newProcess of [false, true]) {
      const {pass} = await compose();
      const report = await pass();
      expect(report.files.find(({name}) => name === 'a.yaml')).toMatchObject({
        problems: [expect.stringMatching(/^a\.yaml:4:39: the file ".*pin" does not exist$/)],
      });
      // Something might have been declared there: nothing goes.
      expect(writes(), String(newProcess)).toEqual(newProcess ? [] : ['POST /streams']);
    }
    put('pin', 'a pin');
    const {pass} = await compose();
    await pass();
    expect(writes()).toEqual(['DELETE /streams/b']);
  });

  it('reaches the engine as soon as the kubelet swaps the Secret', async () => {
    const secret = new KubeletVolume(values, 'from 1.23');
    secret.update({pin: 'first'});
    place.write({'a.yaml': confKeyOf('pin')});
    engine.upTimeMs = () => 60_000 + performance.now();
    runner = startRunner(place, {RUNNER__INTERVALTIME: '3600', RUNNER__CONSOLELOG: 'true'});
    await pollUntil(() => edge() !== undefined, {what: () => runner!.output()});
    secret.update({pin: 'second'});
    await pollUntil(() => (edge() as {pin: string}).pin === 'second', {what: () => runner!.output()});
    expect(runner.output()).not.toMatch(/first|second/);
  });
});

describe('when', () => {
  it('follows the labels: what is not meant any more goes', async () => {
    put('labels', 'zone="west"\n');
    place.write({
      'a.yaml':
        'streams:\n  all: CREATE STREAM all () WITH (DATASOURCE="t")\n  west: {when: {labels: {zone: west}}, sql: CREATE STREAM west () WITH (DATASOURCE="t")}\n',
    });
    const {pass} = await compose();
    await pass();
    expect(Object.keys(engine.state.streams)).toEqual(['all', 'west']);
    put('labels', 'zone="east"\n');
    await pass();
    expect(writes()).toEqual(['DELETE /streams/west']);
    put('labels', 'zone="west"\n');
    await pass();
    expect(writes()).toEqual(['POST /streams']);
  });
});

describe('a YAML file', () => {
  const full =
    'streams:\n  a: CREATE STREAM a () WITH (DATASOURCE="t")\n  b: CREATE STREAM b () WITH (DATASOURCE="t")\n  c: CREATE STREAM c () WITH (DATASOURCE="t")\n';
  const half = full.slice(0, full.indexOf('  c:'));

  it('that is written in place counts once it has been the same for a second', async () => {
    place.write({'a.yaml': full});
    const {pass} = await compose();
    await pass();
    expect(Object.keys(engine.state.streams)).toEqual(['a', 'b', 'c']);

    place.write({'a.yaml': half});
    const report = await pass();
    expect(writes()).toEqual([]);
    expect(report).toMatchObject({files: [{state: 'unsettled', problems: []}], lookAgainAt: clock.now() + 1000});
    place.write({'a.yaml': full});
    clock.advance(1001);
    await pass();
    expect(writes()).toEqual([]);

    place.write({'a.yaml': half});
    await pass();
    clock.advance(1001);
    await pass();
    expect(writes()).toEqual(['DELETE /streams/c']);
  });

  it('of a mounted volume counts at once', async () => {
    rmSync(place.commands, {recursive: true});
    mkdirSync(place.commands);
    const volume = new KubeletVolume(place.commands, 'from 1.23');
    volume.update({'a.yaml': full});
    const {pass} = await compose();
    await pass();
    volume.update({'a.yaml': half});
    await pass();
    expect(writes()).toEqual(['DELETE /streams/c']);
  });

  it('and a JSON file that say the same are at one; otherwise both are named', async () => {
    const rule = {id: 'r', sql: 'SELECT * FROM b', actions: [{nop: {n: 1}}]};
    place.write({
      'a.json': commandFile(streamCommand('b', 'DATASOURCE="t"'), {url: '/rules', method: 'POST', data: rule}),
      'b.yaml': `${half}rules:\n  r: {actions: [{nop: {n: 1.0}}], sql: SELECT * FROM b}\n`,
    });
    const {pass} = await compose();
    const agreed = await pass();
    expect(agreed.desired.conflicts.size).toBe(0);
    place.write({'b.yaml': `${half}rules:\n  r: {actions: [{nop: {n: 2}}], sql: SELECT * FROM b}\n`});
    await pass();
    clock.advance(1001);
    const {desired} = await pass();
    expect(writes()).toEqual([]);
    expect([...desired.conflicts.values()]).toMatchObject([
      {key: 'rule r', origins: [{file: 'a.json'}, {file: 'b.yaml', line: 5, column: 3}]},
    ]);
  });
});

it('an object of a kind that the engine does not know fails alone, in plain words', async () => {
  engine.intercept = ({path}) => (/^\/(schemas|plugins)/.test(path) ? {answer: 404, text: '404 page not found\n'} : undefined);
  place.write({
    'a.yaml':
      'plugins: {portables: {p: {file: "file:///p.zip"}}}\nschemas: {protobuf: {o: {content: x}}}\nstreams: {a: CREATE STREAM a () WITH (DATASOURCE="t")}\n',
  });
  const {pass} = await compose();
  const {outcomes} = await pass();
  expect(outcomes.map(outcome => [outcome.result, 'failure' in outcome ? outcome.failure.message : undefined])).toEqual([
    ['failed', 'the engine has no /plugins/portables: it does not know this kind of object'],
    ['failed', 'the engine has no /schemas/protobuf: it does not know this kind of object'],
    ['done', undefined],
  ]);
});
