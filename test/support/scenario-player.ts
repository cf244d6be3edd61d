import {gzipSync} from 'node:zlib';
import {connectAsync, type MqttClient} from 'mqtt';
import {difference, type Expectation} from './expectation.ts';
import {type HttpAnswer, httpRequest} from './http-request.ts';

/** One file of test/conformance/api. */
export interface ScenarioFile {
  readonly suite: string;
  readonly scenarios: readonly Scenario[];
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Members as the header of the recorded scenarios explains them. */
interface Step {
  readonly do?: string;
  readonly body?: unknown;
  readonly raw?: string;
  readonly form?: unknown;
  readonly gzip?: boolean;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** ms before the step. */
  readonly wait?: number;
  readonly expect?: Expectation;
  readonly until?: Expectation;
  readonly within?: number;
  readonly save?: string;
  readonly publish?: string;
  readonly payload?: unknown;
  readonly listen?: string;
  readonly events?: string;
  readonly unlisten?: string;
}

/**
 * `not-yet`: something differs, and the engine itself said that it lacks what a step needs: a path it does not know, or an error that ends in
 * `not supported yet`. Nobody keeps a list.
 */
export interface Outcome {
  readonly verdict: 'passed' | 'failed' | 'not-yet';
  /** What differed, step by step. */
  readonly differences: readonly string[];
  /** What the engine lacks. */
  readonly missing: readonly string[];
}

const pollMs = 20;

/** The broker of the recordings. The broker of the test takes its place in what is sent, and gives it back in what is answered. */
const recordedBroker = 'tcp://127.0.0.1:1883';

/** Plays recorded REST scenarios against an engine and a broker that it uses. */
export class ScenarioPlayer {
  readonly #url: string;
  readonly #brokerUrl: string;
  readonly #broker: MqttClient;

  private constructor(url: string, brokerUrl: string, broker: MqttClient) {
    this.#url = url;
    this.#brokerUrl = brokerUrl;
    this.#broker = broker;
  }

  static async connect(url: string, brokerUrl: string): Promise<ScenarioPlayer> {
    return new ScenarioPlayer(url, brokerUrl, await connectAsync(brokerUrl));
  }

  async close(): Promise<void> {
    await this.#broker.endAsync();
  }

  /** After a step that differs the others are still played, so that a scenario cleans up after itself. */
  async play(scenario: Scenario): Promise<Outcome> {
    const saved = new Map<string, string>();
    const differences: string[] = [];
    const missing: string[] = [];
    for (const [i, step] of scenario.steps.entries()) {
      if (step.wait !== undefined) await pause(step.wait);
      // What is missing already will not come by waiting.
      const answered = await this.#playStep(missing.length > 0 ? {...step, within: 0} : step, saved);
      if (answered.difference !== undefined) differences.push(`step ${i + 1} · ${title(step)}: ${answered.difference}`);
      if (answered.lacks !== undefined) missing.push(answered.lacks);
    }
    const verdict = differences.length === 0 ? 'passed' : missing.length > 0 ? 'not-yet' : 'failed';
    if (verdict !== 'passed') await this.#empty();
    return {verdict, differences, missing};
  }

  /** A scenario that came to grief left things behind, and others count what is there. */
  async #empty(): Promise<void> {
    const names = async (path: string) => JSON.parse((await httpRequest(this.#url, 'GET', path)).text) as (string | {id: string})[];
    for (const path of ['/rules', '/streams', '/tables']) {
      for (const one of await names(path)) {
        await httpRequest(this.#url, 'DELETE', `${path}/${typeof one === 'string' ? one : one.id}?force=true`);
      }
    }
  }

  async #playStep(step: Step, saved: Map<string, string>): Promise<{difference?: string | undefined; lacks?: string | undefined}> {
    if (step.publish !== undefined) {
      const payload = typeof step.payload === 'string' ? step.payload : JSON.stringify(step.payload);
      await this.#broker.publishAsync(step.publish, payload, {qos: 1});
      return {};
    }
    if (step.do === undefined) return {difference: 'event streams are not played', lacks: 'the event stream of trial runs'};
    const end = Date.now() + (step.within ?? 3000);
    for (;;) {
      const answer = await this.#call(step, saved);
      const found = difference(step.until ?? step.expect ?? {}, answer);
      const lacks = lacking(step.do, answer, step.expect);
      if (found === undefined || step.until === undefined || lacks !== undefined || Date.now() > end) {
        if (step.save !== undefined) saved.set(step.save, answer.text);
        return {difference: found, lacks};
      }
      await pause(pollMs);
    }
  }

  async #call(step: Step, saved: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const [, method, target] = /^(\S+) (.*)$/s.exec(step.do!)!;
    const headers: Record<string, string> = {...step.headers};
    let body: Buffer | undefined;
    if (step.body !== undefined) body = Buffer.from(this.#addressed(JSON.stringify(filledDeep(step.body, saved))));
    else if (step.raw !== undefined) body = Buffer.from(this.#addressed(filled(step.raw, saved)));
    else if (step.form !== undefined) return {status: 0, headers: {}, text: 'forms are not supported yet by this player'};
    if (body !== undefined) {
      headers['content-type'] ??= step.type ?? 'application/json';
      if (step.gzip) {
        body = gzipSync(body);
        headers['content-encoding'] = 'gzip';
      }
    }
    const answer = await httpRequest(this.#url, method!, filled(target!, saved), {headers, body});
    return {...answer, text: answer.text.replaceAll(this.#brokerUrl, recordedBroker)};
  }

  #addressed(text: string): string {
    return text.replaceAll(recordedBroker, this.#brokerUrl);
  }
}

/** What the engine says it lacks, or undefined. */
function lacking(request: string, {status, text}: HttpAnswer, expected: Expectation | undefined): string | undefined {
  const isUnknownPath = status === 404 && text === '404 page not found\n';
  if (isUnknownPath && expected?.text !== text && expected?.status !== 404) return `the path ${request.split('?')[0]}`;
  if (isUnknownPath && expected?.error !== undefined) return `the path ${request.split('?')[0]}`;
  return /[^"\\:]*\bnot supported yet/.exec(text)?.[0].trim();
}

function title({do: request, publish, listen, events, unlisten}: Step): string {
  return request ?? publish ?? listen ?? events ?? unlisten ?? '';
}

/** `${NAME}` becomes a saved answer, `${NAME|json}` the answer as a JSON string. */
function filled(text: string, saved: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)(\|json)?\}/g, (whole, name: string, json: string | undefined) => {
    const value = saved.get(name);
    return value === undefined ? whole : json === undefined ? value : JSON.stringify(value);
  });
}

function filledDeep(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return filled(value, saved);
  if (Array.isArray(value)) return value.map(item => filledDeep(item, saved));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledDeep(item, saved)]));
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
