import {describe, expect, it} from 'vitest';
import {messageOf} from '#engine/base/errors.ts';
import {startHttpEngine} from '#test/support/http-engine.ts';
import {httpRequest} from '#test/support/http-request.ts';
import {runStatement} from '#test/support/statement-examples.ts';

const stream = 'CREATE STREAM demo () WITH (DATASOURCE="demo", FORMAT="JSON")';

/** Differences from eKuiper that no recorded case shows. */
describe('statements', () => {
  const cases: {name: string; sql: string; input?: object[]; out?: object[][]; refusal?: string}[] = [
    {
      name: 'takes equal bounds of a slice for an empty array',
      sql: 'SELECT xs[i:j] AS s FROM demo',
      input: [
        {xs: [1, 2, 3], i: 1, j: 1},
        {xs: [1, 2, 3], i: 1, j: 2},
      ],
      out: [[{s: []}], [{s: [2]}]],
    },
    {name: 'reads null from a scalar, whatever columns there are', sql: 'SELECT a->k AS s FROM demo', input: [{a: 5, k: 1}], out: [[{}]]},
    {name: 'has a null literal', sql: 'SELECT coalesce(NULL, `NULL`) AS c FROM demo', input: [{NULL: 7}], out: [[{c: 7}]]},
    {name: 'takes an index before a product', sql: 'SELECT 2 * xs[1] AS d FROM demo', input: [{xs: [1, 5]}], out: [[{d: 10}]]},
    {
      name: 'tests grouped columns in HAVING',
      sql: 'SELECT line FROM demo GROUP BY line, COUNTWINDOW(2) HAVING line = "a"',
      input: [{line: 'a'}, {line: 'b'}],
      out: [[{line: 'a'}]],
    },
    {name: 'leaves HTML in payloads as it is', sql: 'SELECT s FROM demo', input: [{s: '<a&b>'}], out: [[{s: '<a&b>'}]]},
    {name: 'refuses a back-quote that is not closed', sql: 'SELECT `a FROM demo', refusal: 'the back-quote is not closed'},
    {name: 'refuses a lone !', sql: 'SELECT a FROM demo WHERE a ! 1', refusal: 'found "!"'},
    {name: 'refuses a second window', sql: 'SELECT a FROM demo GROUP BY COUNTWINDOW(2), TUMBLINGWINDOW(ss, 1)', refusal: 'has one window'},
    {name: 'refuses a second statement', sql: 'SELECT a FROM demo; SELECT b FROM demo', refusal: 'after the end of the statement'},
  ];

  it.each(cases)('$name', async ({sql, input = [], out, refusal}) => {
    const run = runStatement({line: 0, declarations: [stream], sql, input: input.map(one => JSON.stringify(one)), out: []});
    if (refusal === undefined) expect(await run).toEqual(out);
    else expect(await run.then(JSON.stringify, messageOf)).toContain(refusal);
  });
});

describe('the API', () => {
  it('names the engine, and warns of what it does not do', async () => {
    const engine = await startHttpEngine();
    try {
      expect((await httpRequest(engine.url, 'GET', '/')).headers['server']).toMatch(/^arrokoth\//);
      const send = (path: string, body: object) => httpRequest(engine.url, 'POST', path, {body: Buffer.from(JSON.stringify(body))});
      await send('/streams', {sql: stream});
      const answer = await send('/rules/validate', {id: 'r', sql: 'SELECT * FROM demo', actions: [{nop: {}}], options: {qos: 1}});
      expect(JSON.parse(answer.text)).toMatchObject({valid: true, warnings: [expect.stringContaining('kept in memory only')]});
      const sql = 'SELECT count(*) AS n FROM demo GROUP BY COUNTWINDOW(2) OVER (WHEN a > 1)';
      expect(JSON.parse((await send('/rules/validate', {id: 'r', sql, actions: [{nop: {}}]})).text)).toMatchObject({
        warnings: [expect.stringContaining('WHEN has no effect on a count window')],
      });
    } finally {
      await engine.close();
    }
  });
});
