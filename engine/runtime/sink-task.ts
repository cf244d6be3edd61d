import {setImmediate} from 'node:timers/promises';
import type {Clock, Timer} from '#engine/base/clock.ts';
import {ConnectorError, messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {NodeMetrics} from '#engine/compiler/pipeline.ts';
import {PartialDelivery, type Sink, type SinkMessage} from '#engine/connectors/connector.ts';
import type {Row} from '#engine/values/value.ts';
import {ConnectionLog} from './connection-log.ts';
import type {SinkTransform} from './sink-transform.ts';

export interface SinkTaskParts {
  /** `mqtt_0`: type and position of the action. */
  readonly name: string;
  readonly sink: Sink;
  readonly transform: SinkTransform;
  readonly encodes: boolean;
  /** Messages that may wait; the newest beyond is dropped and counted. */
  readonly bufferLength: number;
  /** Above 0: a message the peer could not take now is sent again after so long, and holds up those behind it. */
  readonly resendIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a stopping rule waits for its last messages. */
const flushMs = 1000;

/**
 * A sink of one rule with its queue: where synchronous processing ends. `offer` never waits and never throws; one write is in progress at a
 * time, and what arrives meanwhile goes out together in the next. A slow or dead sink fills only its own queue.
 */
export class SinkTask {
  readonly #parts: SinkTaskParts;
  readonly transformMetrics = new NodeMetrics();
  readonly encodeMetrics = new NodeMetrics();
  readonly metrics = new NodeMetrics();
  readonly connectionLog: ConnectionLog;
  /** Messages dropped because the queue was full. */
  dropped = 0;
  #waiting: SinkMessage[] = [];
  /** Messages of the write in progress that are neither acknowledged nor dropped. */
  #underWay = 0;
  #writing: Promise<void> | undefined;
  #resend: Timer | undefined;
  #wakeResend: (() => void) | undefined;
  #closed = false;

  constructor(parts: SinkTaskParts) {
    this.#parts = parts;
    this.connectionLog = new ConnectionLog(parts.clock);
  }

  get name(): string {
    return this.#parts.name;
  }

  get encodes(): boolean {
    return this.#parts.encodes;
  }

  /** Messages taken over and not yet sent or dropped, those of the write in progress included. */
  get bufferLength(): number {
    return this.#waiting.length + this.#underWay;
  }

  open(): void {
    this.#parts.sink.open({connection: status => this.connectionLog.record(status)});
  }

  offer(rows: readonly Row[], isCollection: boolean): void {
    const metrics = this.transformMetrics;
    const count = isCollection ? 1 : rows.length;
    metrics.recordsIn += count;
    metrics.messagesProcessed += count;
    metrics.lastInvocationAt = this.#parts.clock.now();
    const messages = this.#parts.transform(rows, isCollection, this.#failTransform);
    metrics.recordsOut += messages.length;
    if (this.#parts.encodes) countThrough(this.encodeMetrics, messages.length, metrics.lastInvocationAt);
    this.#enqueue(messages);
  }

  /** A failed row under sendError: byte sinks get the text, tuple sinks an object. */
  offerError(error: Error): void {
    this.#enqueue([{payload: this.#parts.encodes ? error.message : undefined, data: {error: error.message}}]);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#writing && this.#resend === undefined) await this.#orLate(this.#writing);
    this.#closed = true;
    this.#resend?.cancel();
    this.#wakeResend?.();
    this.#drop(this.#waiting.length, 'the rule stopped before the message was sent');
    this.#waiting = [];
    await this.#parts.sink.close();
    // Closing ends the write in progress, and the sink may say at once what became of its messages.
    if (this.#writing) await Promise.race([this.#writing, setImmediate()]);
    this.#drop(this.#underWay, 'the rule stopped before the message was confirmed');
    this.#underWay = 0;
  }

  async #orLate(written: Promise<void>): Promise<void> {
    const {clock} = this.#parts;
    let timer: Timer | undefined;
    const late = new Promise<void>(resolve => {
      timer = clock.at(clock.now() + flushMs, resolve);
    });
    await Promise.race([written, late]);
    timer?.cancel();
  }

  readonly #failTransform = (error: Error): void => {
    this.transformMetrics.fail(error.message, this.#parts.clock.now());
  };

  #enqueue(messages: readonly SinkMessage[]): void {
    if (this.#closed || messages.length === 0) return;
    const now = this.#parts.clock.now();
    this.metrics.recordsIn += messages.length;
    this.metrics.lastInvocationAt = now;
    if (this.#writing === undefined && this.#waiting.length === 0) {
      const {maxBatch} = this.#parts.sink;
      if (maxBatch === undefined || messages.length <= maxBatch) {
        this.#write(messages);
        return;
      }
      this.#write(messages.slice(0, maxBatch));
      this.#wait(messages.slice(maxBatch));
      return;
    }
    this.#wait(messages);
  }

  #wait(messages: readonly SinkMessage[]): void {
    const room = this.#parts.bufferLength - this.#waiting.length;
    if (room >= messages.length) for (const message of messages) this.#waiting.push(message);
    else {
      for (const message of messages.slice(0, Math.max(0, room))) this.#waiting.push(message);
      this.#drop(messages.length - Math.max(0, room), 'buffer full, drop message');
    }
  }

  #drop(count: number, reason: string): void {
    if (count === 0) return;
    this.dropped += count;
    const now = this.#parts.clock.now();
    this.metrics.fail(reason, now);
    this.metrics.exceptions += count - 1;
  }

  #write(messages: readonly SinkMessage[]): void {
    const result = this.#begin(messages);
    if (result === undefined) this.#acknowledge(messages.length);
    else this.#writing = this.#finish(messages, result);
  }

  #begin(messages: readonly SinkMessage[]): void | Promise<void> {
    this.#underWay = messages.length;
    try {
      return this.#parts.sink.write(messages);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** Sees one write and all that queued behind it through, then rests. */
  async #finish(first: readonly SinkMessage[], firstResult: Promise<void>): Promise<void> {
    let messages = first;
    let result: void | Promise<void> = firstResult;
    for (;;) {
      messages = await this.#settle(messages, result);
      if (messages.length === 0) messages = this.#take();
      if (messages.length === 0 || this.#closed) break;
      result = this.#begin(messages);
    }
    this.#writing = undefined;
  }

  #take(): readonly SinkMessage[] {
    const {maxBatch = Number.POSITIVE_INFINITY} = this.#parts.sink;
    if (this.#waiting.length > maxBatch) return this.#waiting.splice(0, maxBatch);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  /** Waits for a write; returns what must be written again. */
  async #settle(messages: readonly SinkMessage[], result: void | Promise<void>): Promise<readonly SinkMessage[]> {
    const started = performance.now();
    try {
      await result;
      this.metrics.latencyUs = Math.round((performance.now() - started) * 1000);
      this.#acknowledge(messages.length);
      return [];
    } catch (thrown) {
      const delivered = thrown instanceof PartialDelivery ? thrown.delivered : 0;
      const cause = thrown instanceof PartialDelivery ? thrown.cause : thrown;
      this.#acknowledge(delivered);
      const left = messages.slice(delivered);
      if (cause instanceof ConnectorError && cause.retry && this.#parts.resendIntervalMs > 0 && !this.#closed) {
        this.metrics.fail(cause.message, this.#parts.clock.now());
        await this.#waitToResend();
        if (!this.#closed) return left;
      }
      // The peer refused one message for good: those behind it have not been tried.
      const isRefusal = thrown instanceof PartialDelivery && !(cause instanceof ConnectorError && cause.retry);
      const lost = Math.min(isRefusal ? 1 : left.length, this.#underWay);
      this.#underWay -= lost;
      this.#drop(lost, messageOf(cause));
      return left.slice(lost);
    }
  }

  #waitToResend(): Promise<void> {
    return new Promise(resolve => {
      this.#wakeResend = resolve;
      this.#resend = this.#parts.clock.at(this.#parts.clock.now() + this.#parts.resendIntervalMs, () => {
        this.#resend = undefined;
        resolve();
      });
    });
  }

  #acknowledge(count: number): void {
    // What was given up at the end is counted as dropped and cannot be delivered after all.
    const known = Math.min(count, this.#underWay);
    this.#underWay -= known;
    this.metrics.recordsOut += known;
    this.metrics.messagesProcessed += known;
  }
}

function countThrough(metrics: NodeMetrics, count: number, at: number): void {
  metrics.recordsIn += count;
  metrics.recordsOut += count;
  metrics.messagesProcessed += count;
  metrics.lastInvocationAt = at;
}
