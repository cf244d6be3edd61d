import type {PacketReader} from './packet-reader.ts';

const slabBytes = 256 * 1024;
/** A read is offered at least this much room. */
const minimumRoom = 32 * 1024;

/**
 * Where a socket reads into. Bytes lie one behind the other in slabs that are never used twice: an incomplete packet is continued in place,
 * and payloads can be views that stay valid as long as somebody keeps them.
 */
export class ReadBuffer {
  readonly #reader: PacketReader;
  #slab = Buffer.allocUnsafeSlow(slabBytes);
  #start = 0;
  #end = 0;

  constructor(reader: PacketReader) {
    this.#reader = reader;
  }

  /** Room for the next read. */
  room(): Buffer {
    if (this.#slab.length - this.#end < minimumRoom) {
      const incomplete = this.#slab.subarray(this.#start, this.#end);
      // Doubling, not what the packet announces: a header alone must not cost 256 MB.
      const next = Buffer.allocUnsafeSlow(Math.max(slabBytes, incomplete.length * 2));
      incomplete.copy(next);
      this.#slab = next;
      this.#start = 0;
      this.#end = incomplete.length;
    }
    return this.#slab.subarray(this.#end);
  }

  /** `count` bytes were read into the room. */
  filled(count: number): void {
    this.#end += count;
    this.#start = this.#reader.read(this.#slab, this.#start, this.#end);
  }

  /** Bytes that came in a buffer of their own. */
  append(chunk: Buffer): void {
    for (let from = 0; from < chunk.length; ) {
      const copied = chunk.copy(this.room(), 0, from);
      from += copied;
      this.filled(copied);
    }
  }
}
