const pauseMs = 2;
/** Messages a millisecond from which a pause saves more than it costs. */
const pacedFrom = 3;
const windowMs = 20;
/** A read of this size has gathered enough. */
const largeRead = 16 * 1024;
/** Silence after a pause that no steady stream of messages explains. */
const stallMs = 10;

/** What a pacer does to its socket. */
export interface PacedSocket {
  /** Reads on after `mayReadOn` said no. */
  resume(): void;
  /** Makes the kernel acknowledge what was received, by sending anything. */
  nudge(): void;
}

/**
 * Decides whether a socket reads on at once. A broker sends message by message, and a read costs far more than a message; so at high rates
 * a small read is followed by a pause of two milliseconds, in which the kernel gathers what arrives. Below that rate nothing is delayed.
 *
 * A broker that leaves Nagle's algorithm on, as mosquitto does, keeps small packets back until what it sent is acknowledged, and the kernel
 * of a receiver that reads only now and then puts that off for 40 ms. Once such a silence was seen, every pause ends with a nudge: what was
 * held back arrives before the read.
 */
export class ReadPacer {
  readonly #socket: PacedSocket;
  #timer: NodeJS.Timeout | undefined;
  #windowStart = 0;
  #inWindow = 0;
  #isPacing = false;
  #resumedAt = 0;
  #nudges = false;

  constructor(socket: PacedSocket) {
    this.#socket = socket;
  }

  /** False: stop reading; `resume` will be called. */
  mayReadOn(bytes: number, messages: number): boolean {
    const now = performance.now();
    if (this.#resumedAt > 0) {
      this.#nudges ||= now - this.#resumedAt > stallMs;
      this.#resumedAt = 0;
    }
    this.#inWindow += messages;
    const elapsed = now - this.#windowStart;
    if (elapsed >= windowMs) {
      this.#isPacing = this.#inWindow >= pacedFrom * elapsed;
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    if (!this.#isPacing || bytes >= largeRead) return true;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#resume, pauseMs);
    return false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #resume = (): void => {
    if (this.#nudges) this.#socket.nudge();
    else this.#resumedAt = performance.now();
    this.#socket.resume();
  };
}
