import type {Metadata} from '#engine/values/value.ts';
import {Acknowledgements} from './acknowledgements.ts';
import {decodeProperties} from './properties.ts';
import type {Receiver} from './receiver.ts';
import type {CachedTopic} from './topic-cache.ts';

/** A message under qos ≥ 1 that came before the source that reads it. */
interface Unclaimed {
  readonly topic: string;
  readonly payload: Buffer;
  readonly metadata: Metadata;
  readonly acknowledge: () => void;
}

export interface InboxParts {
  /** Receivers of a topic. */
  readonly match: (topic: string) => readonly Receiver[];
  /** Receivers of a retained message; undefined: those of its topic. */
  readonly matchRetained: (topic: string, payload: Buffer) => readonly Receiver[] | undefined;
  /** Whether messages nobody reads yet are held: the broker sends what it kept for our session before all sources are open. */
  readonly holdsUnclaimed: boolean;
}

/**
 * Collects the messages of one read for each receiver, hands them over together, and acknowledges to the broker what all receivers have
 * acknowledged.
 *
 * A message under qos 2 is delivered when it first comes (MQTT 4.3.3, method B): its packet id is remembered until PUBREL, and the same id
 * meanwhile is the same message.
 */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #touched: Receiver[] = [];
  readonly #awaitingRelease = new Set<number>();
  #acknowledgements = new Acknowledgements(() => {});
  #ids: number[] = [];
  #qos: number[] = [];
  #held: Omit<Unclaimed, 'acknowledge'>[] = [];
  #unclaimed: Unclaimed[] = [];
  #holds: boolean;
  /** Messages that no receiver wanted. */
  discarded = 0;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#holds = parts.holdsUnclaimed;
  }

  /** A connection to the broker begins; acknowledgements go to `send`. */
  begin(send: (packets: Buffer) => void): void {
    this.#acknowledgements = new Acknowledgements(send);
    this.#holds = this.#parts.holdsUnclaimed;
  }

  /** The broker has a new session: packet ids of the old one mean nothing. */
  forgetSession(): void {
    this.#awaitingRelease.clear();
  }

  /** The connection is gone; what was not acknowledged comes again. */
  lose(): void {
    for (const id of this.#acknowledgements.lose()) this.#awaitingRelease.delete(id);
    this.#unclaimed = [];
  }

  receive(topic: CachedTopic, payload: Buffer, qos: number, packetId: number, properties: Buffer | undefined, isRetained: boolean): void {
    if (qos > 0) {
      this.#ids.push(packetId);
      this.#qos.push(qos);
      if (qos === 2) {
        if (this.#awaitingRelease.has(packetId)) return;
        this.#awaitingRelease.add(packetId);
      }
    }
    const awaiting = isRetained ? this.#parts.matchRetained(topic.name, payload) : undefined;
    const receivers = awaiting ?? ((topic.route ??= this.#parts.match(topic.name)) as readonly Receiver[]);
    if (receivers.length === 0) {
      if (awaiting !== undefined) return;
      if (qos > 0 && this.#holds) this.#held.push({topic: topic.name, payload, metadata: metadataOf(topic, qos, packetId, properties)});
      else this.discarded++;
      return;
    }
    for (const receiver of receivers) {
      if (receiver.pending.length === 0) this.#touched.push(receiver);
      // Metadata is each receiver's own: a device model adds to it.
      receiver.pending.push({payload, metadata: metadataOf(topic, qos, packetId, properties)});
    }
  }

  release(packetId: number): void {
    this.#awaitingRelease.delete(packetId);
  }

  /** The read is complete. */
  flush(): void {
    const touched = this.#touched;
    let acknowledge: (() => void) | undefined;
    if (this.#ids.length > 0) {
      const held = this.#held;
      acknowledge = this.#acknowledgements.expect(this.#ids, this.#qos, touched.length + held.length);
      for (const message of held) this.#unclaimed.push({...message, acknowledge});
      this.#ids = [];
      this.#qos = [];
      if (held.length > 0) this.#held = [];
      if (touched.length + held.length === 0) this.#acknowledgements.flush();
    }
    if (touched.length === 0) return;
    for (const receiver of touched.splice(0)) receiver.deliver(acknowledge);
  }

  /** Gives a receiver what came before it. */
  claim(receiver: Receiver, matches: (topic: string) => boolean): void {
    if (this.#unclaimed.length === 0) return;
    const mine = this.#unclaimed.filter(({topic}) => matches(topic));
    if (mine.length === 0) return;
    this.#unclaimed = this.#unclaimed.filter(message => !mine.includes(message));
    receiver.pending.push(...mine);
    receiver.deliver(() => {
      for (const {acknowledge} of mine) acknowledge();
    });
  }

  /** Acknowledges what nobody has claimed, and holds no more until the next connection. Returns how many messages that cost. */
  discardUnclaimed(): number {
    this.#holds = false;
    const count = this.#unclaimed.length;
    this.discarded += count;
    for (const {acknowledge} of this.#unclaimed.splice(0)) acknowledge();
    return count;
  }
}

function metadataOf({name}: CachedTopic, qos: number, messageId: number, properties: Buffer | undefined): Metadata {
  return properties === undefined ? {topic: name, qos, messageId} : {topic: name, qos, messageId, ...decodeProperties(properties)};
}
