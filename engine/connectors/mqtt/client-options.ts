import type {IClientOptions} from 'mqtt';
import type {ConnectionSettings, ProtocolVersion} from './connection-settings.ts';

const connectTimeoutMs = 5000;

/** What the client library is told of a connection; reconnecting and subscribing again are ours. */
export function clientOptions(settings: ConnectionSettings, protocolVersion: ProtocolVersion, clientId: string): IClientOptions {
  const {username, password, keepalive, enableClientSession, sessionExpiryIntervalSeconds} = settings;
  return {
    clientId,
    clean: !enableClientSession,
    protocolVersion,
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    keepalive: Math.round(keepalive / 1000),
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(username === '' ? {} : {username}),
    ...(password === '' ? {} : {password}),
    ...(protocolVersion === 5 && enableClientSession ? {properties: {sessionExpiryInterval: sessionExpiryIntervalSeconds}} : {}),
  };
}
