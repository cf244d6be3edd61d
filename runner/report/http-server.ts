import {createServer, type ServerResponse} from 'node:http';
import type {Verdict} from './readiness.ts';

/** What the runner serves about itself. */
export interface RunnerFace {
  /** Undefined when the loop is alive; otherwise what is wrong. */
  health(): string | undefined;
  readiness(): Verdict;
  /** HTML. */
  page(): string;
  /** JSON. */
  status(): object;
  /** Prometheus text. */
  metrics(): string;
  /** Asks for a pass at once. */
  sync(): void;
}

/** Resolves when it listens; rejects when the port cannot be had. */
export function serveFace(
  face: RunnerFace,
  {host, port}: {host: string; port: number},
): Promise<{readonly port: number; close(): Promise<void>}> {
  const server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? '/').split('?')[0]!;
    const route = routes[path];
    if (!route) return answer(response, 404, 'not found\n');
    if (request.method !== route.method && !(route.method === 'GET' && request.method === 'HEAD')) {
      response.setHeader('allow', route.method);
      return answer(response, 405, `${route.method} ${path}\n`);
    }
    route.serve(face, response);
  });
  server.requestTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () =>
          new Promise(closed => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

const routes: Readonly<Record<string, {readonly method: 'GET' | 'POST'; serve(face: RunnerFace, response: ServerResponse): void}>> = {
  '/': {
    method: 'GET',
    serve(face, response) {
      // Names and errors in it come from files and engines: should one slip through as markup, it can do nothing.
      response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
      answer(response, 200, face.page(), 'text/html; charset=utf-8');
    },
  },
  '/healthz': {
    method: 'GET',
    serve(face, response) {
      const fault = face.health();
      answer(response, fault === undefined ? 200 : 503, `${fault ?? 'ok'}\n`);
    },
  },
  '/readyz': {
    method: 'GET',
    serve(face, response) {
      const {isReady, text} = face.readiness();
      answer(response, isReady ? 200 : 503, `${text}\n`);
    },
  },
  '/status': {
    method: 'GET',
    serve: (face, response) => answer(response, 200, `${JSON.stringify(face.status(), null, 2)}\n`, 'application/json'),
  },
  '/metrics': {method: 'GET', serve: (face, response) => answer(response, 200, face.metrics(), 'text/plain; version=0.0.4; charset=utf-8')},
  '/sync': {
    method: 'POST',
    serve(face, response) {
      face.sync();
      answer(response, 202, 'a pass begins\n');
    },
  },
};

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store'}).end(body);
}
