import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Logger} from '#engine/base/logger.ts';
import {Webhook} from '#runner/report/webhook.ts';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {pollUntil} from '#test/support/poll.ts';
import {commandFile, createRunnerPlace, type RunnerPlace, ruleCommand, startRunner, streamCommand} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly document: Record<string, unknown>;
}

let receiver: Server;
let url: string;
let received: Received[];
/** Answers a request; the default is 204. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let place: RunnerPlace;

beforeEach(async () => {
  received = [];
  answer = (_, response) => void response.writeHead(204).end();
  receiver = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    received.push({
      path: request.url!,
      authorization: request.headers.authorization,
      document: JSON.parse(text) as Record<string, unknown>,
    });
    answer(request, response);
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook/s3cret-path`;
  place = createRunnerPlace('http://127.0.0.1:1');
});
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
  place.remove();
});

describe('a webhook', () => {
  let clock: VirtualClock;
  let lines: string[];
  const log = new Proxy({} as Logger, {
    get: (_, level) => (event: string, fields: object) => void lines.push(`${String(level)} ${event} ${JSON.stringify(fields)}`),
  });
  const open = (more: Partial<ConstructorParameters<typeof Webhook>[0]> = {}) =>
    new Webhook({url, tokenFile: '', timeoutMs: 2000, clock, log, random: () => 1, ...more});
  beforeEach(() => {
    clock = new VirtualClock(0);
    lines = [];
  });

  it('delivers in order', async () => {
    const hook = open();
    for (let i = 0; i < 5; i++) hook.send({i});
    await pollUntil(() => received.length === 5);
    expect(received.map(({document}) => document['i'])).toEqual([0, 1, 2, 3, 4]);
    expect(hook.counts).toEqual({delivered: 5, failed: 0, dropped: 0});
  });

  it.each([500, 503, 429, 408, 401])('is sent again after %i, later and later, and says nothing when it comes through', async status => {
    answer = (_, response) => void response.writeHead(received.length < 3 ? status : 200).end('no');
    const hook = open();
    hook.send({});
    const waits: number[] = [];
    while (hook.counts.delivered === 0) {
      await pollUntil(() => clock.waiting > 0 || hook.counts.delivered > 0);
      if (hook.counts.delivered === 0) {
        const before = received.length;
        clock.advance(1000 * 2 ** waits.length);
        waits.push(before);
        await pollUntil(() => received.length > before);
      }
    }
    expect(received).toHaveLength(3);
    expect(lines).toEqual([]);
  });

  it('gives up in the end, says so once, and names neither path nor token', async () => {
    answer = (_, response) => void response.writeHead(500).end();
    writeFileSync(path.join(place.root, 'token'), 'hunter2\n');
    const hook = open({tokenFile: path.join(place.root, 'token')});
    hook.send({});
    hook.send({});
    await pollUntil(() => {
      clock.advance(60_000);
      return hook.counts.failed === 2;
    });
    expect(received).toHaveLength(10);
    expect(received[0]!.authorization).toBe('Bearer hunter2');
    expect(lines).toEqual([`warn the webhook could not be delivered {"receiver":"${new URL(url).origin}","reason":"it answered 500"}`]);
    answer = (_, response) => void response.writeHead(200).end();
    hook.send({});
    await pollUntil(() => lines.length === 2);
    expect(lines[1]).toContain('delivered again');
  });

  it.each([301, 307, 400, 403, 404])('is not repeated after %i, and follows no redirect', async status => {
    answer = (_, response) => void response.writeHead(status, {location: '/elsewhere'}).end();
    const hook = open();
    hook.send({});
    await pollUntil(() => hook.counts.failed === 1);
    expect(received.map(({path: at}) => at)).toEqual(['/hook/s3cret-path']);
  });

  it('reads its token anew for each request', async () => {
    const tokenFile = path.join(place.root, 'token');
    const hook = open({tokenFile});
    for (const token of ['one', 'two']) {
      writeFileSync(tokenFile, token);
      hook.send({});
      await pollUntil(() => received.at(-1)?.authorization === `Bearer ${token}`);
    }
  });

  it('drops the oldest when the receiver does not keep up', async () => {
    answer = () => {};
    const hook = open();
    for (let i = 0; i < 40; i++) hook.send({i});
    expect(hook.counts.dropped).toBe(23);
    const closing = hook.close();
    await pollUntil(() => {
      clock.advance(1000);
      return clock.waiting === 0;
    });
    await closing;
  });

  it('says why there is no answer', async () => {
    answer = () => {};
    const hook = open({timeoutMs: 50});
    hook.send({});
    await pollUntil(() => {
      clock.advance(60_000);
      return hook.counts.failed === 1;
    });
    expect(lines[0]).toContain('no answer within 50 ms');
    receiver.closeAllConnections();
    receiver.close();
    const other = open();
    lines = [];
    other.send({});
    await pollUntil(() => {
      clock.advance(60_000);
      return other.counts.failed === 1;
    });
    expect(lines[0]).toContain('no connection (ECONNREFUSED)');
  });
});

describe('the sidecar tells its webhook', () => {
  const events = () => received.map(({document}) => document['event']);

  it('what it changed and what went wrong, with secrets masked, and never waits for the receiver', async () => {
    const engine = await FakeEngine.start();
    place.remove();
    place = createRunnerPlace(engine.url, {webhookUrl: url, healthInterval: '1s', intervalTime: 1});
    // The receiver never answers: the passes go on.
    answer = () => {};
    engine.intercept = ({method, path: at, body}) =>
      method === 'POST' && at === '/rules' && body.includes('"bad"')
        ? {answer: 400, text: '{"error":1000,"message":"cannot parse {\\"password\\":\\"hunter2hunter2\\"}"}\n'}
        : undefined;
    place.write({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo'), ruleCommand('bad', 'demo'))});
    const runner = startRunner(place);
    try {
      await pollUntil(() => received.length === 1, {what: runner.output});
      const {document} = received[0]!;
      expect(document).toMatchObject({
        event: 'pass',
        inSync: false,
        engine: {url: engine.url, version: '2.4.0', reachable: true},
        changes: [
          {action: 'create', object: 'rule bad', place: 'a.json:1:230', result: 'failed', error: expect.stringContaining('******')},
          {action: 'create', object: 'stream demo', result: 'done'},
          {action: 'create', object: 'rule r', result: 'done'},
        ],
        rules: {healthy: 1, unhealthy: 1, notWell: [{rule: 'bad', reasons: [{reason: 'refused'}]}]},
        omitted: 0,
      });
      expect(typeof document['host']).toBe('string');
      expect(JSON.stringify(document)).not.toContain('hunter2');
      place.write({'b.json': commandFile(streamCommand('more'))});
      await pollUntil(() => engine.state.streams['more'] !== undefined, {what: runner.output});
      const startedAt = performance.now();
      expect(await runner.end()).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(6000);
    } finally {
      await runner.end('SIGKILL');
      await engine.kill();
    }
  });

  it('of rules that are unwell and well again, and nothing of passes without news', async () => {
    const engine = await FakeEngine.start();
    place.remove();
    place = createRunnerPlace(engine.url, {webhookUrl: url, webhookOn: 'failures', healthInterval: '1s', intervalTime: 1});
    place.write({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo'))});
    const runner = startRunner(place);
    try {
      await pollUntil(() => engine.calls.filter(({path: at}) => at === '/rules/status/all').length >= 2, {what: runner.output});
      expect(events()).toEqual([]);
      engine.nodes.set('r', {source_demo_0_connection_status: -1, source_demo_0_connection_last_disconnected_message: 'refused'});
      await pollUntil(() => received.length === 1, {what: runner.output});
      expect(received[0]!.document).toMatchObject({
        event: 'health',
        rules: {unhealthy: 1, notWell: [{rule: 'r', reasons: [{reason: 'source', text: 'source demo is not connected: refused'}]}]},
      });
      engine.nodes.clear();
      await pollUntil(() => received.length === 2, {what: runner.output});
      expect(received[1]!.document).toMatchObject({event: 'health', inSync: true, rules: {unhealthy: 0}});
    } finally {
      await runner.end('SIGKILL');
      await engine.kill();
    }
  });
});
