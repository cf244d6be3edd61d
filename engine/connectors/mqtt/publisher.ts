import {ConnectorError} from '#engine/base/errors.ts';
import {PartialDelivery} from '../connector.ts';
import {packetType} from './packet-reader.ts';
import {encodePublishes, type OutboundPublish} from './publish-encoder.ts';
import {refusalOf} from './reason-codes.ts';

export interface PublishOptions {
  readonly qos: 0 | 1 | 2;
  readonly retained: boolean;
}

/** One live connection as the publisher sees it. */
export interface PublisherParts {
  readonly protocolVersion: number;
  /** False when the transport's buffer is full: `drained` will be called. */
  readonly send: (packets: Buffer) => boolean;
  readonly allocatePacketId: () => number | null;
  readonly releasePacketId: (id: number) => void;
  /** Unacknowledged messages that may be under way, under qos 1 and under qos 2. */
  readonly maxInFlight: readonly [qos1: number, qos2: number];
}

interface Batch {
  readonly messages: readonly OutboundPublish[];
  readonly options: PublishOptions;
  readonly acknowledged: boolean[];
  /** Messages sent so far. */
  sent: number;
  inFlight: number;
  failure: Error | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface InFlight {
  readonly batch: Batch;
  readonly index: number;
}

/**
 * Sends the messages of every sink on one connection. Under qos 0 a write is done when the transport took it; under qos 1 and 2 when the
 * broker has acknowledged every message, with many under way at once.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #inFlight = new Map<number, InFlight>();
  #waiting: Batch[] = [];
  #onDrain: {resolve: () => void; reject: (error: Error) => void}[] = [];
  #lost: ConnectorError | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Throws or rejects with a ConnectorError, or a PartialDelivery around one. */
  publish(messages: readonly OutboundPublish[], options: PublishOptions): void | Promise<void> {
    if (this.#lost) throw this.#lost;
    if (options.qos > 0) {
      return new Promise((resolve, reject) => {
        this.#waiting.push({messages, options, acknowledged: [], sent: 0, inFlight: 0, failure: undefined, resolve, reject});
        this.#pump();
      });
    }
    const {protocolVersion, send} = this.#parts;
    const packets = encode(() => encodePublishes(messages, 0, messages.length, {...options, protocolVersion}));
    if (send(packets)) return;
    return new Promise((resolve, reject) => {
      this.#onDrain.push({resolve, reject});
    });
  }

  /** The transport takes more. */
  drained(): void {
    for (const {resolve} of this.#onDrain.splice(0)) resolve();
  }

  /** PUBACK, PUBREC or PUBCOMP. False when no message of ours is meant. */
  acknowledge(type: number, packet: Buffer): boolean {
    const id = packet.readUInt16BE(2);
    const entry = this.#inFlight.get(id);
    if (!entry) return false;
    const reason = packet.length > 4 ? packet[4]! : 0;
    if (type === packetType.pubrec && reason < 0x80) {
      this.#parts.send(Buffer.from([0x62, 2, id >> 8, id & 0xff]));
      return true;
    }
    this.#inFlight.delete(id);
    this.#parts.releasePacketId(id);
    const {batch, index} = entry;
    batch.inFlight--;
    if (reason < 0x80) batch.acknowledged[index] = true;
    else
      batch.failure ??= new ConnectorError(`the broker refused a message to "${batch.messages[index]!.topic}": ${refusalOf(reason)}`, {
        retry: retriedReasons.has(reason),
      });
    this.#settle(batch);
    this.#pump();
    return true;
  }

  /** The connection is gone: everything under way fails. */
  lose(error: ConnectorError): void {
    this.#lost = error;
    const batches = new Set([...this.#waiting, ...[...this.#inFlight.values()].map(({batch}) => batch)]);
    this.#inFlight.clear();
    this.#waiting = [];
    for (const batch of batches) {
      batch.inFlight = 0;
      batch.failure ??= error;
      this.#settle(batch);
    }
    for (const {reject} of this.#onDrain.splice(0)) reject(error);
  }

  #pump(): void {
    const {protocolVersion, send, maxInFlight, allocatePacketId} = this.#parts;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting[0]!;
      const limit = maxInFlight[batch.options.qos === 2 ? 1 : 0];
      const packetIds: number[] = [];
      while (batch.sent + packetIds.length < batch.messages.length && this.#inFlight.size < limit && !batch.failure) {
        const id = allocatePacketId();
        if (id === null) break;
        this.#inFlight.set(id, {batch, index: batch.sent + packetIds.length});
        packetIds.push(id);
      }
      if (packetIds.length === 0 && !batch.failure) return;
      const from = batch.sent;
      batch.sent += packetIds.length;
      batch.inFlight += packetIds.length;
      try {
        if (packetIds.length > 0)
          send(encode(() => encodePublishes(batch.messages, from, batch.sent, {...batch.options, protocolVersion, packetIds})));
      } catch (thrown) {
        for (const id of packetIds) this.#forget(id);
        batch.failure = thrown as Error;
      }
      if (batch.sent < batch.messages.length && !batch.failure) return;
      this.#waiting.shift();
      this.#settle(batch);
    }
  }

  #forget(id: number): void {
    const entry = this.#inFlight.get(id);
    if (!entry) return;
    entry.batch.inFlight--;
    this.#inFlight.delete(id);
    this.#parts.releasePacketId(id);
  }

  #settle(batch: Batch): void {
    if (batch.inFlight > 0) return;
    if (batch.failure === undefined) {
      if (batch.sent === batch.messages.length) batch.resolve();
      return;
    }
    let delivered = 0;
    while (batch.acknowledged[delivered]) delivered++;
    batch.reject(delivered > 0 ? new PartialDelivery(delivered, batch.failure) : batch.failure);
  }
}

function encode(build: () => Buffer): Buffer {
  try {
    return build();
  } catch (thrown) {
    throw new ConnectorError(`mqtt message cannot be sent: ${(thrown as Error).message}`, {retry: false, cause: thrown});
  }
}

/** Reason codes of MQTT 5 §2.4 that may pass: quota exceeded, packet identifier in use. */
const retriedReasons = new Set([0x97, 0x91]);
