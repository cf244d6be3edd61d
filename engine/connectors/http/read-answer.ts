import type {Readable} from 'node:stream';

/** The text of an answer, cut off after `maxBytes`: what follows is not read, and its connection is not used again. */
export async function readAnswer(stream: Readable, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    // Leaving the loop destroys the stream.
    if (size >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString();
}
