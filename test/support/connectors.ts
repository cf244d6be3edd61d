import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Logger} from '#engine/base/logger.ts';
import {silentLogger} from '#engine/base/logger.ts';
import {readSettings} from '#engine/base/settings.ts';
import {systemClock} from '#engine/base/system-clock.ts';
import type {
  ConnectionStatus,
  ConnectorEnvironment,
  Sink,
  SinkMessage,
  Source,
  SourceListener,
  SourceMessage,
} from '#engine/connectors/connector.ts';
import {createMemoryBus} from '#engine/connectors/memory-bus.ts';
import {findSink, findSource} from '#engine/connectors/registry.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {pollUntil} from './poll.ts';

/** Surroundings of a connector under test; every address is allowed unless overridden. */
export function connectorEnvironment(overrides: Partial<ConnectorEnvironment> = {}): ConnectorEnvironment {
  const directory = mkdtempSync(join(tmpdir(), 'connector-'));
  return {
    clock: systemClock,
    logger: silentLogger,
    dataDirectory: directory,
    etcDirectory: join(directory, 'etc'),
    checkTarget() {},
    bus: createMemoryBus(),
    ...overrides,
  };
}

/** A log whose events can be read. */
export function recordingLogger(): Logger & {readonly events: string[]} {
  const events: string[] = [];
  const note = (event: string) => void events.push(event);
  const logger = {debug: note, info: note, warn: note, error: note, child: () => logger, events};
  return logger;
}

/** An open source and everything it said. */
export interface RecordedSource {
  readonly source: Source;
  readonly messages: SourceMessage[];
  readonly rows: {readonly row: Row; readonly metadata: Metadata}[];
  readonly statuses: ConnectionStatus[];
  readonly errors: Error[];
  ended: boolean;
  /** Size of each delivery. */
  readonly deliveries: number[];
  readonly texts: () => string[];
  readonly status: () => ConnectionStatus | undefined;
  /** Resolves when the source is connected and subscribed. */
  readonly ready: () => Promise<unknown>;
}

export interface SourceOptions {
  readonly environment?: ConnectorEnvironment;
  /** Called with each acknowledgement instead of calling it. */
  readonly onAcknowledge?: (acknowledge: () => void) => void;
}

export function openSource(
  type: string,
  datasource: string,
  properties: Readonly<Record<string, unknown>>,
  {environment = connectorEnvironment(), onAcknowledge = acknowledge => acknowledge()}: SourceOptions = {},
): RecordedSource {
  const connector = findSource(type)!;
  const {values} = readSettings(connector.settings, properties, type);
  const source = connector.create(datasource, values, environment);
  const record: RecordedSource = {
    source,
    messages: [],
    rows: [],
    statuses: [],
    errors: [],
    ended: false,
    deliveries: [],
    texts: () => record.messages.map(({payload}) => Buffer.from(payload).toString()),
    status: () => record.statuses.at(-1),
    ready: () => pollUntil(() => record.status()?.state === 1, {what: () => JSON.stringify(record.statuses)}),
  };
  const listener: SourceListener = {
    messages(messages, acknowledge) {
      record.deliveries.push(messages.length);
      record.messages.push(...messages);
      if (acknowledge) onAcknowledge(acknowledge);
    },
    rows: (rows, metadata) => void record.rows.push(...rows.map(row => ({row, metadata}))),
    connection: status => void record.statuses.push(status),
    error: error => void record.errors.push(error),
    end() {
      record.ended = true;
    },
  };
  source.open(listener);
  return record;
}

export interface RecordedSink {
  readonly sink: Sink;
  readonly statuses: ConnectionStatus[];
  readonly status: () => ConnectionStatus | undefined;
  readonly ready: () => Promise<unknown>;
}

export function openSink(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  environment: ConnectorEnvironment = connectorEnvironment(),
): RecordedSink {
  const sink = createSink(type, properties, environment);
  const statuses: ConnectionStatus[] = [];
  const record: RecordedSink = {
    sink,
    statuses,
    status: () => statuses.at(-1),
    ready: () => pollUntil(() => record.status()?.state === 1, {what: () => JSON.stringify(statuses)}),
  };
  sink.open({connection: status => void statuses.push(status)});
  return record;
}

export function createSink(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  environment: ConnectorEnvironment = connectorEnvironment(),
): Sink {
  const connector = findSink(type)!;
  return connector.create(readSettings(connector.settings, properties, `${type} sink`).values, {...environment, ruleId: 'rule1'});
}

/** A message as byte sinks get it. */
export function sinkMessage(payload: string, data: Row | readonly Row[] = {}): SinkMessage {
  return {payload, data};
}
