import type {IConnackPacket, MqttClient} from 'mqtt';
import {BackOff} from '#engine/base/back-off.ts';
import type {Timer} from '#engine/base/clock.ts';
import {ConnectorError, lowerFirst, messageOf} from '#engine/base/errors.ts';
import {randomId} from '#engine/base/random.ts';
import type {ConnectionStatus, ConnectorEnvironment, SinkListener} from '../connector.ts';
import {readTls} from '../tls-settings.ts';
import {splitShare} from '../topic-filter.ts';
import {TopicMatcher} from '../topic-matcher.ts';
import {clientOptions} from './client-options.ts';
import {
  type BrokerAddress,
  type ConnectionSettings,
  type ProtocolVersion,
  parseProtocolVersion,
  parseServer,
  usesTls,
} from './connection-settings.ts';
import {Inbox} from './inbox.ts';
import {PacketReader, packetType} from './packet-reader.ts';
import {PacketStream} from './packet-stream.ts';
import type {OutboundPublish} from './publish-encoder.ts';
import {Publisher, type PublishOptions} from './publisher.ts';
import {refusalOf} from './reason-codes.ts';
import type {Receiver} from './receiver.ts';
import {answersQuietMs, RetainedAnswers} from './retained-answers.ts';
import {type Subscription, Subscriptions} from './subscriptions.ts';
import {TopicCache} from './topic-cache.ts';
import {openTransport} from './transport.ts';

type Environment = Pick<ConnectorEnvironment, 'clock' | 'logger' | 'etcDirectory'>;

const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** A connection must last so long before the next loss is answered with the shortest pause again. */
const stableMs = 5000;
/** Filters of one SUBSCRIBE packet. */
const filtersPerPacket = 500;
/**
 * Messages under way to the broker under qos 1 and 2, when it sets no lower bound (MQTT 5 receive maximum). Before MQTT 5 it cannot tell its
 * bound, and mosquitto disconnects a client with more than 20 messages of qos 2 under way.
 */
const maxInFlight = [256, 20] as const;
/** How long a resumed session may wait for the sources its messages are for. */
const claimMs = 10_000;

const pingRequest = Buffer.from([0xc0, 0]);

/** What exists while a connection to the broker does, or is attempted. */
interface Attempt {
  readonly client: MqttClient;
  readonly stream: PacketStream;
  publisher: Publisher | undefined;
  connectedAt: number;
  /** Pings that await their answer, oldest first: a nudge of ours or a sign of life that the client asked for. */
  readonly pings: ('nudge' | 'client')[];
  /** The first thing that went wrong: what followed is its consequence. */
  fault: string | undefined;
}

/**
 * One connection to a broker for every source and sink with the same settings.
 *
 *     idle ─▶ connecting ─▶ connected ─▶ waiting ─▶ connecting …      closed from anywhere
 *
 * Each attempt has a client of its own; subscriptions, unacknowledged packet ids and the topic cache outlive it. A refusal (bad password,
 * filter not allowed) is reported with the broker's reason and tried again like a loss: permissions change too.
 */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #environment: Environment;
  readonly #address: BrokerAddress;
  readonly #protocolVersion: ProtocolVersion;
  readonly #clientId: string;
  readonly #receivers = new Set<Receiver>();
  readonly #watchers = new Set<SinkListener>();
  readonly #subscriptions = new Subscriptions();
  readonly #retained: RetainedAnswers;
  readonly #topics = new TopicCache();
  readonly #inbox: Inbox;
  readonly #backOff = new BackOff(firstPauseMs, longestPauseMs);
  #status: ConnectionStatus = {state: 0, message: 'connecting'};
  #attempt: Attempt | undefined;
  #retry: Timer | undefined;
  #claimEnd: Timer | undefined;
  #unsubscribe: Timer | undefined;
  #retainedEnd: Timer | undefined;
  #isFlushing = false;
  #isStarted = false;
  #isClosed = false;

  constructor(settings: ConnectionSettings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
    this.#address = parseServer(settings.server);
    this.#protocolVersion = parseProtocolVersion(settings.protocolVersion);
    this.#clientId = settings.clientid || randomId();
    this.#retained = new RetainedAnswers(environment.clock);
    this.#inbox = new Inbox({
      match: topic => this.#subscriptions.match(topic),
      matchRetained: (topic, payload) => this.#retained.route(topic, payload),
      holdsUnclaimed: settings.enableClientSession,
    });
  }

  get #logFields(): Record<string, unknown> {
    return {server: this.#address.text, clientId: this.#clientId};
  }

  addReceiver(receiver: Receiver): void {
    this.#receivers.add(receiver);
    this.#subscriptions.add(receiver);
    this.#retained.add(receiver, 'new');
    this.#topics.clear();
    this.#start();
    this.#scheduleFlush();
    setImmediate(() => {
      if (!this.#receivers.has(receiver)) return;
      this.#report(receiver);
      const filters = new TopicMatcher<true>();
      for (const filter of receiver.filters) filters.add(splitShare(filter).pattern, true);
      this.#inbox.claim(receiver, topic => filters.match(topic).length > 0);
    });
  }

  /** The broker shall send what it retains to those who joined the receiver. */
  welcome(receiver: Receiver): void {
    this.#retained.add(receiver, 'new');
    this.#scheduleFlush();
  }

  removeReceiver(receiver: Receiver): void {
    if (!this.#receivers.delete(receiver)) return;
    this.#subscriptions.remove(receiver);
    this.#retained.remove(receiver);
    this.#topics.clear();
    // A session outlives us on purpose: a stopping engine must not undo its subscriptions one rule at a time.
    if (!this.#settings.enableClientSession) this.#scheduleFlush();
    else
      this.#unsubscribe ??= this.#later(claimMs, () => {
        this.#unsubscribe = undefined;
        this.#scheduleFlush();
      });
  }

  addWatcher(watcher: SinkListener): void {
    this.#watchers.add(watcher);
    this.#start();
    setImmediate(() => {
      if (this.#watchers.has(watcher)) watcher.connection(this.#status);
    });
  }

  removeWatcher(watcher: SinkListener): void {
    this.#watchers.delete(watcher);
  }

  /** Throws or rejects with a ConnectorError (`retry: true` when there is no connection), or a PartialDelivery. */
  publish(messages: readonly OutboundPublish[], options: PublishOptions): void | Promise<void> {
    const publisher = this.#attempt?.publisher;
    if (publisher) return publisher.publish(messages, options);
    throw new ConnectorError(`not connected to ${this.#address.text}${this.#status.message ? `: ${this.#status.message}` : ''}`, {
      retry: true,
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#claimEnd?.cancel();
    this.#unsubscribe?.cancel();
    this.#retainedEnd?.cancel();
    const attempt = this.#attempt;
    if (!attempt) return;
    const closed = new Promise<void>(resolve => attempt.stream.once('close', resolve));
    const hasEnded = this.#status.state === 1 && !attempt.stream.destroyed;
    attempt.client.end(!hasEnded);
    const deadline = setTimeout(() => attempt.stream.destroy(), 500);
    await closed;
    clearTimeout(deadline);
  }

  // ── Life of a connection ──

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    setImmediate(() => void this.#connect());
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return;
    this.#setStatus({state: 0, message: 'connecting'});
    try {
      const tls = usesTls(this.#address) ? readTls(this.#settings, this.#environment.etcDirectory) : undefined;
      const {MqttClient} = await import('mqtt');
      const reader = new PacketReader(
        {
          publish: (topic, payload, qos, packetId, properties, isRetained) =>
            this.#inbox.receive(topic, payload, qos, packetId, properties, isRetained),
          other: (type, packet) => this.#receiveOther(type, packet),
        },
        this.#topics,
        this.#protocolVersion,
      );
      const transport = await openTransport(this.#address, tls, this.#protocolVersion, reader, {
        afterRead: () => this.#inbox.flush(),
        nudge: () => {
          const {pings} = this.#attempt ?? {};
          if (!pings || stream.destroyed) return;
          pings.push('nudge');
          stream.write(pingRequest);
        },
        fault: error => stream.destroy(error),
      });
      const stream: PacketStream = new PacketStream(transport);
      if (this.#isClosed) {
        stream.destroy();
        return;
      }
      this.#inbox.begin(packets => {
        if (!stream.destroyed) stream.write(packets);
      });
      const client = new MqttClient(() => stream as never, clientOptions(this.#settings, this.#protocolVersion, this.#clientId));
      const attempt: Attempt = {client, stream, publisher: undefined, connectedAt: 0, pings: [], fault: undefined};
      this.#attempt = attempt;
      stream.once('error', error => (attempt.fault ??= messageOf(error)));
      stream.on('drain', () => attempt.publisher?.drained());
      client.on('error', error => (attempt.fault ??= lowerFirst(messageOf(error))));
      client.on('disconnect', ({reasonCode}) => (attempt.fault ??= `the broker disconnected: ${refusalOf(reasonCode ?? 0)}`));
      client.on('packetsend', ({cmd}) => {
        if (cmd === 'pingreq') attempt.pings.push('client');
      });
      client.on('connect', packet => this.#established(attempt, packet));
      client.on('close', () => this.#lost(attempt));
    } catch (thrown) {
      this.#scheduleRetry(messageOf(thrown));
    }
  }

  #established(attempt: Attempt, {sessionPresent, properties}: IConnackPacket): void {
    const {client, stream} = attempt;
    const receiveMaximum = properties?.receiveMaximum;
    attempt.connectedAt = this.#environment.clock.now();
    attempt.publisher = new Publisher({
      protocolVersion: this.#protocolVersion,
      send: packets => stream.write(packets),
      allocatePacketId: () => client.messageIdProvider.allocate(),
      releasePacketId: id => client.messageIdProvider.deallocate(id),
      maxInFlight:
        receiveMaximum === undefined ? maxInFlight : [Math.min(maxInFlight[0], receiveMaximum), Math.min(maxInFlight[1], receiveMaximum)],
    });
    if (sessionPresent) this.#subscriptions.interrupt();
    else {
      for (const receiver of this.#subscriptions.forget()) this.#retained.add(receiver, 'all');
    }
    if (this.#settings.enableClientSession) this.#claimEnd = this.#later(claimMs, () => this.#endClaims());
    this.#environment.logger.info('mqtt connected', this.#logFields);
    this.#setStatus({state: 1, message: ''});
    this.#scheduleFlush();
  }

  #lost(attempt: Attempt): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    this.#claimEnd?.cancel();
    const message =
      attempt.fault ??
      (attempt.connectedAt > 0 ? 'the broker closed the connection' : 'the broker closed the connection before it was established');
    this.#inbox.lose();
    this.#retained.lose();
    attempt.publisher?.lose(new ConnectorError(`lost the connection to ${this.#address.text}: ${message}`, {retry: true}));
    attempt.client.removeAllListeners();
    attempt.client.on('error', () => {});
    attempt.client.end(true);
    if (this.#isClosed) return;
    if (attempt.connectedAt > 0 && this.#environment.clock.now() - attempt.connectedAt >= stableMs) this.#backOff.reset();
    this.#scheduleRetry(message);
  }

  #scheduleRetry(message: string): void {
    if (this.#isClosed) return;
    const pauseMs = this.#backOff.next();
    this.#environment.logger.warn('mqtt disconnected', {...this.#logFields, reason: message, nextTryMs: pauseMs});
    this.#setStatus({state: -1, message});
    this.#retry = this.#later(pauseMs, () => void this.#connect());
  }

  #endClaims(): void {
    const count = this.#inbox.discardUnclaimed();
    if (count > 0) this.#environment.logger.warn('messages kept for a source that is gone were discarded', {...this.#logFields, count});
  }

  // ── Packets ──

  #receiveOther(type: number, packet: Buffer): void {
    const attempt = this.#attempt;
    if (type === packetType.puback || type === packetType.pubrec || type === packetType.pubcomp) {
      if (attempt?.publisher?.acknowledge(type, packet)) return;
    } else if (type === packetType.pubrel) this.#inbox.release(packet.readUInt16BE(2));
    else if (type === packetType.pingresp && attempt?.pings.shift() === 'nudge') return;
    else if (type === packetType.connack && (packet[2]! & 1) === 0) this.#inbox.forgetSession();
    attempt?.stream.push(packet);
  }

  // ── Subscriptions ──

  /** What changes in one turn of the event loop travels together. */
  #scheduleFlush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flushSubscriptions();
    });
  }

  #flushSubscriptions(): void {
    const attempt = this.#attempt;
    if (!attempt?.publisher || this.#isClosed || (this.#subscriptions.isSettled && !this.#retained.isWaited)) return;
    const {client} = attempt;
    if (this.#unsubscribe === undefined)
      for (const filters of chunks(this.#subscriptions.takeRemoved())) client.unsubscribe(filters, () => {});
    const unsent = this.#subscriptions.takeUnsent();
    const again = this.#retained.begin(new Set(unsent.map(({filter}) => filter)));
    this.#awaitRetained();
    unsent.push(...this.#subscriptions.sent(again));
    for (const qos of [0, 1, 2] as const) {
      for (const chunk of chunks(unsent.filter(subscription => subscription.qos === qos))) {
        const filters = chunk.map(({filter}) => filter);
        this.#retained.asked();
        client.subscribe(filters, {qos}, (error, _granted, packet) => {
          if (this.#attempt !== attempt) return;
          this.#retained.granted();
          this.#subscribed(
            chunk,
            (packet ?? (error as {packet?: typeof packet} | null)?.packet)?.granted as readonly number[] | undefined,
            error,
          );
        });
      }
    }
  }

  /** Watches for the end of what the broker sends; who came meanwhile has the next turn. */
  #awaitRetained(): void {
    if (!this.#retained.isServing) return;
    this.#retainedEnd ??= this.#later(answersQuietMs, () => {
      this.#retainedEnd = undefined;
      this.#retained.endWhenQuiet();
      this.#awaitRetained();
      if (this.#retained.isWaited) this.#scheduleFlush();
    });
  }

  #subscribed(chunk: readonly Subscription[], granted: readonly number[] | undefined, error: Error | null): void {
    const changed = new Set<Receiver>();
    for (const [i, subscription] of chunk.entries()) {
      // Asked for again with a higher qos meanwhile: that answer counts.
      if (subscription.state === 'unsent') continue;
      const code = granted?.[i] ?? 0x80;
      if (code < 0x80) subscription.state = 'granted';
      else {
        subscription.state = 'refused';
        subscription.refusal = `the broker refused the subscription to "${subscription.filter}": ${granted ? refusalOf(code) : messageOf(error)}`;
        this.#environment.logger.warn('mqtt subscription refused', {
          ...this.#logFields,
          filter: subscription.filter,
          reason: refusalOf(code),
        });
      }
      for (const receiver of subscription.receivers) changed.add(receiver);
    }
    for (const receiver of changed) this.#report(receiver);
  }

  // ── Status ──

  #setStatus(status: ConnectionStatus): void {
    this.#status = status;
    for (const receiver of this.#receivers) this.#report(receiver);
    for (const watcher of this.#watchers) watcher.connection(status);
  }

  #report(receiver: Receiver): void {
    receiver.report(this.#status.state === 1 ? this.#subscriptions.statusOf(receiver) : this.#status);
  }

  #later(afterMs: number, task: () => void): Timer {
    return this.#environment.clock.at(this.#environment.clock.now() + afterMs, task);
  }
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += filtersPerPacket) yield items.slice(i, i + filtersPerPacket);
}
