import http from 'node:http';
import https from 'node:https';
import {createSecureContext} from 'node:tls';
import type {Clock} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import {maskEcho, maskText} from '#runner/base/mask.ts';
import {type CredentialFiles, type Credentials, readCredentials} from './credentials.ts';
import {type EngineAnswer, type EngineRequest, isSuccess, RequestFailure} from './engine-request.ts';
import {exchange} from './http-exchange.ts';

export interface EngineClientOptions {
  /** `http://127.0.0.1:9081`, without a slash at the end. */
  readonly url: string;
  /** For one command. */
  readonly timeoutMs: number;
  readonly parallelism: number;
  readonly insecureSkipVerify: boolean;
  readonly credentials: CredentialFiles;
}

/** A list of everything takes longer than a command. */
const shortestListTimeoutMs = 30_000;
const largestAnswerBytes = 256 << 20;
/** Credential files are looked at again this often. */
const credentialAgeMs = 1000;

/** Talks to the engine and to nobody else: no proxy of the environment, no redirect. */
export class EngineClient {
  readonly url: string;
  /** Answers by method and status, failures by method and reason: `POST 201` → count. */
  readonly counts = new Map<string, number>();
  readonly #options: EngineClientOptions;
  readonly #clock: Clock;
  #agent: http.Agent | undefined;
  #credentials: Credentials | undefined;
  #credentialsAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<Credentials> | undefined;

  constructor(options: EngineClientOptions, clock: Clock) {
    this.url = options.url;
    this.#options = options;
    this.#clock = clock;
  }

  /**
   * Resolves with any answer the engine gives; rejects with RequestFailure when there is none. `isList` allows a longer wait. Texts of errors
   * come without the secrets that were sent.
   */
  async send(request: EngineRequest, {isList = false} = {}): Promise<EngineAnswer> {
    const url = this.url + request.path;
    if (new URL(url).origin !== new URL(this.url).origin) throw new RequestFailure('refused', `${request.path} leaves the engine`);
    const credentials = await this.#authenticate();
    let first: EngineAnswer | RequestFailure;
    try {
      first = await this.#request(url, request, credentials, isList);
      if (first.status !== 401) return first;
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure) || !thrown.isDistrust) throw thrown;
      first = thrown;
    }
    // Refused for who asks, or whom it trusts: the files may have rotated since they were read.
    const fresh = await this.#readCredentials();
    if (fresh.authorization !== credentials.authorization || fresh.tlsHash !== credentials.tlsHash)
      return this.#request(url, request, fresh, isList);
    if (first instanceof RequestFailure) throw first;
    return first;
  }

  async #request(url: string, {method, body}: EngineRequest, credentials: Credentials, isList: boolean): Promise<EngineAnswer> {
    const timeoutMs = isList ? Math.max(this.#options.timeoutMs, shortestListTimeoutMs) : this.#options.timeoutMs;
    const signal = AbortSignal.timeout(timeoutMs);
    const {authorization} = credentials;
    const headers = {
      accept: '*/*',
      'user-agent': 'arrokoth-runner',
      ...(body === undefined ? {} : {'content-type': 'application/json'}),
      ...(authorization === undefined ? {} : {authorization}),
    };
    try {
      const answer = await exchange(url, {method, headers, body, agent: this.#agent, signal, largestAnswerBytes});
      const {status, headers: answered} = answer;
      this.#count(`${method} ${status}`);
      const text = isSuccess(answer) ? answer.text : maskEcho(answer.text, body, credentials.secrets);
      return {status, text, retryAfterMs: retryAfter(answered['retry-after']), server: String(answered.server ?? '')};
    } catch (thrown) {
      const failure = failureOf(signal.aborted ? {code: 'ETIMEDOUT'} : thrown, this.url, timeoutMs);
      this.#count(`${method} ${failure.reason}`);
      throw failure;
    }
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #authenticate(): Promise<Credentials> {
    if (this.#credentials && this.#clock.now() - this.#credentialsAt < credentialAgeMs) return this.#credentials;
    return this.#readCredentials();
  }

  /** One reading for all who ask meanwhile. */
  #readCredentials(): Promise<Credentials> {
    this.#reading ??= this.#takeCredentials().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #takeCredentials(): Promise<Credentials> {
    let credentials: Credentials;
    try {
      credentials = await readCredentials(this.#options.credentials);
    } catch (thrown) {
      throw new RequestFailure('refused', messageOf(thrown));
    }
    if (!this.#agent || credentials.tlsHash !== this.#credentials?.tlsHash) {
      if (this.#agent) retire(this.#agent);
      this.#agent = this.#createAgent(credentials);
    }
    this.#credentials = credentials;
    this.#credentialsAt = this.#clock.now();
    return credentials;
  }

  #createAgent({ca, cert, key}: Credentials): http.Agent {
    const shared = {keepAlive: true, maxSockets: this.#options.parallelism + 1};
    if (!this.url.startsWith('https:')) return new http.Agent(shared);
    try {
      const secureContext = createSecureContext({...(ca && {ca}), ...(cert && {cert}), ...(key && {key})});
      return new https.Agent({...shared, secureContext, rejectUnauthorized: !this.#options.insecureSkipVerify});
    } catch (thrown) {
      throw new RequestFailure('refused', `caFile, certFile and keyFile cannot be used: ${messageOf(thrown)}`);
    }
  }

  #count(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

/** Lets requests in flight end, and keeps no connection for others. */
function retire(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']);

function failureOf(thrown: unknown, url: string, timeoutMs: number): RequestFailure {
  const code = String((thrown as {code?: unknown}).code ?? '');
  if (neverSent.has(code)) return new RequestFailure('refused', `no engine answers at ${url} (${code})`);
  if (/^(?:CERT_|ERR_TLS|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|ERR_SSL)/.test(code)) {
    return new RequestFailure('refused', `the TLS connection to ${url} failed: ${messageOf(thrown)}`, {isDistrust: true});
  }
  if (code === 'ETIMEDOUT') return new RequestFailure('timeout', `the engine gave no answer within ${timeoutMs} ms`);
  return new RequestFailure('broken', `the connection to the engine broke: ${maskText(messageOf(thrown))}`);
}

/** Retry-After in seconds, at most ten minutes. Its date form needs a clock that edge nodes do not have. */
function retryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Math.min(Number(header) * 1000, 600_000) : undefined;
}
