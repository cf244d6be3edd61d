import {once} from 'node:events';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import http, {type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import https, {type ServerOptions} from 'node:https';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import type {TLSSocket} from 'node:tls';
import {afterEach, describe, expect, it} from 'vitest';
import {EngineClient, type EngineClientOptions} from '#runner/observed/engine-client.ts';
import {hasOpenssl, makeCertificates} from '#test/support/certificates.ts';
import {freePort} from '#test/support/free-port.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const noFiles = {caFile: '', certFile: '', keyFile: '', tokenFile: '', tokenScheme: 'bearer', usernameFile: '', passwordFile: ''} as const;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(answer: RequestListener, tls?: ServerOptions): Promise<string> {
  const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(url: string, credentials: Partial<EngineClientOptions['credentials']> = {}, clock = new VirtualClock()): EngineClient {
  const client = new EngineClient(
    {url, timeoutMs: 500, parallelism: 2, insecureSkipVerify: false, credentials: {...noFiles, ...credentials}},
    clock,
  );
  closers.push(() => client.close());
  return client;
}

const ok = (_request: IncomingMessage, response: ServerResponse) => void response.end('ok');

describe('EngineClient', () => {
  it('follows no redirect and uses no proxy of the environment', async () => {
    let strayed = 0;
    const elsewhere = await listen((_request, response) => {
      strayed++;
      response.end();
    });
    const url = await listen((_request, response) => void response.writeHead(302, {location: `${elsewhere}/stolen`}).end());
    process.env['HTTP_PROXY'] = elsewhere;
    closers.push(() => delete process.env['HTTP_PROXY']);
    expect(await connect(url).send({method: 'GET', path: '/streams'})).toMatchObject({status: 302});
    expect(strayed).toBe(0);
  });

  it('does not leave the engine whatever the path', async () => {
    const url = await listen(ok);
    await expect(connect(url).send({method: 'GET', path: '@127.0.0.1:1/x'})).rejects.toMatchObject({reason: 'refused'});
  });

  it('sends bodies and paths as they are', async () => {
    const seen: string[] = [];
    const url = await listen((request, response) => {
      let body = '';
      request.on('data', part => {
        body += String(part);
      });
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? 'no type'} ${body}`);
        response.end();
      });
    });
    const client = connect(url);
    await client.send({method: 'PUT', path: '/rules/a?x=1', body: ' {"n": 12345678901234567890} '});
    await client.send({method: 'POST', path: '/rules/a/start'});
    expect(seen).toEqual(['PUT /rules/a?x=1 application/json  {"n": 12345678901234567890} ', 'POST /rules/a/start no type ']);
  });

  it('tells a refused connection, a broken one and silence apart, and counts them', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    await expect(connect(closed).send({method: 'GET', path: '/'})).rejects.toMatchObject({
      reason: 'refused',
      message: `no engine answers at ${closed} (ECONNREFUSED)`,
    });
    const url = await listen((request, response) => {
      if (request.url === '/broken') request.socket.destroy();
      else if (request.url === '/half') {
        response.writeHead(200, {'content-length': 100}).write('half');
        setTimeout(() => request.socket.destroy(), 20);
      }
    });
    const client = connect(url);
    await expect(client.send({method: 'GET', path: '/broken'})).rejects.toMatchObject({reason: 'broken'});
    await expect(client.send({method: 'GET', path: '/half'})).rejects.toMatchObject({reason: 'broken'});
    await expect(client.send({method: 'POST', path: '/silent'})).rejects.toMatchObject({
      reason: 'timeout',
      message: 'the engine gave no answer within 500 ms',
    });
    expect(Object.fromEntries(client.counts)).toEqual({'GET broken': 2, 'POST timeout': 1});
  });
});

describe('credentials', () => {
  it.skipIf(!hasOpenssl)('are sent as their scheme wants and read again when they rotate', async () => {
    const certificates = makeCertificates();
    closers.push(() => rmSync(certificates.directory, {recursive: true}));
    const file = (name: string, text: string) => {
      const full = path.join(certificates.directory, name);
      writeFileSync(full, text);
      return full;
    };
    const seen: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const clock = new VirtualClock();
    const tokenFile = file('token', 'first\n');
    const client = connect(url, {tokenFile}, clock);
    await client.send({method: 'GET', path: '/'});
    file('token', 'second\n');
    clock.advance(2000);
    await client.send({method: 'GET', path: '/'});
    await connect(url, {tokenFile, tokenScheme: 'raw'}).send({method: 'GET', path: '/'});
    await connect(url, {usernameFile: file('user', 'me'), passwordFile: file('password', 'pa55\n')}).send({method: 'GET', path: '/'});
    expect(seen).toEqual(['Bearer first', 'Bearer second', 'second', `Basic ${Buffer.from('me:pa55').toString('base64')}`]);
    await expect(connect(url, {tokenFile: '/nowhere/token'}).send({method: 'GET', path: '/'})).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('cannot read the credential file "/nowhere/token"'),
    });
  });

  it.skipIf(!hasOpenssl)('over TLS check the engine and show a certificate', async () => {
    const {directory, ca, serverCertificate, serverKey, clientCertificate, clientKey} = makeCertificates();
    closers.push(() => rmSync(directory, {recursive: true}));
    const url = await listen(
      (request, response) => {
        const {subject} = (request.socket as TLSSocket).getPeerCertificate();
        response.end(String(subject?.CN ?? 'nobody'));
      },
      {
        cert: readFileSync(serverCertificate),
        key: readFileSync(serverKey),
        ca: readFileSync(ca),
        requestCert: true,
        rejectUnauthorized: false,
      },
    );
    await expect(connect(url).send({method: 'GET', path: '/'})).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining(`the TLS connection to ${url} failed`),
    });
    expect(await connect(url, {caFile: ca}).send({method: 'GET', path: '/'})).toMatchObject({text: 'nobody'});
    expect(
      await connect(url, {caFile: ca, certFile: clientCertificate, keyFile: clientKey}).send({method: 'GET', path: '/'}),
    ).toMatchObject({text: 'client'});
  });
});
