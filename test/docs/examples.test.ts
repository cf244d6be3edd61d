import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseYaml} from '#engine/base/yaml.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {codeBlocks, pages, readPage} from '#test/support/documents.ts';
import {Stage} from '#test/support/page-stage.ts';
import {runStatement, type StatementExample, statementExamples} from '#test/support/statement-examples.ts';

const checks: Readonly<Record<string, (text: string) => void>> = {
  sql: text => {
    for (const statement of text.split(/;\s*\n/)) parseStatement(statement);
  },
  yaml: text => {
    expect(parseYaml(text, 'block').value).not.toBeNull();
  },
  json: text => {
    if (!text.includes('…')) JSON.parse(text);
  },
};

const scripts = pages()
  .map(page => [page, codeBlocks(readPage(page))] as const)
  .filter(([, blocks]) => blocks.some(({language, text}) => language in checks || isPlayed(language, text)));

/**
 * The pages are scripts. Of each, top to bottom, against a real engine and broker:
 *
 *     yaml file F     is written to F
 *     sh              curl, mosquitto_pub and the runner are run, on the ports of the test; other commands are only read by a shell
 *     json answer     what the last curl answered: the members shown, `…` for anything (text answer: where it is no JSON)
 *     json message T  the next message on topic T
 *     json request P  the next request to path P of the server that the page calls localhost:8000
 *
 * And in an engine inside the test, on a clock of its own:
 *
 *     sql             CREATE statements hold for the rest of the page
 *     json options    options of the rule
 *     json in         messages for the statement before, one a line; `// 10 s` lets time pass, `// to T` changes the topic from `demo`
 *     json out        every message that comes out, one a line
 */
describe.each(scripts)('%s', (_page, blocks) => {
  for (const {language, role, text, line} of blocks) {
    const check = role === 'in' || role === 'out' ? undefined : checks[language];
    if (check) it(`line ${line} is well-formed ${language}`, () => check(text));
  }

  for (const example of statementExamples(blocks)) {
    it(`line ${example.line} gives what it shows: ${example.sql.slice(0, 80)}`, () => gives(example));
  }

  const script = blocks.filter(({language, role}) => language === 'sh' || /^(answer|message|request|file)\b/.test(role));
  if (!script.some(({language, text}) => isPlayed(language, text))) return;

  describe('its commands', () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open();
    });
    afterAll(() => stage?.close());

    for (const [i, block] of script.entries()) {
      it(`line ${block.line}: ${block.text.split('\n')[0]!.slice(0, 80)}`, () => stage.play(block, script[i + 1]));
    }
  });
});

async function gives(example: StatementExample): Promise<void> {
  expect(await runStatement(example)).toEqual(example.out);
}

function isPlayed(language: string, text: string): boolean {
  return language === 'sh' && /^(curl|mosquitto_pub) /m.test(text);
}
