import http, {type IncomingHttpHeaders, type IncomingMessage} from 'node:http';
import https from 'node:https';

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8. */
  readonly body: string | undefined;
  readonly agent: http.Agent | undefined;
  /** Ends the exchange wherever it is; it then rejects. */
  readonly signal: AbortSignal;
  readonly largestAnswerBytes: number;
}

/**
 * One request and its whole answer, whatever its status. Rejects when there is none or only part of one. Node's own client rather than a
 * package: all that packages add (redirects, proxies, forms, decoding) must not happen here, and they cost more memory than the rest of the
 * runner.
 */
export function exchange(
  url: string,
  {method, headers, body, agent, signal, largestAnswerBytes}: Exchange,
): Promise<{readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string}> {
  return new Promise((resolve, reject) => {
    const {request} = url.startsWith('https:') ? https : http;
    // Node leaves out the length of a body for methods that rarely have one.
    const length = body === undefined ? {} : {'content-length': Buffer.byteLength(body)};
    request(url, {method, headers: {...headers, ...length}, agent, signal})
      .on('error', reject)
      .on('response', response => {
        readText(response, largestAnswerBytes).then(
          text => resolve({status: response.statusCode ?? 0, headers: response.headers, text}),
          reject,
        );
      })
      .end(body);
  });
}

async function readText(response: IncomingMessage, largestBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > largestBytes) throw new Error(`the answer is larger than ${largestBytes >> 20} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
