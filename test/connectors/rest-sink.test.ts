import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {ConnectorError} from '#engine/base/errors.ts';
import {hasOpenssl, makeCertificates} from '#test/support/certificates.ts';
import {connectorEnvironment, createSink, openSink, type RecordedSink, recordingLogger, sinkMessage} from '#test/support/connectors.ts';
import {freePort} from '#test/support/free-port.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly port: number | undefined;
}

let server: ReturnType<typeof createServer>;
let url: string;
let seen: Seen[];
let answer: (request: Seen, response: ServerResponse) => void;

beforeEach(async () => {
  seen = [];
  answer = (_request, response) => void response.end('ok');
  server = createServer(record).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function record(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const one = {
      method: request.method!,
      url: request.url!,
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
      port: request.socket.remotePort,
    };
    seen.push(one);
    answer(one, response);
  });
}

function open(properties: Record<string, unknown>, environment = connectorEnvironment()): RecordedSink {
  const sink = openSink('rest', properties, environment);
  onTestFinished(() => sink.sink.close());
  return sink;
}

async function failureOf(result: void | Promise<void>): Promise<Error & {retry?: boolean; cause?: unknown; delivered?: number}> {
  try {
    await result;
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('expected a failure');
}

describe('the rest sink', () => {
  const bodies = [
    {properties: {}, method: 'GET', body: '', type: undefined},
    {properties: {method: 'post'}, method: 'POST', body: '{"a":1}', type: 'application/json'},
    {properties: {method: 'PUT', bodyType: 'text'}, method: 'PUT', body: '{"a":1}', type: 'text/plain'},
    {properties: {method: 'DELETE', bodyType: 'none'}, method: 'DELETE', body: '', type: undefined},
    {properties: {method: 'POST', bodyType: 'xml'}, method: 'POST', body: '{"a":1}', type: 'application/xml'},
    {
      properties: {method: 'POST', bodyType: 'form', format: 'urlencoded'},
      method: 'POST',
      body: '{"a":1}',
      type: 'application/x-www-form-urlencoded',
    },
    {
      properties: {method: 'POST', headers: {'Content-Type': 'application/vnd.x', 'X-N': 5}},
      method: 'POST',
      body: '{"a":1}',
      type: 'application/vnd.x',
    },
  ];
  for (const {properties, method, body, type} of bodies) {
    it(`sends ${JSON.stringify(properties)}`, async () => {
      await open({url: `${url}/p?q=1`, ...properties}).sink.write([sinkMessage('{"a":1}')]);
      expect(seen).toMatchObject([{method, url: '/p?q=1', body}]);
      expect(seen[0]!.headers['content-type']).toBe(type);
    });
  }

  it('sends a form with the message as a file', async () => {
    await open({url, method: 'POST', bodyType: 'formdata', formData: {site: 'north'}, fileFieldName: 'reading'}).sink.write([
      sinkMessage('{"a":1}'),
    ]);
    expect(seen[0]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[0]!.body).toMatch(/name="site"\r\n\r\nnorth\r\n/);
    expect(seen[0]!.body).toMatch(/name="reading"; filename="reading"[\s\S]*\{"a":1\}/);
  });

  it('sends messages in order over one kept connection', async () => {
    const {sink} = open({url, method: 'POST'});
    await sink.write(Array.from({length: 20}, (_, i) => sinkMessage(String(i))));
    expect(seen.map(({body}) => body)).toEqual(Array.from({length: 20}, (_, i) => String(i)));
    expect(new Set(seen.map(({port}) => port)).size).toBe(1);
  });

  it('fails for good when the answer is not 2xx, and tells which message it was', async () => {
    answer = ({body}, response) => void response.writeHead(body === 'bad' ? 503 : 204).end(body === 'bad' ? 'try later' : undefined);
    const {sink} = open({url: `${url}/x?token=secret`, method: 'POST'});
    const failure = await failureOf(sink.write(['good', 'bad', 'good'].map(text => sinkMessage(text))));
    expect(failure.delivered).toBe(1);
    const cause = failure.cause as ConnectorError;
    expect(cause.retry).toBe(false);
    expect(cause.message).toBe(
      `parse response error: response code error: 503. | method=POST path="${url}/x" status=503 response_body="try later"`,
    );
  });

  it('looks at the code in the body when told to', async () => {
    const {sink} = open({url, method: 'POST', responseType: 'body'});
    answer = (_request, response) => void response.end('{"code":200}');
    await sink.write([sinkMessage('1')]);
    answer = (_request, response) => void response.end('{"code":500}');
    expect((await failureOf(sink.write([sinkMessage('2')]))).message).toContain('response body code error: 500.');
    answer = (_request, response) => void response.end('<html>');
    expect((await failureOf(sink.write([sinkMessage('3')]))).message).toContain('response body is not JSON.');
  });

  it('does not follow redirects', async () => {
    answer = ({url: path}, response) => void response.writeHead(path === '/' ? 302 : 200, {Location: `${url}/elsewhere`}).end();
    expect((await failureOf(open({url}).sink.write([sinkMessage('x')]))).message).toContain('status=302');
    expect(seen.map(one => one.url)).toEqual(['/']);
  });

  it('may be retried when nobody answers, refuses or takes too long', async () => {
    const closed = open({url: `http://127.0.0.1:${await freePort()}/x`, method: 'POST'});
    const refused = await failureOf(closed.sink.write([sinkMessage('x')]));
    expect(refused).toMatchObject({retry: true});
    expect(refused.message).toMatch(
      /^rest sink fails to send out the data:err=.*ECONNREFUSED.* recoverAble=true method=POST path="http:\/\/127\.0\.0\.1:\d+\/x"$/,
    );
    expect(closed.status()).toMatchObject({state: -1, message: expect.stringContaining('ECONNREFUSED')});

    answer = () => {};
    expect(await failureOf(open({url, timeout: 50}).sink.write([sinkMessage('x')]))).toMatchObject({
      retry: true,
      message: expect.stringContaining('timeout'),
    });
    answer = (_request, response) => void response.socket!.destroy();
    expect(await failureOf(open({url}).sink.write([sinkMessage('x')]))).toMatchObject({retry: true});
    const nameless = await failureOf(open({url: 'http://no-such-host.invalid/'}).sink.write([sinkMessage('x')]));
    expect(nameless).toMatchObject({retry: true});
  });

  it('leaves a server alone for a moment that it could not reach, and no other', async () => {
    const port = await freePort();
    const clock = new VirtualClock(0);
    const {sink} = open({url: 'http://127.0.0.1:{{.port}}/', method: 'POST'}, {...connectorEnvironment(), clock});
    const send = (target: number) => sink.write([{payload: 'x', data: {port: target}}]);
    expect((await failureOf(send(port))).message).toContain('ECONNREFUSED');
    const late = createServer(record).listen(port, '127.0.0.1');
    onTestFinished(() => void late.close());
    await once(late, 'listening');
    expect((await failureOf(send(port))).message).toContain('ECONNREFUSED');
    expect(seen).toEqual([]);
    await send((server.address() as AddressInfo).port);
    clock.advance(100);
    await send(port);
    expect(seen.length).toBe(2);
    late.closeAllConnections();
  });

  it('waits no longer than its time-out for an answer that trickles', async () => {
    answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const failure = await failureOf(open({url, method: 'POST', timeout: 150}).sink.write([sinkMessage('x')]));
    expect(failure).toMatchObject({retry: true, message: expect.stringContaining('timeout of 150ms exceeded')});
  });

  it('ends a request under way when it is closed', async () => {
    answer = () => {};
    const sink = open({url, method: 'POST', timeout: 60_000});
    const failure = failureOf(sink.sink.write([sinkMessage('x')]));
    while (seen.length === 0) await new Promise(setImmediate);
    await sink.sink.close();
    expect(await failure).toBeInstanceOf(ConnectorError);
  });

  it('takes a long answer for what its status says, and reads no more than its beginning', async () => {
    let sent = 0;
    answer = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && sent < 64_000_000 && response.write('x'.repeat(64_000))) sent += 64_000;
        if (sent >= 64_000_000) response.end();
        else response.once('drain', more);
      };
      more();
    };
    const sink = open({url, method: 'POST'});
    await sink.sink.write([sinkMessage('x')]);
    await sink.sink.write([sinkMessage('y')]);
    expect(seen.map(({body}) => body)).toEqual(['x', 'y']);
    expect(sent).toBeLessThan(64_000_000);
  });

  it('keeps a long answer short', async () => {
    answer = (_request, response) => void response.writeHead(500).end('x'.repeat(5000));
    expect((await failureOf(open({url}).sink.write([sinkMessage('x')]))).message.length).toBeLessThan(800);
  });

  describe('and its targets', () => {
    const addresses: string[] = [];
    const environment = () =>
      connectorEnvironment({
        checkTarget(address) {
          addresses.push(address);
          throw new ConnectorError(`address ${address} is not allowed`, {retry: false});
        },
      });

    for (const host of ['127.0.0.1', '[::1]', '0x7f.1', '2130706433']) {
      it(`are refused when the rule is made: ${host}`, () => {
        expect(() => createSink('rest', {url: `http://${host}/x`}, environment())).toThrow(
          /rest sink: url: address (127\.0\.0\.1|::1) is not allowed/,
        );
      });
    }

    it('are not known before the message when they are a template', () => {
      expect(() => createSink('rest', {url: 'http://127.0.0.1/{{.path}}'}, environment())).not.toThrow();
    });

    for (const [host, written] of [
      ['127.0.0.1', '{{"127.0.0.1"}}'],
      ['[::1]', '{{"[::1]"}}'],
      ['localhost', 'localhost'],
      ['0x7f.1', '{{"0x7f.1"}}'],
    ]) {
      it(`are checked by address when a message is sent: ${host}`, async () => {
        addresses.length = 0;
        const target = `http://${written}:${new URL(url).port}/x`;
        const failure = await failureOf(open({url: target}, environment()).sink.write([sinkMessage('x')]));
        expect(failure).toMatchObject({
          retry: false,
          message: expect.stringMatching(/address (127\.0\.0\.1|::1) is not allowed recoverAble=false/),
        });
        expect(addresses.every(address => address === '127.0.0.1' || address === '::1')).toBe(true);
        expect(seen).toEqual([]);
      });
    }

    it('are not reached through a proxy of the environment', async () => {
      const {env} = process;
      const before = env['http_proxy'];
      env['http_proxy'] = url;
      onTestFinished(() => {
        if (before === undefined) delete env['http_proxy'];
        else env['http_proxy'] = before;
      });
      await failureOf(open({url: 'http://no-such-host.invalid/'}).sink.write([sinkMessage('x')]));
      expect(seen).toEqual([]);
    });
  });

  it.skipIf(!hasOpenssl)('speaks TLS and verifies the server', async () => {
    const files = makeCertificates();
    const secure = createTlsServer({cert: readFileSync(files.serverCertificate), key: readFileSync(files.serverKey)}, record).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void secure.close());
    await once(secure, 'listening');
    const target = `https://localhost:${(secure.address() as AddressInfo).port}/`;
    expect((await failureOf(open({url: target}).sink.write([sinkMessage('x')]))).message).toContain('certificate');
    await open({url: target, rootCaPath: files.ca}).sink.write([sinkMessage('x')]);
    await open({url: target, insecureSkipVerify: true}).sink.write([sinkMessage('x')]);
    expect(seen).toHaveLength(2);
    secure.closeAllConnections();
  });

  it('logs answers when asked to', async () => {
    const logger = recordingLogger();
    await open({url, debugResp: true}, connectorEnvironment({logger})).sink.write([sinkMessage('x')]);
    expect(logger.events).toEqual(['rest sink answer']);
  });

  const refused = [
    {properties: {}, error: 'url is required'},
    {properties: {url: 'no url'}, error: 'expected http://host/path or https://host/path, got "no url"'},
    {properties: {url: 'file:///etc/passwd'}, error: 'expected http://host/path'},
    {properties: {url: 'http://x', method: 'fetch'}, error: 'Not supported HTTP method fetch.'},
    {properties: {url: 'http://x', method: 'HEAD'}, error: 'Not supported HTTP method HEAD.'},
    {properties: {url: 'http://x', bodyType: 'yaml'}, error: 'Not valid body type value yaml'},
    {properties: {url: 'http://x', bodyType: 'json', format: 'delimited'}, error: 'format must be json if bodyType is json'},
    {properties: {url: 'http://x', bodyType: 'form'}, error: 'format must be urlencoded if bodyType is form'},
    {properties: {url: 'http://x', oauth: {}}, error: 'oauth is not supported yet'},
    {properties: {url: 'http://x', timeout: 'soon'}, error: 'timeout: expected a duration'},
  ];
  for (const {properties, error} of refused) it(`is refused: ${error}`, () => expect(() => createSink('rest', properties)).toThrow(error));
});
