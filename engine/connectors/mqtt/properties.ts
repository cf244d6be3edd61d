import {defineMember} from '#engine/values/member.ts';

/** What an MQTT 5 PUBLISH carries beside topic and payload (MQTT 5 §3.3.2.3), by the names of the standard. */
export interface PublishProperties {
  payloadFormatIndicator?: number;
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  subscriptionIdentifier?: number;
  /** User properties; of a name that comes several times the last value. */
  properties?: Record<string, string>;
}

/** Throws an Error for bytes that are no properties. */
export function decodeProperties(bytes: Buffer): PublishProperties {
  const found: PublishProperties = {};
  let at = 0;
  const text = (): string => {
    const start = at + 2;
    at = start + bytes.readUInt16BE(at);
    if (at > bytes.length) throw new Error('malformed packet: property text');
    return bytes.toString('utf8', start, at);
  };
  while (at < bytes.length) {
    const identifier = bytes[at++];
    switch (identifier) {
      case 0x01:
        found.payloadFormatIndicator = bytes.readUInt8(at);
        at += 1;
        break;
      case 0x02:
        found.messageExpiryInterval = bytes.readUInt32BE(at);
        at += 4;
        break;
      case 0x03:
        found.contentType = text();
        break;
      case 0x08:
        found.responseTopic = text();
        break;
      case 0x09: {
        const start = at + 2;
        at = start + bytes.readUInt16BE(at);
        found.correlationData = bytes.subarray(start, at);
        break;
      }
      case 0x0b: {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
          const byte = bytes.readUInt8(at++);
          value |= (byte & 0x7f) << shift;
          if (byte < 0x80) break;
        }
        found.subscriptionIdentifier = value;
        break;
      }
      case 0x26: {
        const name = text();
        found.properties ??= {};
        defineMember(found.properties, name, text());
        break;
      }
      // A topic alias (0x23) would be here; none is ever allowed, since no topic alias maximum is announced.
      default:
        throw new Error(`malformed packet: PUBLISH property 0x${identifier!.toString(16)}`);
    }
  }
  return found;
}

/** The property section of a PUBLISH with user properties, its length included. */
export function encodeUserProperties(properties: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(properties)) parts.push(Buffer.from([0x26]), lengthPrefixed(name), lengthPrefixed(value));
  const body = Buffer.concat(parts);
  return Buffer.concat([encodeLength(body.length), body]);
}

export function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 65_535) throw new Error('text longer than 65535 bytes');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** A variable byte integer (MQTT 2.2.3). */
export function encodeLength(length: number): Buffer {
  const bytes: number[] = [];
  do {
    const low = length % 128;
    length = Math.floor(length / 128);
    bytes.push(length > 0 ? low | 0x80 : low);
  } while (length > 0);
  return Buffer.from(bytes);
}
