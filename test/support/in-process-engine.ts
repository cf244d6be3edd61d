import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {silentLogger} from '#engine/base/logger.ts';
import {anything} from '#engine/base/settings.ts';
import {openCatalog} from '#engine/catalog/open-catalog.ts';
import {type ConnectorEnvironment, defineSink, defineSource, type SourceListener} from '#engine/connectors/connector.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {RuleRegistry} from '#engine/runtime/rule-registry.ts';
import {SourcePool} from '#engine/runtime/source-pool.ts';
import {openMemoryStore} from '#engine/store/memory-store.ts';
import {VirtualClock} from './virtual-clock.ts';

/** The engine without server, network and real time: messages go in by topic, sink payloads come out by topic. */
export interface InProcessEngine {
  readonly clock: VirtualClock;
  readonly rules: RuleRegistry;
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
  const clock = new VirtualClock(start);
  const directory = mkdtempSync(path.join(tmpdir(), 'arrokoth-test-'));
  const listeners = new Map<string, Set<SourceListener>>();
  const outputs = new Map<string, string[]>();
  const source = defineSource({
    name: 'mqtt',
    summary: 'Messages that a test publishes.',
    settings: {server: anything('Unused.')},
    delivers: 'bytes',
    create(datasource) {
      let own: SourceListener | undefined;
      return {
        open(listener) {
          own = listener;
          listeners.set(datasource, (listeners.get(datasource) ?? new Set()).add(listener));
        },
        async close() {
          if (own) listeners.get(datasource)?.delete(own);
        },
        offset: () => undefined,
        seek() {},
      };
    },
  });
  const sink = defineSink({
    name: 'mqtt',
    summary: 'Payloads that a test reads.',
    settings: {topic: anything('Where.')},
    accepts: 'bytes',
    create: ({topic}) => ({
      open() {},
      write(messages) {
        const payloads = outputs.get(String(topic)) ?? [];
        outputs.set(String(topic), payloads);
        for (const {payload} of messages) payloads.push(Buffer.from(payload ?? '').toString());
      },
      async close() {},
    }),
  });
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
    async declare(sql) {
      const statement = parseStatement(sql);
      if (statement.kind !== 'create') throw new Error(`not a CREATE statement: ${sql}`);
      await catalog.createSource(statement, sql);
    },
    publish(topic, payload) {
      const message = {payload: Buffer.from(payload), metadata: {topic, qos: 1, messageId: '1'}};
      for (const listener of listeners.get(topic) ?? []) listener.messages([message]);
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
