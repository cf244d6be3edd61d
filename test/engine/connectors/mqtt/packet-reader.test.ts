import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type PacketHandler, PacketReader} from '#engine/connectors/mqtt/packet-reader.ts';
import {decodeProperties} from '#engine/connectors/mqtt/properties.ts';
import {encodePublishes} from '#engine/connectors/mqtt/publish-encoder.ts';
import {ReadBuffer} from '#engine/connectors/mqtt/read-buffer.ts';
import {TopicCache} from '#engine/connectors/mqtt/topic-cache.ts';

function record() {
  const packets: unknown[] = [];
  const handler: PacketHandler = {
    publish: (topic, payload, qos, packetId, properties) =>
      void packets.push({
        topic: topic.name,
        payload: payload.toString(),
        qos,
        packetId,
        properties: properties && {...decodeProperties(properties).properties},
      }),
    other: (type, packet) => void packets.push({type, length: packet.length}),
  };
  return {packets, handler};
}

const message = fc.record({
  topic: fc.constantFrom('a', 'sensors/d1/temp', '温度/室', '$hw/x'),
  payload: fc.oneof(fc.string(), fc.constant('x'.repeat(200)), fc.constant('y'.repeat(20_000))),
  properties: fc.option(fc.dictionary(fc.constantFrom('site', 'ü'), fc.string(), {minKeys: 1, noNullPrototype: true}), {nil: undefined}),
});

describe('the packet reader', () => {
  it('reads what the encoder wrote, wherever the reads are cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, {minLength: 1, maxLength: 8}),
        fc.constantFrom(0, 1, 2),
        fc.constantFrom(4, 5),
        fc.array(fc.integer({min: 1, max: 5000}), {minLength: 1, maxLength: 20}),
        (messages, qos, protocolVersion, cuts) => {
          const packetIds = messages.map((_, i) => i + 1);
          const bytes = Buffer.concat([
            Buffer.from([0x20, 2, 0, 0]),
            encodePublishes(messages, 0, messages.length, {qos, retained: false, protocolVersion, packetIds}),
            Buffer.from([0xd0, 0]),
          ]);
          const {packets, handler} = record();
          const buffer = new ReadBuffer(new PacketReader(handler, new TopicCache(), protocolVersion));
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = cuts[i % cuts.length]!;
            buffer.append(bytes.subarray(at, at + size));
            at += size;
          }
          expect(packets).toEqual([
            {type: 2, length: 4},
            ...messages.map(({topic, payload, properties}, i) => ({
              topic,
              payload,
              qos,
              packetId: qos === 0 ? 0 : i + 1,
              properties: protocolVersion === 5 ? properties : undefined,
            })),
            {type: 13, length: 2},
          ]);
        },
      ),
      {numRuns: 300},
    );
  });

  it('keeps earlier payloads whole while more is read', () => {
    const payloads: Buffer[] = [];
    const buffer = new ReadBuffer(
      new PacketReader({publish: (_topic, payload) => void payloads.push(payload), other() {}}, new TopicCache(), 4),
    );
    const texts = Array.from({length: 2000}, (_, i) => `${i}:${'z'.repeat(i)}`);
    for (const payload of texts)
      buffer.append(encodePublishes([{topic: 't', payload, properties: undefined}], 0, 1, {qos: 0, retained: false, protocolVersion: 4}));
    expect(payloads.map(String)).toEqual(texts);
  });

  const broken = [
    {name: 'a length that never ends', bytes: [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]},
    {name: 'a topic longer than its packet', bytes: [0x30, 3, 0, 9, 0x61]},
    {name: 'qos 3', bytes: [0x36, 5, 0, 1, 0x61, 0, 1]},
    {name: 'a packet without room for its id', bytes: [0x32, 3, 0, 1, 0x61]},
    {name: 'an empty PUBLISH', bytes: [0x30, 0]},
  ];
  for (const {name, bytes} of broken) {
    it(`refuses ${name}`, () => {
      const reader = new PacketReader(record().handler, new TopicCache(), 4);
      expect(() => reader.read(Buffer.from(bytes), 0, bytes.length)).toThrow('malformed packet');
    });
  }

  it('fails cleanly on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 300}), fc.constantFrom(4, 5), (bytes, version) => {
        const {handler} = record();
        const buffer = new ReadBuffer(new PacketReader(handler, new TopicCache(), version));
        try {
          buffer.append(Buffer.from(bytes));
        } catch (thrown) {
          expect((thrown as Error).message).toMatch(/malformed packet|out of range|outside buffer bounds/);
        }
      }),
    );
  });
});

describe('the topic cache', () => {
  it('gives the same topic for the same bytes, also when hashes collide or the cache starts over', () => {
    const cache = new TopicCache();
    const look = (name: string) => {
      const bytes = Buffer.from(`..${name}.`);
      return cache.lookUp(bytes, 2, bytes.length - 1);
    };
    expect(look('a/b')).toBe(look('a/b'));
    for (let i = 0; i < 50_000; i++) expect(look(`topic/${i}`).name).toBe(`topic/${i}`);
    // FNV-1a collides on these (32 bits).
    expect(look('costarring').name).toBe('costarring');
    expect(look('liquid').name).toBe('liquid');
    expect(look('costarring').name).toBe('costarring');
  });
});
