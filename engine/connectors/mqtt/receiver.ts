import type {ConnectionStatus, KeptFor, SourceListener, SourceMessage} from '../connector.ts';

/** One source on a connection: what it subscribed to, and what the current read brought for it. */
export class Receiver {
  readonly filters: readonly string[];
  readonly qos: 0 | 1 | 2;
  readonly #listener: SourceListener;
  #reported: ConnectionStatus | undefined;
  /** Messages of the read under way. */
  pending: SourceMessage[] = [];

  constructor(filters: readonly string[], qos: 0 | 1 | 2, listener: SourceListener) {
    this.filters = filters;
    this.qos = qos;
    this.#listener = listener;
  }

  /** Hands over what is pending. `acknowledge` may be called several times. */
  deliver(acknowledge: (() => void) | undefined): void {
    const messages = this.pending;
    this.pending = [];
    let isOpen = true;
    this.#listener.messages(
      messages,
      acknowledge &&
        (() => {
          if (isOpen) acknowledge();
          isOpen = false;
        }),
    );
  }

  /** Who hears retained messages in this one's place. */
  answering(whom: KeptFor): Receiver {
    const listener = this.#listener.keptFor?.(whom);
    return listener === undefined ? this : new Receiver(this.filters, this.qos, listener);
  }

  /** Tells the listener of a change. */
  report(status: ConnectionStatus): void {
    if (status.state === this.#reported?.state && status.message === this.#reported.message) return;
    this.#reported = status;
    this.#listener.connection(status);
  }
}
