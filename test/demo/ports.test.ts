import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {expect, it} from 'vitest';
import {freePort} from '../../demo/ports.ts';

it('passes over ports that are taken and ports that were given out', async () => {
  const server = createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  try {
    const next = await freePort(port, new Set());
    expect(next).toBeGreaterThan(port);
    expect(await freePort(port, new Set([next]))).toBeGreaterThan(next);
  } finally {
    server.close();
  }
});
