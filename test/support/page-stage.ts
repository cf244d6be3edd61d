import {once} from 'node:events';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {connectAsync, type MqttClient} from 'mqtt';
import {expect} from 'vitest';
import {type Broker, startBroker} from './broker.ts';
import {curlRequest} from './curl.ts';
import type {CodeBlock} from './documents.ts';
import {pollUntil} from './poll.ts';
import {startProgram} from './program.ts';
import {type RunningEngine, startEngine} from './running-engine.ts';
import {type ShellCommand, shellCommands} from './shell-commands.ts';
import {projectRoot} from './source-tree.ts';

/** What a page takes for granted: an engine on 9081, a broker on 1883 and an HTTP server on 8000, here on free ports. */
export class Stage {
  readonly #engine: RunningEngine;
  readonly #broker: Broker;
  readonly #client: MqttClient;
  readonly #http: Server;
  /** Where the page's own files and the shipped configuration lie. */
  readonly #directory = mkdtempSync(path.join(tmpdir(), 'page-'));
  readonly #messages = new Map<string, string[]>();
  readonly #requests = new Map<string, string[]>();
  #answer = '';
  /** Asks again what the last curl asked, if that changes nothing. */
  #again: (() => Promise<string>) | undefined;

  private constructor(engine: RunningEngine, broker: Broker, client: MqttClient, http: Server) {
    this.#engine = engine;
    this.#broker = broker;
    this.#client = client;
    this.#http = http;
    cpSync(path.join(projectRoot, 'configs'), path.join(this.#directory, 'configs'), {recursive: true});
    client.on('message', (topic, payload) => append(this.#messages, topic, payload.toString()));
    http.on('request', (request, reply) => {
      let body = '';
      request.on('data', part => (body += String(part)));
      request.on('end', () => {
        append(this.#requests, request.url!, body);
        reply.end();
      });
    });
  }

  static async open(): Promise<Stage> {
    const broker = await startBroker();
    const engine = await startEngine({broker: broker.url});
    const client = await connectAsync(broker.url);
    const http = createServer();
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    const stage = new Stage(engine, broker, client, http);
    await client.subscribeAsync('#', {qos: 1});
    return stage;
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
    await this.#engine.stop();
    await this.#broker.stop();
    this.#http.close();
    rmSync(this.#directory, {recursive: true});
  }

  /** Does what a block says; `next` is the block behind it, which may want an error. */
  async play({language, role, text}: CodeBlock, next: CodeBlock | undefined): Promise<void> {
    const [kind, where = ''] = role.split(' ');
    if (kind === 'message' || kind === 'request') {
      const received = kind === 'message' ? this.#messages : this.#requests;
      const payload = await pollUntil(() => received.get(where)?.shift(), {what: () => this.#engine.program.output()});
      return showsAnswer(language, text, payload!);
    }
    if (kind === 'answer') return this.#shows(language, text);
    if (kind === 'file') {
      mkdirSync(path.dirname(path.join(this.#directory, where)), {recursive: true});
      return writeFileSync(path.join(this.#directory, where), this.#rewritten(text));
    }
    const wantsError = next?.role === 'answer' && /"error"|^Error|invalid/m.test(next.text);
    for (const command of shellCommands(this.#rewritten(text))) await this.#run(command, wantsError);
  }

  /** What a message changes shows a moment after it: a question is asked until the answer is the one shown. */
  async #shows(language: string, text: string): Promise<void> {
    const again = this.#again;
    if (again === undefined) return showsAnswer(language, text, this.#answer);
    await pollUntil(async () => {
      try {
        showsAnswer(language, text, this.#answer);
        return true;
      } catch (thrown) {
        this.#answer = await again();
        throw thrown;
      }
    });
  }

  async #run([name, ...words]: ShellCommand, wantsError: boolean): Promise<void> {
    if (name === 'mosquitto_pub') return this.#publish(words);
    if (name === 'npm' && words.includes('runner')) return this.#runner(words.slice(words.indexOf('--') + 1));
    if (name !== 'curl') return;
    const {method, url, body} = curlRequest(words);
    const reply = await fetch(url, {method, ...(body === undefined ? {} : {body})});
    this.#answer = await reply.text();
    this.#again = method === 'GET' ? async () => (await fetch(url)).text() : undefined;
    if (reply.ok === wantsError) expect.fail(`${method} ${url}: ${reply.status} ${this.#answer}`);
  }

  /** Runs the runner once; `watch` goes on for ever and has tests of its own. */
  async #runner(words: readonly string[]): Promise<void> {
    if (words[0] === 'watch') return;
    const program = startProgram('runner', words, {cwd: this.#directory, environment: {NODE_NAME: 'line-7'}});
    const [code] = (await once(program.child, 'close')) as [number];
    this.#answer = program.output();
    this.#again = undefined;
    // 2 says that there are differences; what validate finds is the answer.
    if (code !== 0 && words[0] !== 'validate' && !(words[0] === 'diff' && code === 2))
      expect.fail(`runner ${words.join(' ')}: ${code}\n${program.output()}`);
  }

  async #publish(words: readonly string[]): Promise<void> {
    const option = (name: string): string => words[words.indexOf(name) + 1] ?? expect.fail(`mosquitto_pub without ${name}`);
    await this.#connected();
    await this.#client.publishAsync(option('-t'), option('-m'), {qos: 1});
  }

  /** Resolves when the sources of every running rule are connected: a person types slower than that. */
  async #connected(): Promise<void> {
    const rules = (await this.#engine.ask('GET', '/rules')) as {id: string; status: string}[];
    for (const {id} of rules.filter(({status}) => status === 'running')) {
      await pollUntil(async () => {
        const status = (await this.#engine.ask('GET', `/rules/${id}/status`)) as Record<string, unknown>;
        return Object.entries(status).every(([key, value]) => !/^source_.*_connection_status$/.test(key) || value === 1);
      });
    }
  }

  #rewritten(text: string): string {
    const http = (this.#http.address() as AddressInfo).port;
    return text
      .replace(/\b(localhost|127\.0\.0\.1):9081\b/g, `127.0.0.1:${this.#engine.port}`)
      .replace(/^port: 9081$/m, `port: ${this.#engine.port}`)
      .replace(/\b(localhost|127\.0\.0\.1):1883\b/g, `127.0.0.1:${this.#broker.port}`)
      .replace(/\b(localhost|127\.0\.0\.1):8000\b/g, `127.0.0.1:${http}`);
  }
}

function append(lists: Map<string, string[]>, key: string, text: string): void {
  lists.set(key, [...(lists.get(key) ?? []), text]);
}

/** Throws unless `actual` is what the page shows: JSON with the members shown, or text; `…` stands for anything. */
function showsAnswer(language: string, shown: string, actual: string): void {
  if (language !== 'json') {
    const pattern = shown
      .trim()
      .split('…')
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*');
    expect(actual.trim()).toMatch(new RegExp(`^${pattern}$`));
    return;
  }
  const wanted: unknown = JSON.parse(shown.replace(/,\s*…(?=\s*[}\]])/g, '').replace(/([[{])\s*…\s*(?=[}\]])/g, '$1'));
  expect(JSON.parse(actual)).toMatchObject(wildcards(wanted) as object);
}

function wildcards(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('…')) {
    return expect.stringMatching(
      new RegExp(
        `^${value
          .split('…')
          .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[\\s\\S]*')}$`,
      ),
    );
  }
  if (Array.isArray(value)) return value.map(wildcards);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, wildcards(member)]));
}
