import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {errorOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {ConnectionStatus, KeptFor, Source, SourceListener, SourceMessage} from '#engine/connectors/connector.ts';
import type {Decoder} from '#engine/formats/format.ts';
import type {DeviceTyping, TypingScope} from '#engine/kubeedge/device-typing.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {ReadPath} from '#engine/planner/plan.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {ConnectionLog} from './connection-log.ts';
import {GuardIndex} from './guard-index.ts';
import {type Columns, type Reader, Subscription} from './subscription.ts';

/** Below this many guarded readers an index costs more than letting each filter look. */
const indexedFrom = 8;

/** How payloads become rows of certain columns. */
export interface Reading {
  /** Undefined where rows come as they are. */
  readonly decoder: Decoder | undefined;
  /** STRICT_VALIDATION: applied to each row; a throw costs that row only. */
  readonly validate: ((row: Row) => Row) | undefined;
}

/** Some or all of a source's readers, as one delivery of messages sees them. */
interface Audience {
  readonly readers: () => readonly Subscription[];
  readonly received: (messages: number) => void;
  readonly failed: (error: Error) => void;
  readonly deliver: (batch: Batch) => void;
}

export interface SharedSourceParts {
  readonly source: Source;
  readonly reading: (columns: Columns) => Reading;
  readonly typing: DeviceTyping | undefined;
  readonly typingScope: TypingScope;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onIdle: () => Promise<void>;
}

/**
 * One running source for every rule that reads the same connection, topic and format: one subscription, one decode of each message, then
 * fan-out to the rules whose guard may hold.
 *
 * All columns are decoded at once. Only when a value does not fit is the payload read again for each set of columns that a rule reads, so
 * that it costs the rules that read the value and no other.
 *
 * Opened with its first reader, closed after its last. Counters are plain fields; each reader's figures are differences to the values at
 * its attachment, so that reading a message costs no count per rule.
 */
export class SharedSource implements SourceListener {
  readonly #parts: SharedSourceParts;
  readonly #unguarded: Subscription[] = [];
  readonly #guarded = new Set<Subscription>();
  readonly #index = new GuardIndex<Subscription>();
  readonly #touched: Subscription[] = [];
  readonly #whole: Reading;
  /** By their columns. */
  readonly #partial = new Map<string, Reading>();
  #attached: readonly Subscription[] = [];
  /** Readers that have not been sent what the peer keeps for newcomers. */
  readonly #newcomers = new Set<Subscription>();
  readonly #everyone: Audience = {
    readers: () => this.#readers(),
    received: messages => {
      this.messagesIn += messages;
    },
    failed: error => this.#count(error),
    deliver: batch => this.#deliver(batch),
  };
  #open = false;
  readonly connectionLog: ConnectionLog;
  messagesIn = 0;
  rowsDecoded = 0;
  failures = 0;
  lastFailure = '';
  lastFailureAt: Timestamp = 0;
  lastInvocationAt: Timestamp = 0;
  latencyUs = 0;

  constructor(parts: SharedSourceParts) {
    this.#parts = parts;
    this.#whole = parts.reading('all');
    this.connectionLog = new ConnectionLog(parts.clock);
  }

  get decodes(): boolean {
    return this.#whole.decoder !== undefined;
  }

  get typing(): DeviceTyping | undefined {
    return this.#parts.typing;
  }

  attach(reader: Reader): Subscription {
    const subscription = new Subscription(this, reader);
    if (reader.guard === undefined) this.#unguarded.push(subscription);
    else {
      this.#guarded.add(subscription);
      this.#index.add(reader.guard, subscription);
    }
    this.#attached = [];
    this.#newcomers.add(subscription);
    if (this.#open) this.#parts.source.welcome?.();
    else {
      this.#open = true;
      this.#parts.source.open(this);
    }
    return subscription;
  }

  async detach(subscription: Subscription): Promise<void> {
    const at = this.#unguarded.indexOf(subscription);
    if (at >= 0) this.#unguarded.splice(at, 1);
    else if (this.#guarded.delete(subscription)) this.#index.remove(subscription.reader.guard!, subscription);
    else return;
    this.#attached = [];
    this.#newcomers.delete(subscription);
    if (this.#unguarded.length === 0 && this.#guarded.size === 0) await this.#parts.onIdle();
  }

  close(): Promise<void> {
    return this.#parts.source.close();
  }

  // ── SourceListener ──

  messages(messages: readonly SourceMessage[], acknowledge?: () => void): void {
    this.#read(messages, this.#everyone);
    acknowledge?.();
  }

  /** Messages reach those of the group that still read. */
  keptFor(whom: KeptFor): SourceListener {
    const group = new Set(whom === 'all' ? this.#readers() : this.#newcomers);
    this.#newcomers.clear();
    const present = () => this.#readers().filter(subscription => group.has(subscription));
    return {
      messages: (messages, acknowledge) => {
        const readers = present();
        if (readers.length > 0) this.#read(messages, readers.length === this.#readers().length ? this.#everyone : this.#some(readers));
        acknowledge?.();
      },
      rows: (rows, metadata) => this.rows(rows, metadata),
      connection: status => this.connection(status),
      error: error => this.error(error),
      end: () => {
        for (const {reader} of present()) reader.end();
      },
    };
  }

  #some(readers: readonly Subscription[]): Audience {
    return {
      readers: () => readers,
      received(messages) {
        for (const reader of readers) reader.receivedOwn(messages);
      },
      failed: error => {
        this.#note(error);
        for (const reader of readers) reader.failedOwn();
      },
      deliver(batch) {
        for (const reader of readers) reader.handOwn(batch);
      },
    };
  }

  #read(messages: readonly SourceMessage[], audience: Audience): void {
    const started = performance.now();
    const now = this.#parts.clock.now();
    audience.received(messages.length);
    this.lastInvocationAt = now;
    let batch = emptyBatch();
    // What came before a failure reaches each rule before what it is spared of it.
    const flush = () => {
      const full = batch;
      batch = emptyBatch();
      if (full.rows.length > 0) audience.deliver(full);
    };
    for (const message of messages) {
      let decoded: readonly Row[];
      try {
        decoded = this.#decode(message, this.#whole);
      } catch (thrown) {
        this.#failPartly(errorOf(thrown), message.metadata, audience, flush, reading =>
          this.#decode(message, reading).map(row => validated(row, reading)),
        );
        continue;
      }
      for (const row of decoded) {
        let valid: Row;
        try {
          valid = validated(row, this.#whole);
        } catch (thrown) {
          this.#failPartly(errorOf(thrown), message.metadata, audience, flush, reading => [validated(row, reading)]);
          continue;
        }
        batch.rows.push(valid);
        batch.metadata.push(message.metadata);
        batch.timestamps.push(now);
      }
    }
    this.latencyUs = Math.round((performance.now() - started) * 1000);
    flush();
  }

  rows(rows: readonly Row[], metadata: Metadata): void {
    const now = this.#parts.clock.now();
    this.messagesIn += rows.length;
    this.lastInvocationAt = now;
    if (rows.length > 0) this.#deliver({rows, metadata: rows.map(() => metadata), timestamps: rows.map(() => now)});
  }

  connection(status: ConnectionStatus): void {
    this.connectionLog.record(status);
  }

  error(error: Error): void {
    this.#fail(error, this.#everyone);
  }

  #fail(error: Error, audience: Audience): void {
    audience.failed(error);
    for (const {reader} of audience.readers()) reader.fail(error);
  }

  end(): void {
    for (const subscription of this.#readers()) subscription.reader.end();
  }

  #count(error: Error): void {
    this.failures++;
    this.#note(error);
  }

  #note(error: Error): void {
    this.lastFailure = error.message;
    this.lastFailureAt = this.#parts.clock.now();
  }

  #decode({payload, metadata}: SourceMessage, {decoder}: Reading): readonly Row[] {
    const {typing, typingScope} = this.#parts;
    if (decoder === undefined) return [];
    if (typing === undefined) return decoder.decode(payload);
    return typing.rows(payload, String(metadata['topic'] ?? ''), metadata, bytes => decoder.decode(bytes), typingScope);
  }

  /** Reads again what failed, for each set of columns; `read` throws where it fails for these, too. `flush` hands on the rows before it. */
  #failPartly(error: Error, metadata: Metadata, audience: Audience, flush: () => void, read: (reading: Reading) => readonly Row[]): void {
    const outcomes = new Map<string, Batch | Error>();
    const attempt = (columns: readonly ReadPath[]): Batch | Error => {
      const key = JSON.stringify(columns);
      let outcome = outcomes.get(key);
      if (outcome === undefined) outcomes.set(key, (outcome = this.#readAgain(() => read(this.#readingOf(key, columns)), metadata)));
      return outcome;
    };
    // A payload that cannot be read at all is not tried for every rule.
    if (audience.readers().every(({reader}) => reader.columns === 'all') || attempt([]) instanceof Error) {
      this.#fail(error, audience);
      return;
    }
    flush();
    audience.failed(error);
    for (const subscription of audience.readers()) {
      const {columns} = subscription.reader;
      const outcome = columns === 'all' ? error : attempt(columns);
      if (outcome instanceof Error) subscription.reader.fail(outcome);
      else subscription.spare(outcome);
    }
  }

  #readAgain(read: () => readonly Row[], metadata: Metadata): Batch | Error {
    try {
      const rows = read();
      const now = this.#parts.clock.now();
      return {rows, metadata: rows.map(() => metadata), timestamps: rows.map(() => now)};
    } catch (thrown) {
      return errorOf(thrown);
    }
  }

  #readingOf(key: string, columns: readonly ReadPath[]): Reading {
    let reading = this.#partial.get(key);
    if (reading === undefined) this.#partial.set(key, (reading = this.#parts.reading(columns)));
    return reading;
  }

  /** A reader that attaches or leaves while a batch is under way sees it whole or not at all. */
  #readers(): readonly Subscription[] {
    if (this.#attached.length === 0) this.#attached = [...this.#unguarded, ...this.#guarded];
    return this.#attached;
  }

  #deliver(batch: Batch): void {
    this.rowsDecoded += batch.rows.length;
    if (this.#guarded.size < indexedFrom) {
      for (const subscription of this.#readers()) subscription.hand(batch);
      return;
    }
    for (const subscription of this.#unguarded.slice()) subscription.hand(batch);
    if (batch.rows.length === 1) this.#deliverOne(batch);
    else this.#deliverMany(batch);
  }

  /** The usual case at low rates: matching readers share the batch itself. */
  #deliverOne(batch: Batch): void {
    this.#index.visit(batch.rows[0]!, this.#touch);
    for (const subscription of this.#touched.splice(0)) subscription.hand(batch);
  }

  #deliverMany({rows, metadata, timestamps}: Batch): void {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      this.#index.visit(row, subscription => {
        if (subscription.rows.length === 0) this.#touched.push(subscription);
        subscription.rows.push(row);
        subscription.metadata.push(metadata[i]);
        subscription.timestamps.push(timestamps[i]!);
      });
    }
    for (const subscription of this.#touched.splice(0)) {
      const {rows, metadata, timestamps} = subscription;
      subscription.rows = [];
      subscription.metadata = [];
      subscription.timestamps = [];
      subscription.hand({rows, metadata, timestamps});
    }
  }

  readonly #touch = (subscription: Subscription): void => {
    this.#touched.push(subscription);
  };
}

function validated(row: Row, {validate}: Reading): Row {
  return validate === undefined ? row : validate(row);
}

function emptyBatch(): {readonly rows: Row[]; readonly metadata: (Metadata | undefined)[]; readonly timestamps: Timestamp[]} {
  return {rows: [], metadata: [], timestamps: []};
}
