import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface EngineCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface CallAnswer {
  readonly status: number;
  readonly text: string;
  /** Without one, plain text. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What goes wrong with one request. `before` the engine does what it is asked, or `after`. An `answer` takes the place of the engine's, which
 * is not asked unless `after` says so.
 */
export type Fault =
  | {readonly answer: number; readonly text?: string; readonly headers?: Readonly<Record<string, string>>; readonly after?: true}
  | {readonly reset: 'before' | 'after'}
  | {readonly silence: 'before' | 'after'}
  | {readonly half: true}
  | {readonly delayMs: number};

/** An HTTP server in the place of an engine: writes down what it is asked, does harm on demand, and otherwise answers as `answer` does. */
export abstract class RecordingServer {
  readonly calls: EngineCall[] = [];
  /** Decides about each request; undefined answers it properly. */
  intercept: ((call: EngineCall) => Fault | undefined) | undefined;
  /** Called with every answer that the engine gave. */
  onAnswer: ((call: EngineCall, answer: CallAnswer) => void) | undefined;
  port = 0;
  #server: Server | undefined;

  /** Undefined breaks the connection. */
  protected abstract answer(call: EngineCall): CallAnswer | Promise<CallAnswer | undefined>;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(port = this.port): Promise<void> {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 5000;
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** As after kill −9: connections break, nobody listens. */
  async kill(): Promise<void> {
    const server = this.#server!;
    server.closeAllConnections();
    server.close();
    await once(server, 'close').catch(() => {});
  }

  /** Requests that are not questions. */
  writes(): readonly EngineCall[] {
    return this.calls.filter(isWrite);
  }

  forgetCalls(): void {
    this.calls.length = 0;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    const call: EngineCall = {method: request.method!, path: request.url!, body: Buffer.concat(parts).toString()};
    this.calls.push(call);
    const fault = this.intercept?.(call);
    if (fault && 'delayMs' in fault) await new Promise(resolve => setTimeout(resolve, fault.delayMs));
    if (fault && 'answer' in fault && !fault.after) return send(response, fault.answer, fault.text ?? 'fault\n', fault.headers);
    if (fault && 'reset' in fault && fault.reset === 'before') return void request.socket.destroy();
    if (fault && 'silence' in fault && fault.silence === 'before') return;
    const answer = await this.answer(call);
    if (!answer) return void request.socket.destroy();
    this.onAnswer?.(call, answer);
    const {status, text, headers} = answer;
    if (fault && 'answer' in fault) return send(response, fault.answer, fault.text ?? 'fault\n', fault.headers);
    if (fault && 'reset' in fault) return void request.socket.destroy();
    if (fault && 'silence' in fault) return;
    if (fault && 'half' in fault) {
      response.writeHead(status, {'content-length': Buffer.byteLength(text) + 20});
      response.write(text.slice(0, Math.ceil(text.length / 2)));
      setTimeout(() => request.socket.destroy(), 20);
      return;
    }
    send(response, status, text, {'content-type': 'text/plain; charset=utf-8', ...headers});
  }
}

export function isWrite({method, path}: EngineCall): boolean {
  return method !== 'GET' && path !== '/ruleset/export';
}

function send(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, {...headers, 'content-length': Buffer.byteLength(text)}).end(text);
}
