import type {SinkMessage} from '../connector.ts';
import {encodeUserProperties} from './properties.ts';

/** One message for the broker. */
export interface OutboundPublish {
  readonly topic: string;
  readonly payload: SinkMessage['payload'];
  /** User properties of MQTT 5. */
  readonly properties: Readonly<Record<string, string>> | undefined;
}

const noProperties = Buffer.from([0]);
/** Largest remaining length (MQTT 2.2.3). */
const maxLength = 268_435_455;

/**
 * PUBLISH packets back to back, one for each of `messages[from..to)`; `packetIds` under qos 1 and 2. Throws an Error for a topic or a payload
 * beyond what MQTT can carry.
 */
export function encodePublishes(
  messages: readonly OutboundPublish[],
  from: number,
  to: number,
  {qos, retained, protocolVersion, packetIds}: {qos: number; retained: boolean; protocolVersion: number; packetIds?: readonly number[]},
): Buffer {
  const lengths: number[] = [];
  const properties: (Buffer | undefined)[] = [];
  let total = 0;
  for (let i = from; i < to; i++) {
    const {topic, payload} = messages[i]!;
    const topicBytes = Buffer.byteLength(topic);
    if (topicBytes > 65_535) throw new Error('the topic is longer than 65535 bytes');
    const section = protocolVersion === 5 ? propertySection(messages[i]!) : undefined;
    properties.push(section);
    const length = 2 + topicBytes + (qos > 0 ? 2 : 0) + (section?.length ?? 0) + byteLength(payload);
    if (length > maxLength) throw new Error('the message is longer than 256 MB');
    lengths.push(length);
    total += 1 + lengthBytes(length) + length;
  }

  const out = Buffer.allocUnsafe(total);
  let at = 0;
  for (let i = from; i < to; i++) {
    const {topic, payload} = messages[i]!;
    let length = lengths[i - from]!;
    out[at++] = 0x30 | (qos << 1) | (retained ? 1 : 0);
    for (; length >= 128; length = Math.floor(length / 128)) out[at++] = (length % 128) | 0x80;
    out[at++] = length;
    const topicBytes = out.write(topic, at + 2);
    out.writeUInt16BE(topicBytes, at);
    at += 2 + topicBytes;
    if (qos > 0) at = out.writeUInt16BE(packetIds![i - from]!, at);
    const section = properties[i - from];
    if (section) at += section.copy(out, at);
    if (typeof payload === 'string') at += out.write(payload, at);
    else if (payload !== undefined) {
      out.set(payload, at);
      at += payload.length;
    }
  }
  return out;
}

function propertySection({properties}: OutboundPublish): Buffer {
  return properties === undefined ? noProperties : encodeUserProperties(properties);
}

function byteLength(payload: SinkMessage['payload']): number {
  if (payload === undefined) return 0;
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
}

function lengthBytes(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
}
