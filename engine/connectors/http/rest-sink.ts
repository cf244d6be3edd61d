import type {Readable} from 'node:stream';
import type {AxiosStatic} from 'axios';
import {ArrokothError, ConnectorError, errorCode, messageOf} from '#engine/base/errors.ts';
import {anything, duration, flag, oneOf, record, type SettingsOf, text} from '#engine/base/settings.ts';
import {type ConnectorEnvironment, defineSink, PartialDelivery, type Sink, type SinkListener, type SinkMessage} from '../connector.ts';
import {compileDynamicRecord, compileDynamicText, type DynamicText} from '../dynamic-text.ts';
import {readTls, tlsSettings} from '../tls-settings.ts';
import {type CheckedAgents, checkWrittenAddress, createCheckedAgents} from './checked-agents.ts';
import {readAnswer} from './read-answer.ts';
import {type BodyType, bodyTypes, buildBody} from './request-body.ts';

const settings = {
  url: text('Where each message goes: http or https. `{{.column}}` reads a column of the result.', {
    default: '',
    example: 'http://127.0.0.1:8080/alarms',
  }),
  method: text('GET, POST, PUT or DELETE; may be a template.', {default: 'GET', example: 'POST'}),
  bodyType: text(`What the body is: ${bodyTypes.join(', ')}. Without it none for GET, json otherwise.`, {default: ''}),
  timeout: duration('How long an answer may take, to its last byte; 0 is no limit.', {default: 5000}),
  headers: record('Request headers; values may be templates.', {default: {}}),
  formData: record('Further fields of a formdata body; values may be templates.', {default: {}}),
  fileFieldName: text('Field of a formdata body that holds the message as a file.', {default: ''}),
  responseType: oneOf(['code', 'body'], 'What tells success: the status code, or also the member `code` of a JSON answer.', {
    default: 'code',
  }),
  debugResp: flag('Whether answers are logged.'),
  format: text('How messages are encoded.', {default: 'json'}),
  oauth: anything('OAuth tokens; not supported yet.'),
  ...tlsSettings,
};

type RestSettings = SettingsOf<typeof settings>;

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
/** An answer beyond this is cut off; only its beginning is ever shown. */
const maxAnswerBytes = 1024 * 1024;
const shownAnswer = 500;
/**
 * How long a server that could not be reached is not asked again. Each attempt costs a millisecond of processor time, which at a high rate the
 * other rules would miss.
 */
const unreachableMs = 100;
const unreachableCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer | FormData | undefined;
}

class RestSink implements Sink {
  readonly maxBatch = 1;
  readonly #settings: RestSettings;
  readonly #environment: ConnectorEnvironment;
  readonly #url: DynamicText;
  readonly #method: DynamicText;
  readonly #bodyType: DynamicText;
  readonly #headers: ReturnType<typeof compileDynamicRecord>;
  readonly #formData: ReturnType<typeof compileDynamicRecord>;
  #agents: CheckedAgents | undefined;
  #listener: SinkListener | undefined;
  #state: 1 | 0 | -1 = 0;
  #isClosed = false;
  #unreachable: {readonly origin: string; readonly until: number; readonly failure: ConnectorError} | undefined;
  /** Ends the request under way. */
  #abort: AbortController | undefined;

  constructor(options: RestSettings, environment: ConnectorEnvironment) {
    if (options.url === '') throw refusal('url is required');
    if (options.oauth !== undefined) throw refusal('rest sink: oauth is not supported yet: set the header Authorization');
    if (!options.url.includes('{{')) checkTarget(parseUrl(options.url, refusal), environment);
    if (!options.method.includes('{{')) checkMethod(options.method, refusal);
    if (!options.bodyType.includes('{{')) checkBodyType(options, options.bodyType, refusal);
    readTls(options, environment.etcDirectory);
    this.#settings = options;
    this.#environment = environment;
    this.#url = compileDynamicText(options.url, 'url');
    this.#method = compileDynamicText(options.method, 'method');
    this.#bodyType = compileDynamicText(options.bodyType, 'bodyType');
    this.#headers = compileDynamicRecord(options.headers, 'headers');
    this.#formData = compileDynamicRecord(options.formData, 'formData');
  }

  open(listener: SinkListener): void {
    this.#listener = listener;
    this.#agents = createCheckedAgents(this.#environment.checkTarget, readTls(this.#settings, this.#environment.etcDirectory));
    this.#report(1, '');
  }

  async write(messages: readonly SinkMessage[]): Promise<void> {
    const {default: axios} = await import('axios');
    for (const [i, message] of messages.entries()) {
      try {
        await this.#send(axios, this.#request(message));
      } catch (thrown) {
        throw i > 0 ? new PartialDelivery(i, thrown) : thrown;
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#abort?.abort();
    this.#agents?.close();
  }

  #request(message: SinkMessage): Request {
    const {data} = message;
    const method = checkMethod(this.#method(data), failure);
    const bodyType = checkBodyType(this.#settings, this.#bodyType(data), failure) ?? (method === 'GET' ? 'none' : 'json');
    const {body, contentType} = buildBody(bodyType, message, this.#formData?.(data) ?? {}, this.#settings.fileFieldName);
    const headers = {...(contentType === undefined ? {} : {'Content-Type': contentType}), ...this.#headers?.(data)};
    return {method, url: parseUrl(this.#url(data), failure), headers, body};
  }

  async #send(axios: AxiosStatic, request: Request, isRepeated = false): Promise<void> {
    const {method, url, headers, body} = request;
    const agents = this.#agents!;
    if (this.#unreachable && this.#unreachable.origin === url.origin && this.#environment.clock.now() < this.#unreachable.until)
      throw this.#unreachable.failure;
    const place = `method=${method} path="${url.origin}${url.pathname}"`;
    let status: number;
    let answer: string;
    const abort = new AbortController();
    this.#abort = abort;
    // The client's own time-out starts anew with every byte that arrives.
    let isLate = false;
    const {clock} = this.#environment;
    const {timeout} = this.#settings;
    const deadline =
      timeout > 0
        ? clock.at(clock.now() + timeout, () => {
            isLate = true;
            abort.abort();
          })
        : undefined;
    try {
      if (this.#isClosed) abort.abort();
      agents.checkUrl(url);
      const response = await axios.request<Readable>({
        method,
        url: url.href,
        headers,
        data: body,
        timeout,
        signal: abort.signal,
        httpAgent: agents.httpAgent,
        httpsAgent: agents.httpsAgent,
        // A redirect is an answer like any other: it must not lead to a place nobody checked. The same holds for a proxy of the environment.
        maxRedirects: 0,
        proxy: false,
        maxBodyLength: Number.POSITIVE_INFINITY,
        responseType: 'stream',
        // axios would put text that is not JSON in quotes under a JSON content type.
        transformRequest: data => data,
        validateStatus: () => true,
      });
      status = response.status;
      answer = await readAnswer(response.data, maxAnswerBytes);
    } catch (thrown) {
      deadline?.cancel();
      if (!isRepeated && isStaleConnection(thrown)) return this.#send(axios, request, true);
      const failure = this.#sendFailure(isLate ? new Error(`timeout of ${timeout}ms exceeded`, {cause: thrown}) : thrown, place);
      if (unreachableCodes.has(String((thrown as {code?: unknown}).code)))
        this.#unreachable = {origin: url.origin, until: clock.now() + unreachableMs, failure};
      throw failure;
    }
    deadline?.cancel();
    this.#report(1, '');
    if (this.#settings.debugResp) this.#environment.logger.info('rest sink answer', {status, body: answer.slice(0, shownAnswer)});
    const fault = this.#faultOf(status, answer);
    if (fault !== undefined)
      throw new ConnectorError(
        `parse response error: ${fault} | ${place} status=${status} response_body=${JSON.stringify(answer.slice(0, shownAnswer))}`,
        {retry: false},
      );
  }

  #faultOf(status: number, answer: string): string | undefined {
    if (status < 200 || status > 299) return `response code error: ${status}.`;
    if (this.#settings.responseType !== 'body') return undefined;
    let code: unknown;
    try {
      code = (JSON.parse(answer) as {code?: unknown} | null)?.code;
    } catch {
      return 'response body is not JSON.';
    }
    return typeof code === 'number' && code >= 200 && code <= 299 ? undefined : `response body code error: ${JSON.stringify(code)}.`;
  }

  /** A refused target stays refused; anything else that kept the request from being answered may pass. */
  #sendFailure(thrown: unknown, place: string): ConnectorError {
    const refused = [thrown, (thrown as {cause?: unknown}).cause].find(one => one instanceof ConnectorError);
    const isRecoverable = refused === undefined || refused.retry;
    const reason = refused?.message ?? messageOf(thrown);
    this.#report(-1, reason);
    return new ConnectorError(`rest sink fails to send out the data:err=${reason} recoverAble=${isRecoverable} ${place}`, {
      retry: isRecoverable,
      cause: thrown,
    });
  }

  #report(state: 1 | -1, message: string): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener?.connection({state, message});
  }
}

/** The server closed a kept connection in the moment it was used again: nothing was taken from it. */
function isStaleConnection(thrown: unknown): boolean {
  const {code, request} = thrown as {code?: unknown; request?: {reusedSocket?: unknown}};
  return code === 'ECONNRESET' && request?.reusedSocket === true;
}

type Fault = (message: string) => Error;

const refusal: Fault = message => new ArrokothError(message, {code: errorCode.executor});
const failure: Fault = message => new ConnectorError(message, {retry: false});

function parseUrl(written: string, fault: Fault): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url;
  throw fault(`rest sink: url: expected http://host/path or https://host/path, got ${JSON.stringify(written)}`);
}

/** A target that is refused whenever a message is sent is refused when the rule is made. */
function checkTarget(url: URL, environment: ConnectorEnvironment): void {
  try {
    checkWrittenAddress(url, environment.checkTarget);
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    throw new ArrokothError(`rest sink: url: ${thrown.message}`, {code: errorCode.executor, hint: thrown.hint, cause: thrown});
  }
}

function checkMethod(method: string, fault: Fault): string {
  const known = method.trim().toUpperCase();
  if (methods.includes(known)) return known;
  throw fault(`Not supported HTTP method ${method}.`);
}

function checkBodyType({format}: RestSettings, written: string, fault: Fault): BodyType | undefined {
  if (written === '') return undefined;
  const bodyType = bodyTypes.find(known => known === written.toLowerCase());
  if (bodyType === undefined) throw fault(`Not valid body type value ${written}: expected one of ${bodyTypes.join(', ')}`);
  const needed = bodyType === 'json' ? 'json' : bodyType === 'form' ? 'urlencoded' : undefined;
  if (needed !== undefined && format.toLowerCase() !== needed) throw fault(`format must be ${needed} if bodyType is ${bodyType}`);
  return bodyType;
}

export const restSink = defineSink({
  name: 'rest',
  summary: 'Sends each result in an HTTP request. Counts as delivered when the answer is 2xx.',
  settings,
  accepts: 'bytes',
  create: (options, environment) => new RestSink(options, environment),
});
