import type {Clock} from '#engine/base/clock.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {Settings, SettingsOf} from '#engine/base/settings.ts';
import type {Metadata, Row, Value} from '#engine/values/value.ts';

/**
 * The contract between the runtime and every source and sink. Concrete connectors are named in `registry.ts` and nowhere else.
 *
 * Connectors own reconnection: `open` never waits for the peer, a lost peer is reported through `connection` and tried again with back-off.
 */
export interface ConnectionStatus {
  /** eKuiper's numbers: 1 connected, 0 connecting, −1 disconnected. */
  readonly state: 1 | 0 | -1;
  readonly message: string;
}

/** What a connector is given besides its settings. */
export interface ConnectorEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Base directory of relative paths; nothing from a rule may leave it. */
  readonly dataDirectory: string;
  readonly etcDirectory: string;
  /** Directories where the engine keeps its own: rules may not write there, whatever else they may. */
  readonly reservedDirectories?: readonly string[];
  /** Whether rules may name files outside of the data directory (`basic.allowExternalFileAccess`). */
  readonly allowExternalFileAccess?: boolean;
  /** Whether an outgoing HTTP request may go to this address; throws a ConnectorError that names the setting to change. */
  checkTarget(address: string): void;
  /** In-process topics of the memory source and sink. */
  readonly bus: MemoryBus;
}

/** In-process publish/subscribe of rows. */
export interface MemoryBus {
  /** `changes`: what each row means for a table; undefined: it takes the place of the one of its key. */
  publish(topic: string, rows: readonly Row[], metadata: Metadata, changes?: readonly RowChange[]): void;
  /** `filter` may hold `+` and `#`. Returns the function that ends the subscription. */
  subscribe(filter: string, listener: MemoryListener): () => void;
}

export type MemoryListener = (rows: readonly Row[], metadata: Metadata, changes?: readonly RowChange[]) => void;

/** What a row sent to a table does there. A `put` row stands under its own key; a `delete` takes away the row of this one. */
export type RowChange = {readonly kind: 'put'} | {readonly kind: 'delete'; readonly key: Value};

// ── Sources ─────────────────────────────────────────────────────────────────

/** Bytes of one message and what the source tells about it. */
export interface SourceMessage {
  readonly payload: Uint8Array;
  readonly metadata: Metadata;
}

/** Whom what a peer keeps is for: those who joined since they were last asked for, or all, since the peer was lost meanwhile. */
export type KeptFor = 'new' | 'all';

/**
 * Where a source delivers. The source may call these at any time between `open` and the end of `close`, never from within `open`.
 * Calls return when every pipeline has taken the rows; an exception out of them is a defect of the engine.
 */
export interface SourceListener {
  /**
   * Messages that arrived together, oldest first. A source that can acknowledge passes `acknowledge`: it is called once, when the
   * messages need not be sent again (at once under qos 0, after the log's sync under qos ≥ 1).
   */
  messages(messages: readonly SourceMessage[], acknowledge?: () => void): void;
  /** For sources that hold rows already (memory, simulator): one metadata object for all. */
  rows(rows: readonly Row[], metadata: Metadata): void;
  connection(status: ConnectionStatus): void;
  /** A fault that costs data but not the source: counted and shown. */
  error(error: Error): void;
  /** The source is exhausted (a file read to its end). */
  end(): void;
  /**
   * Where the source delivers what the peer keeps for newcomers (retained messages), asked once for each time it asks the peer. Here when
   * undefined.
   */
  keptFor?(whom: KeptFor): SourceListener;
}

export interface Source {
  open(listener: SourceListener): void;
  /** Somebody joined who has not seen what the peer keeps for newcomers; undefined where peers keep nothing. */
  welcome?(): void;
  /** Resolves when nothing more will be delivered. Safe to call twice. */
  close(): Promise<void>;
  /** Position to continue from after a restart, for sources that have one: plain data. */
  offset(): unknown;
  /** Called before `open` with a value `offset` returned earlier. */
  seek(offset: unknown): void;
}

export interface SourceConnector<S extends Settings = Settings> {
  /** TYPE of the DDL. */
  readonly name: string;
  readonly summary: string;
  readonly settings: S;
  /** Whether it delivers bytes that FORMAT decodes, or rows. */
  readonly delivers: 'bytes' | 'rows';
  readonly create: (datasource: string, settings: SettingsOf<S>, environment: ConnectorEnvironment) => Source;
  /** What is wrong with `datasource`, or undefined; called when the stream is created or a rule planned. */
  readonly checkDatasource?: (datasource: string) => string | undefined;
}

// ── Lookup tables ───────────────────────────────────────────────────────────

/** Which rows a rule asks a lookup table for. */
export interface LookupRequest {
  /** Columns the rule reads; undefined: all. More may be given. */
  readonly fields: readonly string[] | undefined;
  /** Key columns, each once, in the order of ON. */
  readonly keys: readonly string[];
  /** What the key columns equal, in the untyped form; never null. */
  readonly values: readonly Value[];
}

/**
 * A system that is asked for rows by key: a table with KIND="lookup". Opened once for all rules that join the table.
 *
 * `lookup` may be called any number of times before an earlier answer came; callers keep the order themselves. An answer that is there at
 * once is given as it is, without a promise. A throw or rejection fails the row or window that asked, nothing else. Rows are in the untyped
 * form and belong to the caller, who does not write to them.
 */
export interface LookupSource {
  /** Never waits for the peer. */
  open(listener: SinkListener): void;
  lookup(request: LookupRequest): readonly Row[] | Promise<readonly Row[]>;
  /** Answers under way may be rejected. Safe to call twice. */
  close(): Promise<void>;
}

/** The options of a table that its connector reads. */
export interface LookupAddress {
  /** DATASOURCE. */
  readonly datasource: string;
  /** KEY; empty when not given. */
  readonly key: string;
}

export interface LookupConnector<S extends Settings = Settings> {
  /** TYPE of the DDL. */
  readonly name: string;
  readonly summary: string;
  readonly settings: S;
  /** Collects its rows itself, from the moment the table is declared; else it is opened with the first rule that joins the table. */
  readonly accumulates: boolean;
  /** May throw an ArrokothError: the rule is then refused with its text. Must not touch the network. */
  readonly create: (address: LookupAddress, settings: SettingsOf<S>, environment: ConnectorEnvironment) => LookupSource;
}

// ── Sinks ───────────────────────────────────────────────────────────────────

/** One message for a sink: the encoded bytes (byte sinks) and the rows they were made of (for dynamic properties and tuple sinks). */
export interface SinkMessage {
  /** undefined for sinks that accept rows. */
  readonly payload: string | Uint8Array | undefined;
  /** One row under sendSingle, else the collection. */
  readonly data: Row | readonly Row[];
}

export interface Sink {
  /** The most messages of one `write`; any number when left out. A sink that sends one after the other acknowledges each with 1. */
  readonly maxBatch?: number;
  open(listener: SinkListener): void;
  /**
   * Delivers the messages in order. Returning (or resolving) acknowledges all of them. A throw acknowledges none, unless it is a
   * `PartialDelivery`. At most one call is in progress at a time. Synchronous sinks return undefined: no promise per batch.
   */
  write(messages: readonly SinkMessage[]): void | Promise<void>;
  close(): Promise<void>;
}

export interface SinkListener {
  connection(status: ConnectionStatus): void;
}

/** The first `delivered` messages of a batch arrived; the rest failed for `cause`. */
export class PartialDelivery extends Error {
  readonly delivered: number;
  constructor(delivered: number, cause: unknown) {
    super('some messages of the batch were not delivered', {cause});
    this.delivered = delivered;
  }
}

export interface SinkConnector<S extends Settings = Settings> {
  /** Key of the action. */
  readonly name: string;
  readonly summary: string;
  readonly settings: S;
  readonly accepts: 'bytes' | 'rows';
  /** May throw an ArrokothError: the rule is then refused with its text. Must not touch the network. */
  readonly create: (settings: SettingsOf<S>, environment: ConnectorEnvironment & {readonly ruleId: string}) => Sink;
}

/** Keeps the settings' types for `create` while the registry holds connectors of many settings. */
export function defineSource<const S extends Settings>(connector: SourceConnector<S>): SourceConnector {
  return connector as unknown as SourceConnector;
}

export function defineLookup<const S extends Settings>(connector: LookupConnector<S>): LookupConnector {
  return connector as unknown as LookupConnector;
}

export function defineSink<const S extends Settings>(connector: SinkConnector<S>): SinkConnector {
  return connector as unknown as SinkConnector;
}

/** The connectors a program knows, by the name of TYPE or of the action. */
export interface ConnectorRegistry {
  readonly sources: readonly SourceConnector[];
  readonly sinks: readonly SinkConnector[];
  /** Sources of lookup tables; none when undefined. */
  readonly lookups?: readonly LookupConnector[];
}
