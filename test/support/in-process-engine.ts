import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {silentLogger} from '#engine/base/logger.ts';
import {loadZstd} from '#engine/base/zstd.ts';
import type {Catalog} from '#engine/catalog/catalog.ts';
import {openCatalog} from '#engine/catalog/open-catalog.ts';
import type {ConnectorEnvironment, SinkConnector, SourceConnector, SourceListener} from '#engine/connectors/connector.ts';
import {sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {RuleRegistry} from '#engine/runtime/rule-registry.ts';
import {SourcePool} from '#engine/runtime/source-pool.ts';
import {openMemoryStore} from '#engine/store/memory-store.ts';
import {VirtualClock} from './virtual-clock.ts';

/** The engine without server, network and real time: messages go in by topic, sink payloads come out by topic. */
export interface InProcessEngine {
  readonly clock: VirtualClock;
  readonly rules: RuleRegistry;
  readonly catalog: Catalog;
  declare(sql: string): Promise<void>;
  publish(topic: string, payload: string): void;
  /** Payloads that rules published to the topic so far. */
  received(topic: string): readonly string[];
  /** Lets what waits for a promise or a short timer come through. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** 2026-01-01T00:00:00.123Z: away from every alignment of windows. */
const start = Date.UTC(2026, 0, 1) + 123;

export async function startInProcessEngine(): Promise<InProcessEngine> {
  await loadZstd();
  const clock = new VirtualClock(start);
  const directory = mkdtempSync(path.join(tmpdir(), 'arrokoth-test-'));
  const listeners = new Set<{readonly filter: string; readonly listener: SourceListener}>();
  const outputs = new Map<string, string[]>();
  const source: SourceConnector = {
    ...sourceConnectors.find(({name}) => name === 'mqtt')!,
    create(filter) {
      let own: {readonly filter: string; readonly listener: SourceListener} | undefined;
      return {
        open(listener) {
          own = {filter, listener};
          listeners.add(own);
        },
        async close() {
          if (own) listeners.delete(own);
        },
        offset: () => undefined,
        seek() {},
      };
    },
  };
  const mqttSink = sinkConnectors.find(({name}) => name === 'mqtt')!;
  const sink: SinkConnector = {
    ...mqttSink,
    create(settings, environment) {
      // What the real one refuses is refused here; the one made is not opened.
      mqttSink.create(settings, environment);
      const topic = settings['topic'];
      return {
        open() {},
        write(messages) {
          const payloads = outputs.get(String(topic)) ?? [];
          outputs.set(String(topic), payloads);
          for (const {payload} of messages) payloads.push(Buffer.from(payload ?? '').toString());
        },
        async close() {},
      };
    },
  };
  const environment: ConnectorEnvironment = {
    clock,
    logger: silentLogger,
    dataDirectory: directory,
    etcDirectory: directory,
    checkTarget() {},
    bus: {publish() {}, subscribe: () => () => {}},
  };
  const catalog = await openCatalog({
    store: openMemoryStore(),
    etcDirectory: directory,
    environment: {},
    logger: silentLogger,
  });
  const connectors = {sources: [source], sinks: [sink]};
  const rules = new RuleRegistry({
    catalog,
    connectors,
    pool: new SourcePool(catalog, connectors, environment, 'UTC'),
    environment,
    clock,
    logger: silentLogger,
    timeZone: 'UTC',
    optionDefaults: {},
    patrolIntervalMs: 10_000,
  });
  return {
    clock,
    rules,
    catalog,
    async declare(sql) {
      const statement = parseStatement(sql);
      if (statement.kind !== 'create') throw new Error(`not a CREATE statement: ${sql}`);
      await catalog.createSource(statement, sql);
    },
    publish(topic, payload) {
      const message = {payload: Buffer.from(payload), metadata: {topic, qos: 1, messageId: 1}};
      for (const {filter, listener} of listeners) if (matches(filter, topic)) listener.messages([message]);
    },
    received: topic => outputs.get(topic) ?? [],
    settle: () => new Promise(resolve => setImmediate(resolve)),
    async close() {
      const closed = rules.close();
      clock.advance(2000);
      await closed;
      await catalog.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}

function matches(filter: string, topic: string): boolean {
  const levels = filter
    .split('/')
    .map(level => (level === '+' ? '[^/]*' : level === '#' ? '.*' : level.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${levels.join('/')}$`).test(topic);
}
