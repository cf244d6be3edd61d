import {createServer} from 'node:http';

/** An HTTP target for rules, which hands every body to `received`. Resolves once it listens on `port`. */
export function startCollector(port: number, received: (body: string) => void): Promise<{close(): Promise<void>}> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      received(Buffer.concat(parts).toString());
      response.end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        close: () =>
          new Promise(closed => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
