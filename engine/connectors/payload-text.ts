import type {SinkMessage} from './connector.ts';

/** The payload as UTF-8 text; empty for messages without one. */
export function payloadText({payload}: SinkMessage): string {
  if (payload === undefined) return '';
  return typeof payload === 'string' ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
}

/** The payload as bytes. */
export function payloadBytes({payload}: SinkMessage): Buffer {
  if (payload === undefined) return Buffer.alloc(0);
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}
