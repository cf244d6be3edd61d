import {lookup as systemLookup} from 'node:dns';
import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import {isIP, type LookupFunction} from 'node:net';
import type {TlsOptions} from '../tls-settings.ts';

/** Keep-alive connections that lead only where it is allowed. */
export interface CheckedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Checks a target that is written as an address: those are connected to without a look-up. */
  checkUrl(url: URL): void;
  close(): void;
}

const maxSockets = 16;

/** Gives the host of a URL to `check` where it is an address; names are checked when they are resolved. */
export function checkWrittenAddress(url: URL, check: (address: string) => void): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) check(host);
}

/**
 * Agents that give every address to `check` after the name was resolved and before a connection is made, so that a harmless name cannot
 * stand for a forbidden address, and no second look-up can give another.
 */
export function createCheckedAgents(check: (address: string) => void, tls: TlsOptions): CheckedAgents {
  const lookup: LookupFunction = (hostname, options, callback) => {
    systemLookup(hostname, {...options, all: true}, (error, addresses) => {
      if (error) return callback(error, '');
      try {
        for (const {address} of addresses) check(address);
      } catch (thrown) {
        return callback(thrown as NodeJS.ErrnoException, '');
      }
      if (options.all) callback(null, addresses as never);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  const httpAgent = new HttpAgent({keepAlive: true, maxSockets, lookup} as ConstructorParameters<typeof HttpAgent>[0]);
  const httpsAgent = new HttpsAgent({keepAlive: true, maxSockets, lookup, ...tls} as ConstructorParameters<typeof HttpsAgent>[0]);
  return {
    httpAgent,
    httpsAgent,
    checkUrl: url => checkWrittenAddress(url, check),
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
