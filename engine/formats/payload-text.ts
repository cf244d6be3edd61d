/** The UTF-8 text of a payload; broken sequences become U+FFFD. */
export function payloadText(payload: Uint8Array): string {
  return Buffer.isBuffer(payload)
    ? payload.toString('utf8')
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
}
