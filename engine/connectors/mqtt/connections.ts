import type {Clock} from '#engine/base/clock.ts';
import type {ConnectorEnvironment} from '../connector.ts';
import {Connection} from './connection.ts';
import {type ConnectionSettings, connectionSettings} from './connection-settings.ts';

interface Shared {
  readonly connection: Connection;
  users: number;
}

/** Those who live on one clock belong to one engine. */
const engines = new WeakMap<Clock, Map<string, Shared>>();

/** A use of a shared connection, ended once by `release`. */
export interface ConnectionLease {
  readonly connection: Connection;
  /** Closes the connection after its last user. */
  release(): Promise<void>;
}

/**
 * The connection of these settings: an existing one when another source or sink has the same. `purpose` keeps connections apart that may
 * not be mixed. Throws an ArrokothError for settings that cannot work.
 */
export function leaseConnection(settings: ConnectionSettings, environment: ConnectorEnvironment, purpose = ''): ConnectionLease {
  let connections = engines.get(environment.clock);
  if (!connections) engines.set(environment.clock, (connections = new Map()));
  const key = keyOf(settings, purpose);
  let shared = connections.get(key);
  if (!shared) connections.set(key, (shared = {connection: new Connection(settings, environment), users: 0}));
  const {connection} = shared;
  shared.users++;
  let isReleased = false;
  return {
    connection,
    async release() {
      if (isReleased) return;
      isReleased = true;
      shared.users--;
      if (shared.users > 0) return;
      if (connections.get(key) === shared) connections.delete(key);
      await connection.close();
    },
  };
}

function keyOf(settings: ConnectionSettings, purpose: string): string {
  const values = settings as Readonly<Record<string, unknown>>;
  return JSON.stringify([settings.server, ...Object.keys(connectionSettings).map(name => values[name]), purpose]);
}
