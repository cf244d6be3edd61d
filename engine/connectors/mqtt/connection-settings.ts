import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {anything, duration, flag, integer, type SettingsOf, text} from '#engine/base/settings.ts';
import {readTls, tlsSettings} from '../tls-settings.ts';

/** Properties of a connection to a broker: sources and sinks that agree on all of them share it. */
export const connectionSettings = {
  protocolVersion: anything('MQTT version: 3.1, 3.1.1 (also written 4) or 5.', {default: '3.1.1', example: '3.1.1'}),
  clientid: text('Client identifier; a random one otherwise. Two connections of one identifier throw each other out.', {default: ''}),
  username: text('User name.', {default: ''}),
  password: text('Password.', {default: '', secret: true}),
  keepalive: duration('Longest silence before the broker is asked for a sign of life.', {default: 60_000}),
  enableClientSession: flag('Asks the broker to keep subscriptions and messages while we are away; needs clientid.'),
  sessionExpiryIntervalSeconds: integer('How long the broker keeps the session (MQTT 5).', {
    default: 7200,
    minimum: 0,
    maximum: 0xffff_ffff,
  }),
  clientStatePath: text('Accepted for compatibility: unacknowledged messages stay at the broker.', {default: ''}),
  connectionSelector: text('Name of a stored connection whose properties are used.', {default: ''}),
  ...tlsSettings,
};

export type ConnectionSettings = SettingsOf<typeof connectionSettings> & {readonly server: string};

export type ProtocolVersion = 3 | 4 | 5;

const versionNumbers = new Map<string, ProtocolVersion>([
  ['3.1', 3],
  ['3', 3],
  ['3.1.1', 4],
  ['4', 4],
  ['5', 5],
  ['5.0', 5],
]);

const transports = new Map<string, {readonly kind: 'tcp' | 'tls' | 'ws' | 'wss'; readonly port: number}>([
  ['tcp:', {kind: 'tcp', port: 1883}],
  ['mqtt:', {kind: 'tcp', port: 1883}],
  ['ssl:', {kind: 'tls', port: 8883}],
  ['tls:', {kind: 'tls', port: 8883}],
  ['mqtts:', {kind: 'tls', port: 8883}],
  ['ws:', {kind: 'ws', port: 80}],
  ['wss:', {kind: 'wss', port: 443}],
]);

/** Where a broker is. */
export interface BrokerAddress {
  readonly transport: 'tcp' | 'tls' | 'ws' | 'wss';
  readonly host: string;
  readonly port: number;
  /** Path and query of a web socket. */
  readonly path: string;
  /** For messages: without user information. */
  readonly text: string;
}

/** Reads `tcp://host:1883`; a bare `host:1883` is tcp. Throws an ArrokothError. */
export function parseServer(server: string): BrokerAddress {
  const written = /^[a-z]+:\/\//i.test(server) ? server : `tcp://${server}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const transport = url && transports.get(url.protocol);
  if (!url || !transport || url.hostname === '')
    throw new ArrokothError(
      `server "${redactUser(server)}" is not a broker's address, expected tcp://host:1883, ssl://host:8883, ws://host/path or wss://host/path`,
      {code: errorCode.executor},
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? transport.port : Number(url.port);
  return {
    transport: transport.kind,
    host,
    port,
    path: `${url.pathname || '/'}${url.search}`,
    text: `${url.protocol}//${url.hostname}:${port}`,
  };
}

export function parseProtocolVersion(version: unknown): ProtocolVersion {
  const found = versionNumbers.get(String(version));
  if (found === undefined)
    throw new ArrokothError(`protocolVersion: expected 3.1, 3.1.1 or 5, got ${JSON.stringify(version)}`, {code: errorCode.executor});
  return found;
}

/** Throws an ArrokothError for settings with which no connection can ever be made. */
export function checkConnectionSettings(settings: ConnectionSettings, etcDirectory: string): void {
  parseProtocolVersion(settings.protocolVersion);
  if (usesTls(parseServer(settings.server))) readTls(settings, etcDirectory);
}

export function usesTls({transport}: BrokerAddress): boolean {
  return transport === 'tls' || transport === 'wss';
}

function redactUser(server: string): string {
  return server.replace(/\/\/[^@/]*@/, '//');
}
