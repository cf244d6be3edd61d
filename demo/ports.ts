import {createServer} from 'node:net';

/** The first free port from `wanted` on that is not in `given`. */
export async function freePort(wanted: number, given: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < wanted + 100; port++) if (!given.has(port) && (await isFree(port))) return port;
  throw new Error(`ports ${wanted} to ${wanted + 99} are all taken`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({port, host: '0.0.0.0', exclusive: true}, () => server.close(() => resolve(true)));
  });
}
