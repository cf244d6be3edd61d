import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {get} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {hasOpenssl} from '#test/support/certificates.ts';
import {freePort} from '#test/support/free-port.ts';
import {type HttpEngine, startHttpEngine} from '#test/support/http-engine.ts';
import {type HttpRequest, httpRequest} from '#test/support/http-request.ts';

let engine: HttpEngine;
beforeAll(async () => {
  engine = await startHttpEngine({environment: {KUIPER__BASIC__PROMETHEUS: 'true', KUIPER__BASIC__PROMETHEUSPORT: '0'}});
});
afterAll(() => engine.close());

const call = (method: string, path: string, request?: HttpRequest) => httpRequest(engine.url, method, path, request);
const json = (value: unknown) => ({body: JSON.stringify(value)});
const errorCodeOf = (text: string) => (JSON.parse(text) as {error: number}).error;

const stream = (name: string, options = '') =>
  json({sql: `CREATE STREAM ${name} () WITH (DATASOURCE="bus/${name}", TYPE="memory", FORMAT="JSON"${options})`});

describe('the server', () => {
  it('redirects a path with empty segments', async () => {
    expect(await call('GET', '//streams//x?a=1')).toMatchObject({status: 301, headers: {location: '/streams/x?a=1'}, text: ''});
  });

  it.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'nonsense',
    'multipart/form-data',
  ])('reads a JSON body sent as %s', async type => {
    const answer = await call('POST', '/streams', {...stream('typed'), headers: {'content-type': type}});
    expect(answer).toMatchObject({status: 201, text: 'Stream typed is created.'});
    expect((await call('DELETE', '/streams/typed')).status).toBe(200);
  });

  it('reads a JSON body without a type', async () => {
    expect((await call('POST', '/streams', stream('untyped'))).status).toBe(201);
    expect((await call('DELETE', '/streams/untyped')).status).toBe(200);
  });

  it.each([
    'POST /streams',
    'PUT /streams/x',
    'POST /tables',
    'POST /rules',
    'PUT /rules/x',
    'POST /ruleset/import',
    'POST /batch/req',
    'PATCH /configs',
    'PUT /metadata/sources/mqtt/confKeys/x',
    'GET /rules/tags/match',
    'POST /rules/bulkstart',
  ])('answers %s with any body in the error form or with success, never with a defect', async target => {
    const [method, path] = target.split(' ') as [string, string];
    for (const body of [
      undefined,
      '',
      'null',
      '[]',
      '{}',
      '"x"',
      '5',
      '{',
      '{"sql":null}',
      '{"content":"null"}',
      '[null]',
      '{"tags":null}',
      '{"id":null}',
      '\u0000',
      '{"__proto__":{"a":1}}',
    ]) {
      const {status, text} = await call(method, path, {body, headers: {'content-type': 'application/json'}});
      expect([200, 201, 204, 400], `${body} → ${status} ${text}`).toContain(status);
      if (status === 400) expect(text).toMatch(/^\{"error":\d+,"message":".+"\}\n$/);
    }
    expect(Object.prototype).not.toHaveProperty('a');
  });

  it('answers a bad escape in the path with 400', async () => {
    expect((await call('GET', '/streams/%zz')).status).toBe(400);
  });

  it('refuses preflights of headers and methods that are not allowed', async () => {
    const headers = {origin: 'http://x', 'access-control-request-method': 'PUT'};
    expect((await call('OPTIONS', '/rules', {headers: {...headers, 'access-control-request-headers': 'x-secret'}})).status).toBe(403);
    expect((await call('OPTIONS', '/rules', {headers: {origin: 'http://x'}})).status).toBe(400);
    expect(
      await call('OPTIONS', '/rules', {headers: {...headers, 'access-control-request-headers': 'Authorization, Accept'}}),
    ).toMatchObject({
      status: 200,
      headers: {'access-control-allow-headers': 'authorization', 'access-control-allow-methods': 'PUT', 'access-control-allow-origin': '*'},
    });
  });

  it('keeps a connection open for clients that ask for it', async () => {
    const answer = await call('GET', '/ping', {headers: {connection: 'keep-alive'}});
    expect(answer).toMatchObject({status: 200, headers: {connection: 'keep-alive'}});
  });

  it('takes ids that are words of other paths', async () => {
    expect(await call('GET', '/rules/validate')).toMatchObject({status: 404, text: expect.stringContaining('Rule validate is not found')});
    expect((await call('DELETE', '/rules/bulkstart')).status).toBe(400);
    expect((await call('PATCH', '/rules/validate')).status).toBe(405);
  });

  describe('answers in few words to', () => {
    const rule = (sql: string) => JSON.stringify({id: 'hostile', sql, actions: [{nop: {}}]});
    const bodies: readonly [name: string, method: string, path: string, body: string][] = [
      ['a deeply nested body', 'PUT', '/metadata/sources/mqtt/confKeys/deep', `{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`],
      ['a deeply nested rule', 'POST', '/rules', `{"id":"hostile","actions":[{"nop":{"a":${'['.repeat(9000)}${']'.repeat(9000)}}}]}`],
      [
        'a CASE of ten thousand branches',
        'POST',
        '/rules',
        rule(`SELECT CASE ${'WHEN a > 1 THEN 1 '.repeat(10_000)} END AS c FROM hostile`),
      ],
      ['twenty thousand conditions', 'POST', '/rules', rule(`SELECT * FROM hostile WHERE ${Array(20_000).fill('a > 1').join(' AND ')}`)],
      ['a long list for a text', 'POST', '/streams', JSON.stringify({sql: Array(5000).fill('x')})],
      ['a batch without a body', 'POST', '/batch/req', ''],
    ];
    for (const [name, method, path, body] of bodies) {
      it(name, async () => {
        await call('POST', '/streams', stream('hostile'));
        const answer = await call(method, path, {body});
        expect(answer.status).toBe(400);
        expect(answer.text.length).toBeLessThan(1000);
        expect(answer.text).not.toMatch(/call stack|undefined/);
        await call('DELETE', '/streams/hostile');
      });
    }
  });

  it('does not run a batch within a batch', async () => {
    expect((await call('POST', '/batch/req', json([{method: 'POST', path: '/batch/req', body: '[]'}]))).status).toBe(400);
    expect((await call('POST', '/batch/req', json([{method: 'POST', path: '//batch/req', body: '[]'}]))).status).toBe(400);
  });

  it('refuses a time zone that is none', async () => {
    expect(errorCodeOf((await call('PATCH', '/configs', json({timezone: 'Nowhere/Land'}))).text)).toBe(1000);
  });
});

describe('metrics', () => {
  it('show the process and every rule under the names of eKuiper', async () => {
    await call('POST', '/streams', stream('counted'));
    await call('POST', '/rules', json({id: 'counted', sql: 'SELECT * FROM counted', actions: [{nop: {}}]}));
    const {status, text, headers} = await call('GET', '/metrics');
    expect({status, type: headers['content-type']}).toEqual({status: 200, type: expect.stringContaining('text/plain; version=0.0.4')});
    expect(text).toContain('\nkuiper_rule_status{rule="counted"} 1\n');
    expect(text).toContain('\nkuiper_rule_count{status="running"} 1\n');
    expect(text).toMatch(/\nkuiper_source_records_in_total\{op="counted",op_instance="0",rule="counted",type="source"\} 0\n/);
    expect(text).toMatch(/\nkuiper_op_records_in_total\{op="\d_project",op_instance="0",rule="counted",type="op"\} 0\n/);
    expect(text).toContain('\nprocess_cpu_seconds_total ');
    await call('DELETE', '/rules/counted');
    await call('DELETE', '/streams/counted');
  });

  it('stand on a port of their own when they have one, and are off by default', async () => {
    const port = await freePort();
    const own = await startHttpEngine({environment: {KUIPER__BASIC__PROMETHEUS: 'true', KUIPER__BASIC__PROMETHEUSPORT: String(port)}});
    expect((await httpRequest(`http://127.0.0.1:${port}`, 'GET', '/metrics')).text).toContain('kuiper_rule_count');
    expect((await httpRequest(own.url, 'GET', '/metrics')).status).toBe(404);
    await own.close();
    await expect(httpRequest(`http://127.0.0.1:${port}`, 'GET', '/metrics')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the address', () => {
  it('is refused with the setting to change when another program has it', async () => {
    const environment = {KUIPER__BASIC__RESTPORT: new URL(engine.url).port};
    await expect(startHttpEngine({environment})).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringContaining('could not listen on 127.0.0.1:'),
        hint: expect.stringContaining('restPort'),
      }),
    );
  });

  it.skipIf(!hasOpenssl)('speaks TLS with the certificate of restTls', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tls-'));
    const [certfile, keyfile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1', '-days', '1', '-keyout', keyfile, '-out', certfile],
      {stdio: 'ignore'},
    );
    const secure = await startHttpEngine({
      environment: {KUIPER__BASIC__RESTTLS__CERTFILE: certfile, KUIPER__BASIC__RESTTLS__KEYFILE: keyfile},
    });
    const {hostname, port, protocol} = new URL(secure.url);
    const status = await new Promise(resolve => {
      get({hostname, port, path: '/ping', ca: readFileSync(certfile), checkServerIdentity: () => undefined}, answer =>
        resolve(answer.resume().statusCode),
      );
    });
    expect({protocol, status}).toEqual({protocol: 'https:', status: 200});
    await secure.close();
    rmSync(directory, {recursive: true});
  });
});

describe('rule sets', () => {
  it('leave what did not change alone, replace what did and report only what was taken', async () => {
    await call('POST', '/streams', stream('kept'));
    await call('POST', '/streams', stream('changed'));
    await call('POST', '/streams', stream('passing', ', TEMP="true"'));
    const exported = JSON.parse((await call('POST', '/ruleset/export')).text) as {streams: Record<string, string>};
    expect(Object.keys(exported.streams)).toEqual(['changed', 'kept', 'passing']);
    const content = JSON.stringify({
      streams: {
        ...exported.streams,
        changed: exported.streams['changed']!.replace('bus/changed', 'bus/other'),
        wrong: 'CREATE STREAM another () WITH (DATASOURCE="x")',
      },
    });
    expect(await call('POST', '/ruleset/import', json({content}))).toMatchObject({
      status: 200,
      text: 'imported 3 streams, 0 tables and 0 rules',
    });
    expect((await call('GET', '/streams/changed')).text).toContain('bus/other');
    for (const name of ['kept', 'changed', 'passing']) expect((await call('DELETE', `/streams/${name}`)).status).toBe(200);
  });

  it('refuse a file, both and neither', async () => {
    for (const body of [{file: 'file:///etc/passwd'}, {file: 'x', content: '{}'}, {}]) {
      expect((await call('POST', '/ruleset/import', json(body))).status).toBe(400);
    }
  });
});

describe('statements over POST /streams', () => {
  it('show, describe, explain and drop', async () => {
    const sql = (text: string) => call('POST', '/streams', json({sql: text}));
    await call('POST', '/streams', json({sql: 'CREATE STREAM spoken (a bigint, b array(string)) WITH (DATASOURCE="x<y", CONF_KEY="k")'}));
    expect((await sql('SHOW STREAMS')).text).toBe('spoken');
    expect(await sql('DESCRIBE STREAM spoken')).toMatchObject({
      status: 201,
      text: `Fields\n${'-'.repeat(80)}\na\tbigint\nb\tarray(string)\n\nCONF_KEY: k\nDATASOURCE: x&lt;y\n`,
    });
    expect((await sql('EXPLAIN STREAM spoken')).text).toBe('TO BE SUPPORTED');
    expect((await sql('DROP STREAM spoken')).text).toBe('Stream spoken is dropped.');
    for (const text of ['DROP STREAM spoken', 'DESCRIBE STREAM spoken', 'EXPLAIN TABLE spoken', 'SELECT * FROM spoken']) {
      expect(errorCodeOf((await sql(text)).text)).toBe(3000);
    }
  });
});
