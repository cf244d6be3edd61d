import {randomUUID} from 'node:crypto';

/** A random UUID: client identifiers, names of temporary things. */
export function randomId(): string {
  return randomUUID();
}

/** Uniform in [0, 1). Not for secrets. */
export function randomFraction(): number {
  return Math.random();
}
