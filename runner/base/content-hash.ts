import {createHash} from 'node:crypto';

/** 22 characters that identify a content. Never secret, never reversible to a content that is not known already. */
export function contentHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url').slice(0, 22);
}
