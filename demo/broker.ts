import {createServer, type Socket} from 'node:net';
import {Aedes} from 'aedes';

/** An MQTT broker inside the process (MQTT 3.1.1), for a first run with nothing installed. */
export async function startBroker(port: number): Promise<{close(): Promise<void>}> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', resolve);
  });
  return {
    close: () =>
      new Promise(resolve => {
        broker.close(() => server.close(() => resolve()));
        for (const socket of sockets) socket.destroy();
      }),
  };
}
