import type {Clock, Timestamp} from '#engine/base/clock.ts';
import type {ConnectionStatus} from '#engine/connectors/connector.ts';

/** The connection metrics of a source or sink: 1 connected, 0 connecting or never tried, −1 disconnected. */
export class ConnectionLog {
  readonly #clock: Clock;
  state: 1 | 0 | -1 = 0;
  lastConnectedAt: Timestamp = 0;
  lastDisconnectedAt: Timestamp = 0;
  lastDisconnectedMessage = '';
  lastTriedAt: Timestamp = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record({state, message}: ConnectionStatus): void {
    const now = this.#clock.now();
    if (state === 0) this.lastTriedAt = now;
    if (state === 1) this.lastConnectedAt = now;
    if (state === -1) {
      this.lastDisconnectedAt = now;
      this.lastDisconnectedMessage = message;
    }
    this.state = state;
  }
}
