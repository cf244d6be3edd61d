import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseYaml} from '#engine/base/yaml.ts';
import {UnsupportedError} from '#engine/planner/unsupported.ts';
import {type ConformanceCase, ddlOf, readCases} from '#test/support/conformance.ts';
import {readPage} from '#test/support/documents.ts';
import {startInProcessEngine} from '#test/support/in-process-engine.ts';
import {reasonAgainst, scenarioNames} from '#test/support/runner-scenario.ts';
import {projectRoot} from '#test/support/source-tree.ts';
import {readRecord} from '../../build/real-engine.ts';

const page = readPage('docs/compatibility.md');

/** The cells of every row of the tables; the first names the row. */
const table = [...page.matchAll(/^\|(.*)\|$/gm)]
  .map(([, cells]) => cells!.split(/(?<!\\)\|/).map(cell => cell.trim()))
  .filter(([subject]) => subject !== 'Subject' && !/^-+$/.test(subject!));
const subjects = table.map(([subject]) => subject!);
const rows = new Map(table.map(cells => [cells[0]!, cells]));

/** `file: name` of the recorded cases behind each row, from the comment at the end of the page. */
const behind = readComment();

function readComment(): ReadonlyMap<string, readonly string[]> {
  const list = /<!-- cases:[^\n]*\n([\s\S]*?)-->/.exec(page)?.[1] ?? '';
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of list.split('\n').filter(text => text.trim() !== '')) {
    if (line.startsWith('  ')) current.push(line.trim());
    else found.set(line.trim(), (current = []));
  }
  return found;
}

const recorded: readonly ConformanceCase[] = readdirSync(path.join(projectRoot, 'test/conformance'))
  .filter(name => name.endsWith('.yaml'))
  .flatMap(name => readCases(name))
  .filter(({differs}) => differs);

const scenarios = readdirSync(path.join(projectRoot, 'test/conformance/api')).flatMap(name => {
  const text = readFileSync(path.join(projectRoot, 'test/conformance/api', name), 'utf8');
  const file = parseYaml(text, name).value as {readonly scenarios: readonly {readonly name: string; readonly peer?: string}[]};
  return file.scenarios.filter(({peer}) => peer === 'fails').map(scenario => `api/${name.replace(/\.yaml$/, '')}: ${scenario.name}`);
});

const keyOf = ({file, name}: ConformanceCase): string => `${file.replace(/\.yaml$/, '')}: ${name}`;

describe('the page of differences', () => {
  it.each([...rows])('says of “%s” what each does, why, and which tests hold it', (_, cells) => {
    expect(cells).toHaveLength(5);
    expect(cells.filter(cell => cell === '')).toEqual([]);
    const tests = [...cells[4]!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
    expect(tests).not.toEqual([]);
    expect(tests.filter(file => !existsSync(path.join(projectRoot, file)))).toEqual([]);
  });

  it('has each row once', () => {
    expect(subjects.filter((subject, i) => subjects.indexOf(subject) !== i)).toEqual([]);
  });

  it('names rows and cases that exist', () => {
    const known = new Set([...recorded.map(keyOf), ...scenarios]);
    expect([...behind.keys()].filter(subject => !rows.has(subject))).toEqual([]);
    expect([...behind.values()].flat().filter(name => !known.has(name))).toEqual([]);
  });

  it('has a row for every scenario that eKuiper fails', () => {
    const covered = new Set([...behind.values()].flat());
    expect(scenarios.filter(name => !covered.has(name))).toEqual([]);
  });

  it('has a row for every recorded case that is answered otherwise, or is open', async () => {
    const covered = new Set([...behind.values()].flat());
    const missing = recorded.filter(one => !covered.has(keyOf(one)));
    const answered: string[] = [];
    for (const one of missing) if (await isAnswered(one)) answered.push(keyOf(one));
    expect(answered, 'add these to the comment at the end of docs/compatibility.md, under the row that says what we do').toEqual([]);
  });
});

it('the scenarios that do not hold say the same reason themselves', () => {
  const {engine, doNot} = readRecord();
  const known = Object.entries(doNot).filter(([name]) => scenarioNames.includes(name));
  expect(known.filter(([name, reason]) => reasonAgainst(name, engine) !== reason)).toEqual([]);
});

/** Whether the engine does more with the statement than say that it cannot run it yet. */
async function isAnswered(given: ConformanceCase): Promise<boolean> {
  const engine = await startInProcessEngine();
  try {
    for (const name of Object.keys(given.streams)) await engine.declare(ddlOf(given, 'STREAM', name, name));
    for (const name of Object.keys(given.tables)) await engine.declare(ddlOf(given, 'TABLE', name, name));
    await engine.rules.create(JSON.stringify({id: 'case', sql: given.sql, actions: [{nop: {}}], options: given.options}));
    return true;
  } catch (thrown) {
    return !(thrown instanceof UnsupportedError);
  } finally {
    await engine.close();
  }
}
