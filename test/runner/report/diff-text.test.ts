import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {diffDocument, diffText} from '#runner/report/diff-text.ts';
import {kindOf} from '#runner/resources/registry.ts';
import {FakeEngine, type FakeEngineState} from '#test/support/fake-engine.ts';
import {composeRunner, createRunnerPlace} from '#test/support/runner.ts';

/**
 * A folder a case: `before/` is applied first, then `engine.json` is put into the engine; `diff.txt` is what is shown for `commands/` with
 * `settings.json`.
 */
const folder = path.join(import.meta.dirname, 'diffs');
const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const readJson = (file: string) => JSON.parse(read(file) ?? '{}') as Record<string, unknown>;

async function planOf(name: string) {
  const at = (file: string) => path.join(folder, name, file);
  const engine = await FakeEngine.start();
  const place = createRunnerPlace(engine.url, {consoleLog: false, parallelism: 1, ...readJson(at('settings.json'))});
  const fill = (files: string) => {
    rmSync(place.commands, {recursive: true});
    cpSync(at(files), place.commands, {recursive: true});
  };
  try {
    const runner = await composeRunner(place);
    if (existsSync(at('before'))) {
      fill('before');
      await runner.pass();
    }
    for (const [family, objects] of Object.entries(readJson(at('engine.json'))))
      Object.assign(engine.state[family as keyof FakeEngineState], objects);
    fill('commands');
    return (await runner.pass('diff')).plan;
  } finally {
    await engine.kill();
    place.remove();
  }
}

describe('the diff for people', () => {
  it.each(readdirSync(folder).sort())('%s', async name => {
    const text = diffText(await planOf(name), {kindOf, useColour: false});
    expect(`${text}\n`).toBe(read(path.join(folder, name, 'diff.txt')));
    expect(text).not.toMatch(/before-?[123]|after-?[123]|pa55word|-token-/);
  });

  it('is coloured by what becomes of each line', async () => {
    const text = diffText(await planOf('what-goes-and-what-stays'), {kindOf, useColour: true});
    expect(text).toContain('\u001b[31m- delete rule absent: declared absent  (a.json:10:5)\u001b[0m');
    expect(text).toContain('\u001b[31m-{\u001b[0m');
    expect(text).toContain('\u001b[36m> stop rule kept');
    expect(text).toContain('\u001b[33m  would not delete rule plant-1: it is protected\u001b[0m');
  });
});

it('the diff as data names each change, its place, its reason and its lines', async () => {
  const document = diffDocument(await planOf('a-conf-key-with-the-rules-that-use-it'), kindOf) as {changes: unknown[]};
  expect(document).toMatchObject({unchanged: 5, drifts: [], held: []});
  expect(document.changes).toEqual([
    {
      action: 'update',
      object: 'confKey sources/mqtt/edge',
      place: 'a.json:3:5',
      reason: 'differs',
      refusal: undefined,
      diff: '@@ -1,5 +1,5 @@\n {\n   "qos": 1,\n-  "server": "tcp://10.0.0.1:1883",\n+  "server": "tcp://10.0.0.2:1883",\n   "timeout": 1000\n }',
    },
    expect.objectContaining({action: 'update', object: 'connection c'}),
    expect.objectContaining({action: 'restart', object: 'rule direct', reason: 'confKey sources/mqtt/edge changed', diff: undefined}),
    expect.objectContaining({action: 'restart', object: 'rule sends', reason: 'connection c changed'}),
  ]);
});
