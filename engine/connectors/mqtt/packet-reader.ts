import type {CachedTopic, TopicCache} from './topic-cache.ts';

/** Upper four bits of a packet's first byte (MQTT 2.2.1). */
export const packetType = {connack: 2, publish: 3, puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7, pingresp: 13} as const;

/** Where the packets of one connection go. Views into the read buffer stay valid for ever: it is not written twice. */
export interface PacketHandler {
  /** `packetId` is 0 under qos 0; `properties` are MQTT 5's, undefined when there are none; `isRetained`: the answer to a SUBSCRIBE. */
  publish(topic: CachedTopic, payload: Buffer, qos: number, packetId: number, properties: Buffer | undefined, isRetained: boolean): void;
  /** Any other packet, whole. */
  other(type: number, packet: Buffer): void;
}

/**
 * Cuts the bytes of a connection into packets and takes PUBLISH apart on the spot: no object per packet but the payload's view.
 * Throws an Error for bytes that are not MQTT; the connection is then of no use any more.
 */
export class PacketReader {
  readonly #handler: PacketHandler;
  readonly #topics: TopicCache;
  readonly #hasProperties: boolean;
  /** PUBLISH packets since the connection began. */
  published = 0;

  constructor(handler: PacketHandler, topics: TopicCache, protocolVersion: number) {
    this.#handler = handler;
    this.#topics = topics;
    this.#hasProperties = protocolVersion === 5;
  }

  /** Reads the whole packets in `bytes[start..end)`; returns where the first incomplete one begins. */
  read(bytes: Buffer, start: number, end: number): number {
    for (;;) {
      let at = start + 1;
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        if (at >= end) return start;
        if (shift > 21) throw new Error('malformed packet: remaining length');
        const byte = bytes[at++]!;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      const packetEnd = at + length;
      if (packetEnd > end) return start;
      const first = bytes[start]!;
      if (first >> 4 === packetType.publish) this.#publish(bytes, at, packetEnd, first);
      else this.#handler.other(first >> 4, bytes.subarray(start, packetEnd));
      start = packetEnd;
    }
  }

  #publish(bytes: Buffer, at: number, end: number, first: number): void {
    const topicStart = at + 2;
    if (topicStart > end) throw new Error('malformed packet: PUBLISH');
    let next = topicStart + (bytes[at]! << 8) + bytes[at + 1]!;
    const qos = (first >> 1) & 3;
    if (next + (qos > 0 ? 2 : 0) > end || qos === 3) throw new Error('malformed packet: PUBLISH');
    const topic = this.#topics.lookUp(bytes, topicStart, next);
    let packetId = 0;
    if (qos > 0) {
      packetId = (bytes[next]! << 8) | bytes[next + 1]!;
      next += 2;
    }
    let properties: Buffer | undefined;
    if (this.#hasProperties) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        if (next >= end || shift > 21) throw new Error('malformed packet: PUBLISH properties');
        const byte = bytes[next++]!;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      if (next + length > end) throw new Error('malformed packet: PUBLISH properties');
      if (length > 0) properties = bytes.subarray(next, next + length);
      next += length;
    }
    this.published++;
    this.#handler.publish(topic, bytes.subarray(next, end), qos, packetId, properties, (first & 1) === 1);
  }
}
