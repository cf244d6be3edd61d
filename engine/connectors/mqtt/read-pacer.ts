const pauseMs = 1;
/** Messages a millisecond above which a pause gathers several for one read. */
const pacedFrom = 2;
const windowMs = 20;
/** A read of this size has gathered enough. */
const largeRead = 16 * 1024;

/**
 * Decides whether a socket reads on at once. A broker sends message by message, and a read costs far more than a message; so at high rates
 * a small read is followed by a pause of a millisecond, in which the kernel gathers what arrives. Below that rate nothing is delayed.
 */
export class ReadPacer {
  readonly #resume: () => void;
  #timer: NodeJS.Timeout | undefined;
  #windowStart = 0;
  #inWindow = 0;
  #isPacing = false;

  constructor(resume: () => void) {
    this.#resume = resume;
  }

  /** False: stop reading; `resume` will be called. */
  mayReadOn(bytes: number, messages: number): boolean {
    const now = performance.now();
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
}
