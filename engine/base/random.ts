import {randomBytes as cryptoBytes, randomUUID} from 'node:crypto';

/** A random UUID: client identifiers, names of temporary things. */
export function randomId(): string {
  return randomUUID();
}

/** Uniform in [0, 1). Not for secrets. */
export function randomFraction(): number {
  return Math.random();
}

/** Bytes that nobody can guess. */
export function randomBytes(count: number): Uint8Array {
  return new Uint8Array(cryptoBytes(count));
}
