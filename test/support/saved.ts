import {decodeSnapshot, encodeSnapshot} from '#engine/operators/snapshot-text.ts';

/** A state as it comes back from where states are kept. */
export function saved<T>(state: T): T {
  return decodeSnapshot(encodeSnapshot(state)) as T;
}
