import {type IncomingHttpHeaders, request} from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

/** One request on a connection of its own. Node's client, as fetch refuses bodies on GET and cleans paths. */
export function httpRequest(base: string, method: string, path: string, {headers = {}, body}: HttpRequest = {}): Promise<HttpAnswer> {
  const {hostname, port} = new URL(base);
  const length = body === undefined ? {} : {'content-length': String(Buffer.byteLength(body))};
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {host: hostname, port, method, path, headers: {...length, ...headers}, agent: false, timeout: 30_000},
      incoming => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('end', () =>
          resolve({status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(parts).toString()}),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
