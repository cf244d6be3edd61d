import {randomFraction} from './random.ts';

/**
 * Lengths of the pauses between attempts: doubling from `firstMs` up to `longestMs`, each shortened by up to half at random, so that many
 * clients that lost the same peer do not return together.
 */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #fraction: () => number;
  #nextMs: number;

  constructor(firstMs: number, longestMs: number, fraction: () => number = randomFraction) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#fraction = fraction;
    this.#nextMs = firstMs;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const full = this.#nextMs;
    this.#nextMs = Math.min(full * 2, this.#longestMs);
    return Math.round(full * (1 - this.#fraction() / 2));
  }

  /** An attempt succeeded: the next failure starts over. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
