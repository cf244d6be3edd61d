import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Logger, silentLogger} from '#engine/base/logger.ts';
import {targetGuard} from '#engine/base/private-network.ts';
import {systemClock} from '#engine/base/system-clock.ts';
import {type OpenCatalog, openCatalog} from '#engine/catalog/open-catalog.ts';
import {createMemoryBus} from '#engine/connectors/memory-bus.ts';
import {lookupConnectors, sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {LookupTables} from '#engine/runtime/lookup-tables.ts';
import {RuleRegistry} from '#engine/runtime/rule-registry.ts';
import {SourcePool} from '#engine/runtime/source-pool.ts';
import {startServer} from '#engine/server/server.ts';
import {loadSettings} from '#engine/settings.ts';
import {openLevelStore} from '#engine/store/level-store.ts';

export interface HttpEngine {
  readonly url: string;
  readonly catalog: OpenCatalog;
  /** Holds kuiper.yaml and mqtt_source.yaml; lives as long as the engine. */
  readonly etcDirectory: string;
  close(): Promise<void>;
}

export interface HttpEngineOptions {
  /** Broker of the default conf key. */
  readonly broker?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files of the etc directory by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
}

/** The whole engine in this process, on a free port, with a store and an etc directory of its own. */
export async function startHttpEngine({
  broker = 'tcp://127.0.0.1:1',
  environment = {},
  files = {},
  logger = silentLogger,
}: HttpEngineOptions = {}): Promise<HttpEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  const etcDirectory = join(directory, 'etc');
  const dataDirectory = join(directory, 'data');
  for (const path of [etcDirectory, dataDirectory]) mkdirSync(path);
  const contents = {'mqtt_source.yaml': `default:\n  server: ${broker}\n  qos: 1\n`, ...files};
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(join(etcDirectory, name, '..'), {recursive: true});
    writeFileSync(join(etcDirectory, name), content);
  }
  const {settings, ruleDefaults} = loadSettings({
    etcDirectory,
    environment: {
      KUIPER__BASIC__RESTPORT: '0',
      KUIPER__BASIC__RESTIP: '127.0.0.1',
      KUIPER__BASIC__ENABLEPRIVATENET: 'true',
      ...environment,
    },
  });
  const store = await openLevelStore(join(dataDirectory, 'store'));
  const catalog = await openCatalog({
    store,
    etcDirectory,
    environment,
    logger,
    sourceSettings: type => sourceConnectors.find(({name}) => name === type)?.settings,
  });
  const connectors = {sources: sourceConnectors, sinks: sinkConnectors, lookups: lookupConnectors};
  const shared = {
    clock: systemClock,
    logger,
    dataDirectory,
    etcDirectory,
    checkTarget: targetGuard({allowPrivate: settings.basic.enablePrivateNet}),
    bus: createMemoryBus(),
  };
  const lookups = new LookupTables(catalog, connectors, shared);
  catalog.onTablesChanged(() => lookups.follow());
  const rules = new RuleRegistry({
    catalog,
    connectors,
    lookups,
    pool: new SourcePool(catalog, connectors, shared, 'UTC'),
    environment: shared,
    clock: systemClock,
    logger,
    timeZone: 'UTC',
    optionDefaults: ruleDefaults,
    patrolIntervalMs: 10_000,
  });
  catalog.onSourceChanged(name => rules.sourceChanged(name));
  const server = await startServer({settings, catalog, rules, logger, clock: systemClock, version: '0.0.0-test', onStop() {}});
  rules.load();
  await rules.open();
  return {
    url: server.address,
    catalog,
    etcDirectory,
    async close() {
      await server.close();
      await rules.close();
      await lookups.close();
      await catalog.close();
      await store.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}
