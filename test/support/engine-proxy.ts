import {httpRequest} from './http-request.ts';
import {type CallAnswer, type EngineCall, RecordingServer} from './recording-server.ts';

/** Stands in front of a real engine, so that what the runner asks of it is written down and can be disturbed. */
export class EngineProxy extends RecordingServer {
  /** Added to the up-time that the engine reports. */
  agedMs = 0;
  readonly #target: string;

  private constructor(target: string) {
    super();
    this.#target = target;
  }

  static async start(target: string): Promise<EngineProxy> {
    const proxy = new EngineProxy(target);
    await proxy.listen();
    return proxy;
  }

  protected override async answer({method, path, body}: EngineCall): Promise<CallAnswer | undefined> {
    const sent = body === '' ? {} : {body, headers: {'content-type': 'application/json'}};
    const answer = await httpRequest(this.#target, method, path, sent).catch(() => undefined);
    if (!answer) return undefined;
    const {status, text, headers} = answer;
    const passedOn = ['content-type', 'server', 'connection', 'retry-after'].flatMap(name => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    return {status, text: method === 'GET' && path === '/' ? this.#aged(text) : text, headers: Object.fromEntries(passedOn)};
  }

  #aged(text: string): string {
    return text.replace(/(?<="upTimeSeconds":)\d+/, seconds => String(Number(seconds) + this.agedMs / 1000));
  }
}
