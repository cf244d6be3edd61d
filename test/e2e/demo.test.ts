import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {pollUntil} from '#test/support/poll.ts';
import {type RunningProgram, startProgram} from '#test/support/program.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/** `npm start` as a person runs it, with a copy of the command files to edit. */
describe('the demo', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'arrokoth-demo-test-'));
  const commands = path.join(directory, 'commands');
  let demo: RunningProgram;

  beforeAll(() => {
    cpSync(path.join(projectRoot, 'configs/commands'), commands, {recursive: true});
    demo = startProgram('demo', ['--commands', commands]);
  });
  afterAll(async () => {
    await demo.end();
    rmSync(directory, {recursive: true, force: true});
  });

  const shows = (what: RegExp) => pollUntil(() => what.test(demo.output()), {withinMs: 25_000, what: () => demo.output()});

  it('shows what the runner did', async () => {
    await shows(/runner +created stream devices/);
    await shows(/runner +created rule hot_alarm/);
    await shows(/runner +created rule average_10s/);
    await shows(/runner +created rule convert_pressure/);
  });

  it('shows typed results of three rules, one of them on MQTT and HTTP in two forms', async () => {
    await shows(/alarm +arrokoth\/alarms \{"device":"oven-1","temperature":3\d(\.\d)?\}/);
    await shows(/plant +arrokoth\/plant\/pump-1 pump-1 pressure \d\.\d+ bar = \d+(\.\d)? psi/);
    await shows(/http +\{"source":"pump-1","measurements":\{"bar":\d\.\d+,"psi":\d+(\.\d)?\},"pump":"on"\}/);
    await shows(/average +arrokoth\/averages \[.*\{"average":\d+(\.\d)?,"device":"oven-\d","readings":\d+\}/);
  });

  it('reconciles a file that is changed, one that is added and one that is removed', async () => {
    const rule = (id: string, sql: string) =>
      JSON.stringify({commands: [{url: '/rules', method: 'post', data: {id, sql, actions: [{log: {}}]}}]});
    writeFileSync(path.join(commands, '50-door.json'), rule('door', 'SELECT door FROM devices WHERE door = true'));
    await shows(/runner +created rule door/);
    writeFileSync(path.join(commands, '50-door.json'), rule('door', 'SELECT door FROM devices WHERE door = false'));
    await shows(/runner +updated rule door/);
    rmSync(path.join(commands, '50-door.json'));
    await shows(/runner +deleted rule door/);
  });

  it('ends cleanly on Ctrl-C', async () => {
    expect(await demo.end('SIGINT')).toBe(0);
    expect(demo.output()).toMatch(/demo +stopped\n$/);
  });
});
