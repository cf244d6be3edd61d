import {mkdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {ArrokothError, errorCode, messageOf} from './base/errors.ts';
import {createLogger, type LogLevel} from './base/pino-logger.ts';
import {targetGuard} from './base/private-network.ts';
import {systemClock} from './base/system-clock.ts';
import {loadZstd} from './base/zstd.ts';
import {openCatalog} from './catalog/open-catalog.ts';
import type {ConnectorEnvironment} from './connectors/connector.ts';
import {createMemoryBus} from './connectors/memory-bus.ts';
import {lookupConnectors, sinkConnectors, sourceConnectors} from './connectors/registry.ts';
import {LookupTables} from './runtime/lookup-tables.ts';
import {RuleRegistry} from './runtime/rule-registry.ts';
import {SourcePool} from './runtime/source-pool.ts';
import {startServer} from './server/server.ts';
import {loadSettings} from './settings.ts';
import {openLevelStore} from './store/level-store.ts';

const help = `arrokoth-engine: streaming SQL rules with the REST API of eKuiper

  --etc DIR      configuration: kuiper.yaml, mqtt_source.yaml (default configs/etc)
  --sources DIR  device model files and the files of other sources (default DIR/sources)
  --data DIR     what must survive a restart (default ./data)
  --version      prints the version
  --help         prints this

Every key of the files can be set from the environment: KUIPER__BASIC__RESTPORT=9091, MQTT_SOURCE__DEFAULT__SERVER=tcp://broker:1883
`;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {version: string};

async function run(): Promise<void> {
  const options = readOptions();
  if (options.help || options.version) {
    process.stdout.write(options.help ? help : `${version}\n`);
    return;
  }
  const etcDirectory = path.resolve(options.etc);
  const dataDirectory = path.resolve(options.data);
  const sourcesDirectory = path.resolve(options.sources ?? path.join(etcDirectory, 'sources'));
  if (!statSync(etcDirectory, {throwIfNoEntry: false})?.isDirectory()) {
    throw new ArrokothError(`the configuration directory "${etcDirectory}" does not exist`, {
      hint: 'Name the directory of kuiper.yaml and mqtt_source.yaml with --etc.',
    });
  }
  const {settings, ruleDefaults, warnings} = loadSettings({etcDirectory, environment: process.env});
  const logger = createLogger({level: settings.basic.debug ? 'debug' : levelOf(settings.basic.logLevel)});
  for (const warning of warnings) logger.warn(warning);

  // Ground first: store, what is declared, what runs, then the door.
  makeDirectory(dataDirectory);
  const storeDirectory = path.join(dataDirectory, 'store');
  const store = await openLevelStore(storeDirectory);
  const catalog = await openCatalog({
    store,
    etcDirectory,
    environment: process.env,
    sourcesDirectory,
    logger,
    sourceSettings: type => sourceConnectors.find(({name}) => name === type)?.settings,
  });
  const environment: ConnectorEnvironment = {
    clock: systemClock,
    logger,
    dataDirectory,
    etcDirectory,
    reservedDirectories: [storeDirectory, etcDirectory],
    allowExternalFileAccess: settings.basic.allowExternalFileAccess,
    checkTarget: targetGuard({allowPrivate: settings.basic.enablePrivateNet}),
    bus: createMemoryBus(),
  };
  const connectors = {sources: sourceConnectors, sinks: sinkConnectors, lookups: lookupConnectors};
  const lookups = new LookupTables(catalog, connectors, environment);
  lookups.follow();
  catalog.onTablesChanged(() => lookups.follow());
  const timeZone = settings.basic.timezone === 'Local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : settings.basic.timezone;
  const rules = new RuleRegistry({
    catalog,
    connectors,
    lookups,
    pool: new SourcePool(catalog, connectors, environment, timeZone),
    environment,
    clock: systemClock,
    logger,
    timeZone,
    optionDefaults: ruleDefaults,
    patrolIntervalMs: settings.basic.rulePatrolInterval,
  });
  await loadZstd();
  rules.load();
  catalog.onSourceChanged(name => rules.sourceChanged(name));

  const stop = once(async () => {
    logger.info('stopping');
    const hurry = setTimeout(() => process.exit(1), settings.basic.gracefulShutdownTimeout + 2000);
    await server.close();
    await rules.close();
    await lookups.close();
    await catalog.close();
    await store.close();
    clearTimeout(hurry);
    process.exit(0);
  });
  const server = await startServer({
    settings,
    catalog,
    rules,
    logger,
    clock: systemClock,
    version,
    onStop: () => void stop(),
    setLogLevel: level => logger.setLevel(levelOf(level)),
  });
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  logger.info('listening', {version, address: server.address});
  await rules.open();
  logger.info('rules taken up', {rules: rules.list().length});
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        etc: {type: 'string', default: path.join(root, 'configs/etc')},
        sources: {type: 'string'},
        data: {type: 'string', default: './data'},
        version: {type: 'boolean'},
        help: {type: 'boolean', short: 'h'},
      },
    }).values;
  } catch (thrown) {
    const reason = messageOf(thrown);
    throw new ArrokothError(reason.charAt(0).toLowerCase() + reason.slice(1), {hint: 'See arrokoth-engine --help.', cause: thrown});
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, {recursive: true});
  } catch (thrown) {
    throw new ArrokothError(`could not make the data directory "${directory}": ${messageOf(thrown)}`, {
      code: errorCode.io,
      hint: 'The engine needs a data directory it may write to (--data).',
      cause: thrown,
    });
  }
}

function levelOf(name: string): LogLevel {
  const levels: Readonly<Record<string, LogLevel>> = {trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', warning: 'warn'};
  return levels[name] ?? 'error';
}

function once(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= task());
}

await run().catch(thrown => {
  // A fault of the user's is told in words; a defect with its stack.
  const text =
    thrown instanceof ArrokothError ? [thrown.message, thrown.hint] : [thrown instanceof Error ? thrown.stack : messageOf(thrown)];
  process.stderr.write(`${text.filter(line => line !== undefined).join('\n')}\n`);
  process.exit(1);
});
