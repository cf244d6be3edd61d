import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import http, {type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import https, {type ServerOptions} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TLSSocket} from 'node:tls';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {readCredentials} from '#runner/observed/credentials.ts';
import {EngineClient, type EngineClientOptions} from '#runner/observed/engine-client.ts';
import {RequestFailure} from '#runner/observed/engine-request.ts';
import {exchange} from '#runner/observed/http-exchange.ts';
import {type Certificates, hasOpenssl, makeCertificates} from '#test/support/certificates.ts';
import {freePort} from '#test/support/free-port.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';
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
    await client.send({method: 'DELETE', path: '/x', body: '"ü"'});
    expect(seen).toEqual([
      'PUT /rules/a?x=1 application/json  {"n": 12345678901234567890} ',
      'POST /rules/a/start no type ',
      'DELETE /x application/json "ü"',
    ]);
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
      } else if (request.url === '/drop-by-drop') {
        const drops = setInterval(() => response.write('drop'), 50);
        request.socket.on('close', () => clearInterval(drops));
      }
    });
    const client = connect(url);
    await expect(client.send({method: 'GET', path: '/broken'})).rejects.toMatchObject({reason: 'broken'});
    await expect(client.send({method: 'GET', path: '/half'})).rejects.toMatchObject({reason: 'broken'});
    await expect(client.send({method: 'POST', path: '/silent'})).rejects.toMatchObject({
      reason: 'timeout',
      message: 'the engine gave no answer within 500 ms',
    });
    await expect(client.send({method: 'GET', path: '/drop-by-drop'})).rejects.toMatchObject({reason: 'timeout'});
    expect(Object.fromEntries(client.counts)).toEqual({'GET broken': 2, 'POST timeout': 1, 'GET timeout': 1});
  });

  it('puts characters together that come in two parts, and keeps the connection for the next request', async () => {
    const connections = new Set<number | undefined>();
    const url = await listen((request, response) => {
      connections.add(request.socket.remotePort);
      const bytes = Buffer.from('"ü"');
      response.writeHead(200, {'content-length': bytes.length});
      response.write(bytes.subarray(0, 2));
      setTimeout(() => response.end(bytes.subarray(2)), 20);
    });
    const client = connect(url);
    for (let i = 0; i < 3; i++) expect(await client.send({method: 'GET', path: '/'})).toMatchObject({status: 200, text: '"ü"'});
    expect(connections.size).toBe(1);
  });

  it('reads no answer without end', async () => {
    const url = await listen((_request, response) => void response.end('x'.repeat(5000)));
    const request = {method: 'GET', headers: {}, body: undefined, agent: undefined, signal: AbortSignal.timeout(5000)};
    await expect(exchange(url, {...request, largestAnswerBytes: 4096})).rejects.toThrow('the answer is larger than');
    expect((await exchange(url, {...request, largestAnswerBytes: 5000})).text).toHaveLength(5000);
  });
});

describe('credentials', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'credentials-'));
    closers.push(() => rmSync(directory, {recursive: true}));
  });
  const file = (name: string, text: string) => {
    const full = path.join(directory, name);
    writeFileSync(full, text);
    return full;
  };
  /** A server that takes one value of the header, and what it was shown. */
  const guarded = async (accepts: () => string) => {
    const seen: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === accepts()) response.end('ok');
      else response.writeHead(401).end(`validate token error: ${request.headers.authorization} is expired`);
    });
    return {url, seen};
  };
  const get = {method: 'GET', path: '/streams'};

  it('are sent as their scheme wants', async () => {
    const {url, seen} = await guarded(() => '');
    const tokenFile = file('token', 'first\n');
    await connect(url, {tokenFile}).send(get);
    await connect(url, {tokenFile, tokenScheme: 'raw'}).send(get);
    await connect(url, {usernameFile: file('user', 'me'), passwordFile: file('password', 'pa55\n')}).send(get);
    expect(seen).toEqual(['Bearer first', 'first', `Basic ${Buffer.from('me:pa55').toString('base64')}`]);
  });

  it('are read again when they are older than a second', async () => {
    const {url, seen} = await guarded(() => '');
    const clock = new VirtualClock();
    const client = connect(url, {tokenFile: file('token', 'first')}, clock);
    await client.send(get);
    file('token', 'second');
    clock.advance(2000);
    await client.send(get);
    expect(seen).toEqual(['Bearer first', 'Bearer second']);
  });

  it('are read again at once after a 401, and the request is repeated once', async () => {
    let accepted = 'Bearer first';
    const {url, seen} = await guarded(() => accepted);
    const client = connect(url, {tokenFile: file('token', 'first')});
    expect(await client.send(get)).toMatchObject({status: 200});
    accepted = 'Bearer second';
    file('token', 'second');
    const answers = await Promise.all([client.send(get), client.send({...get, method: 'POST', body: '{}'}), client.send(get)]);
    expect(answers.map(({status}) => status)).toEqual([200, 200, 200]);
    expect(seen.slice(1).sort()).toEqual([...Array(3).fill('Bearer first'), ...Array(3).fill('Bearer second')]);
    // A token that is still the one that was refused is not tried again.
    accepted = 'Bearer third';
    seen.length = 0;
    expect(await client.send(get)).toMatchObject({status: 401});
    expect(seen).toEqual(['Bearer second']);
  });

  it('follow a mounted Secret whose links are swapped', async () => {
    let accepted = 'Bearer one';
    const {url, seen} = await guarded(() => accepted);
    const secret = new KubeletVolume(path.join(directory, 'secret'), 'from 1.23');
    secret.update({token: 'one'});
    const client = connect(url, {tokenFile: path.join(secret.directory, 'token')});
    await client.send(get);
    for (const [i, step] of secret.steps({token: 'two'}).entries()) {
      step.run();
      if (step.name === 'swap') accepted = 'Bearer two';
      expect(await client.send(get), `after step ${i}, ${step.name}`).toMatchObject({status: 200});
    }
    expect(seen.at(-1)).toBe('Bearer two');
  });

  it('are all of one moment, however often they are swapped while they are read', async () => {
    const secret = new KubeletVolume(path.join(directory, 'secret'), 'from 1.23');
    const names = ['ca.crt', 'tls.crt', 'tls.key', 'token'];
    const generation = (n: number) => Object.fromEntries(names.map(name => [name, `${n}`]));
    secret.update(generation(0));
    const at = (name: string) => path.join(secret.directory, name);
    const files = {...noFiles, caFile: at('ca.crt'), certFile: at('tls.crt'), keyFile: at('tls.key'), tokenFile: at('token')};
    for (let n = 1; n <= 200; n++) {
      let reading = readCredentials(files);
      for (const step of secret.steps(generation(n))) {
        if (step.name === 'swap') {
          await reading;
          // The files are opened while the link is swapped, or some turns before.
          reading = readCredentials(files);
          for (let turn = 0; turn < n % 4; turn++) await new Promise(resolve => setImmediate(resolve));
        }
        // The old directory goes some time after the swap; a Secret is never without its files.
        if (step.name === 'remove the old directory') await reading;
        step.run();
      }
      const {ca, cert, key, secrets} = await reading;
      expect(new Set([String(ca), String(cert), String(key), ...secrets]).size, `swap ${n}`).toBe(1);
    }
  });

  it.each([
    ['is not there', undefined, 'cannot read the credential file "TOKEN": ENOENT'],
    ['is empty', ' \n', 'the credential file "TOKEN" is empty'],
    ['holds two lines', 'a\nb', 'the credential file "TOKEN" must hold one line of text'],
  ])('name a file that %s', async (_, text, message) => {
    const tokenFile = path.join(directory, 'token');
    if (text !== undefined) writeFileSync(tokenFile, text);
    await expect(connect(await listen(ok), {tokenFile}).send(get)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining(message.replace('TOKEN', tokenFile)),
    });
  });

  it('and the secrets of a body are in no text of an error, whatever form they come back in', async () => {
    const secret = 'p<w&"12 34';
    const url = await listen((request, response) => {
      let body = '';
      request.on('data', part => {
        body += String(part);
      });
      request.on('end', () => {
        const {password, server} = JSON.parse(body) as {password: string; server: string};
        const go = JSON.stringify({password}).replace(/</g, '\\u003c').replace(/&/g, '\\u0026');
        response
          .writeHead(400)
          .end(
            `token ${request.headers.authorization}; ${body}; map[password:${password} server:${server}]; ${go}; ${encodeURIComponent(password)}`,
          );
      });
    });
    const client = connect(url, {tokenFile: file('token', 'tok3n-of-mine'), tokenScheme: 'raw'});
    const body = JSON.stringify({password: secret, server: 'mqtt://me:ur1-pass@broker:1883', topic: 'shown'});
    const {text} = await client.send({method: 'PUT', path: '/x', body});
    for (const hidden of ['tok3n', 'p<w', 'p\\u003cw', 'p%3Cw', '12 34', '12%2034', 'ur1-pass']) expect(text).not.toContain(hidden);
    expect(text).toContain('"topic":"shown"');
    expect(text).toContain('broker:1883');
  });
});

describe.skipIf(!hasOpenssl)('TLS', () => {
  let certificates: Certificates;
  let strangers: Certificates;
  beforeAll(() => {
    certificates = makeCertificates();
    strangers = makeCertificates();
  });
  afterAll(() => {
    for (const {directory} of [certificates, strangers]) rmSync(directory, {recursive: true});
  });
  const get = {method: 'GET', path: '/'};
  const serve = (answer: RequestListener, {requires = false}: {requires?: boolean} = {}) =>
    listen(answer, {
      cert: readFileSync(certificates.serverCertificate),
      key: readFileSync(certificates.serverKey),
      ca: readFileSync(certificates.ca),
      requestCert: true,
      rejectUnauthorized: requires,
    });
  const nameOfClient: RequestListener = (request, response) =>
    void response.end(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody'));
  const client = ({ca, clientCertificate, clientKey}: Certificates) => ({caFile: ca, certFile: clientCertificate, keyFile: clientKey});

  it('checks who the engine is', async () => {
    const url = await serve(nameOfClient);
    for (const credentials of [{}, {caFile: strangers.ca}])
      await expect(connect(url, credentials).send(get)).rejects.toMatchObject({
        reason: 'refused',
        message: expect.stringContaining(`the TLS connection to ${url} failed`),
      });
    expect(await connect(url, {caFile: certificates.ca}).send(get)).toMatchObject({text: 'nobody'});
  });

  it('shows a certificate, without which an engine may talk to nobody', async () => {
    const url = await serve(nameOfClient, {requires: true});
    expect(await connect(url, client(certificates)).send(get)).toMatchObject({text: 'client'});
    await expect(connect(url, {caFile: certificates.ca}).send(get)).rejects.toBeInstanceOf(RequestFailure);
    await expect(connect(url, {...client(strangers), caFile: certificates.ca}).send(get)).rejects.toBeInstanceOf(RequestFailure);
  });

  it('names files that make no pair', async () => {
    const url = await serve(nameOfClient);
    await expect(connect(url, {...client(certificates), keyFile: strangers.clientKey}).send(get)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('caFile, certFile and keyFile cannot be used'),
    });
  });

  it('takes a new authority as soon as the old one does not vouch for the engine any more', async () => {
    const url = await serve(nameOfClient);
    const secret = new KubeletVolume(path.join(certificates.directory, 'secret'), 'from 1.23');
    secret.update({'ca.crt': readFileSync(strangers.ca, 'utf8')});
    const one = connect(url, {caFile: path.join(secret.directory, 'ca.crt')});
    await expect(one.send(get)).rejects.toMatchObject({reason: 'refused'});
    secret.update({'ca.crt': readFileSync(certificates.ca, 'utf8')});
    expect(await one.send(get)).toMatchObject({status: 200});
  });

  it('breaks no request in flight when a certificate rotates', async () => {
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const url = await serve(async (request, response) => {
      if (request.url === '/slow') await held;
      nameOfClient(request, response);
    });
    const rotating = path.join(certificates.directory, 'rotating.pem');
    writeFileSync(rotating, readFileSync(certificates.ca));
    const clock = new VirtualClock();
    const one = connect(url, {caFile: rotating}, clock);
    const slow = one.send({method: 'POST', path: '/slow'});
    await one.send(get);
    writeFileSync(rotating, `${readFileSync(certificates.ca, 'utf8')}\n${readFileSync(strangers.ca, 'utf8')}`);
    clock.advance(2000);
    await one.send(get);
    release();
    expect(await slow).toMatchObject({status: 200});
  });
});
