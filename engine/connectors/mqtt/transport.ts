import {connect as connectTcp, isIP, type OnReadOpts, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {type ConnectionOptions, connect as connectTls} from 'node:tls';
import {errorOf} from '#engine/base/errors.ts';
import type {TlsOptions} from '../tls-settings.ts';
import type {BrokerAddress, ProtocolVersion} from './connection-settings.ts';
import type {PacketReader} from './packet-reader.ts';
import {ReadBuffer} from './read-buffer.ts';
import {ReadPacer} from './read-pacer.ts';

/** What a transport tells beside bytes. */
export interface TransportEvents {
  /** All packets of one read were given to the reader's handler. */
  afterRead(): void;
  /** Something should be sent, so that what was received is acknowledged. */
  nudge(): void;
  /** What was read is not MQTT, or the handler failed. */
  fault(error: Error): void;
}

/** Opens the bytes' way to a broker; what arrives goes to `reader`. */
export async function openTransport(
  address: BrokerAddress,
  tls: TlsOptions | undefined,
  protocolVersion: ProtocolVersion,
  reader: PacketReader,
  events: TransportEvents,
): Promise<Duplex> {
  const buffer = new ReadBuffer(reader);
  if (address.transport === 'ws' || address.transport === 'wss') {
    const stream = await openWebSocket(address, tls, protocolVersion);
    stream.on('data', (chunk: Buffer) => guard(events, () => buffer.append(chunk)));
    return stream;
  }

  const pacer = new ReadPacer({resume: () => socket.resume(), nudge: events.nudge});
  // `onread` reads straight into our buffer, without a stream buffer between, and its `false` stops reading in the kernel.
  const onread = {
    buffer: () => buffer.room(),
    callback: (count: number) => {
      const before = reader.published;
      const isSound = guard(events, () => buffer.filled(count));
      return isSound && pacer.mayReadOn(count, reader.published - before);
    },
  } as unknown as OnReadOpts;
  const {host, port} = address;
  const socket: Socket =
    address.transport === 'tls'
      ? connectTls({host, port, ...(isIP(host) ? {} : {servername: host}), ...tls, onread} as ConnectionOptions)
      : connectTcp({host, port, onread});
  socket.setNoDelay(true);
  socket.once('close', () => pacer.stop());
  return socket;
}

function guard(events: TransportEvents, read: () => void): boolean {
  try {
    read();
    events.afterRead();
    return true;
  } catch (thrown) {
    events.fault(errorOf(thrown));
    return false;
  }
}

/** The client library's own web socket stream. */
async function openWebSocket(
  {transport, host, port, path}: BrokerAddress,
  tls: TlsOptions | undefined,
  protocolVersion: ProtocolVersion,
): Promise<Duplex> {
  const {streamBuilder} = await import('mqtt/lib/connect/ws');
  const options = {
    protocol: transport,
    hostname: host.includes(':') ? `[${host}]` : host,
    port,
    path,
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion,
    wsOptions: {...tls},
  };
  return streamBuilder(undefined as never, options as never) as unknown as Duplex;
}
