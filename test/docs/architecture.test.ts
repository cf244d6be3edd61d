import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {codeBlocks, readPage} from '#test/support/documents.ts';
import {Stage} from '#test/support/page-stage.ts';
import {projectRoot} from '#test/support/source-tree.ts';

const page = readPage('ARCHITECTURE.md');

/** `engine/planner/{logical,rewrites}` names two places; a file may stand without its extension. */
function places(text: string): readonly string[] {
  const [, before, choices, after] = /^(.*)\{(.*)\}(.*)$/.exec(text) ?? [];
  return choices === undefined ? [text] : choices.split(',').map(choice => `${before}${choice}${after}`);
}

describe('ARCHITECTURE.md', () => {
  it('names places that exist', () => {
    const named = [...page.matchAll(/`((?:engine|runner|demo|configs|k8s|test|build|docs)\/[^`\s]*)`/g)].flatMap(([, text]) =>
      places(text!),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(place => !existsSync(path.join(projectRoot, place)) && !existsSync(path.join(projectRoot, `${place}.ts`)))).toEqual(
      [],
    );
  });

  it('has every folder of the engine among its floors', () => {
    const floors = [...page.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name!);
    const folders = readdirSync(path.join(projectRoot, 'engine'), {withFileTypes: true}).flatMap(one =>
      one.isDirectory() ? [one.name] : [],
    );
    expect([...floors].sort()).toEqual(folders.sort());
  });

  describe('its rule', () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open();
    });
    afterAll(() => stage?.close());

    it('gives what the last rows of the table show', async () => {
      const {commands} = JSON.parse(codeBlocks(page)[0]!.text) as {commands: {data: unknown}[]};
      const [, message] = /a message `([^`]+)`/.exec(page)!;
      const [, payload] = /transform and encode \|[^|]*\| `([^`]+)`/.exec(page)!;
      const stream = 'CREATE STREAM devices () WITH (DATASOURCE="$hw/events/device/+/twin/update", FORMAT="JSON", CONF_KEY="edge")';
      const script = [
        `curl localhost:9081/streams -d '${JSON.stringify({sql: stream})}'`,
        `curl localhost:9081/rules -d '${JSON.stringify(commands[0]!.data)}'`,
        `mosquitto_pub -t '$hw/events/device/oven-1/twin/update' -m '${message}'`,
      ];
      await stage.play({language: 'sh', role: '', text: script.join('\n'), line: 0}, undefined);
      await stage.play({language: 'json', role: 'message alarms', text: payload!, line: 0}, undefined);
    });
  });
});
