import {join} from 'node:path';
import type {Environment} from '#engine/base/environment-overrides.ts';
import {messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {Settings} from '#engine/base/settings.ts';
import type {SourceKind} from '#engine/language/ast/statement.ts';
import type {Store} from '#engine/store/store.ts';
import {ddlTypeName} from '#engine/values/data-type.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Catalog, SourceDefinition} from './catalog.ts';
import {ConfKeys} from './conf-keys.ts';
import {DeclaredSources, parseCreate} from './declared-sources.ts';
import {DeviceTypings, mergedSchema, sourceType} from './device-typings.ts';
import type {Properties} from './merge-properties.ts';
import {StoredRules} from './stored-rules.ts';

export interface CatalogParts {
  readonly store: Store;
  /** The directory of kuiper.yaml and mqtt_source.yaml. */
  readonly etcDirectory: string;
  /** etc/sources when left out. */
  readonly sourcesDirectory?: string | undefined;
  /** Overrides of the files in etc. */
  readonly environment: Environment;
  readonly logger: Logger;
  /** The properties that sources of a type know, so that the files of etc are checked when they are read. */
  readonly sourceSettings?: ((type: string) => Settings | undefined) | undefined;
}

export type OpenCatalog = Catalog & {
  /**
   * Calls `listener` with the name of each stream or table whose rules must be planned anew: it was replaced, its device model gives it other
   * columns, or a file of etc gives it other properties.
   */
  onSourceChanged(listener: (name: string) => void): void;
  /** Calls `listener` after a table was declared, replaced or dropped. */
  onTablesChanged(listener: () => void): void;
  close(): Promise<void>;
};

/** A file of etc, or a key stored over REST. */
type ChangeCause = 'file' | 'stored';

interface View {
  /** Columns of the device model. */
  readonly types: string;
  readonly properties: Properties;
}

/** Reads everything declared from the store and the files of etc, and keeps watching the files. */
export async function openCatalog(parts: CatalogParts): Promise<OpenCatalog> {
  const {store, etcDirectory, sourcesDirectory = join(etcDirectory, 'sources'), environment, logger, sourceSettings} = parts;
  const sources = await DeclaredSources.open(store, logger);
  const rules = await StoredRules.open(store);
  const confKeys = await ConfKeys.open({store, etcDirectory, sourcesDirectory, environment, logger, sourceSettings});
  const typings = new DeviceTypings({
    etcDirectory,
    sourcesDirectory,
    logger,
    properties: (type, key) => confKeys.sourceProperties(type, key),
    onColumns: () => review('file'),
  });
  await typings.refresh(sources.all());
  const listeners = new Set<(name: string) => void>();
  const tableListeners = new Set<() => void>();
  /** What rules were last planned with, by stream. */
  const views = new Map<string, View>();

  const schema = (definition: SourceDefinition) => {
    const typed = typedSchema(definition);
    views.set(definition.name, viewOf(definition, typed));
    return mergedSchema(definition.declared, typed);
  };
  const typedSchema = (definition: SourceDefinition) => typings.get(definition)?.schema(definition.options.get('DATASOURCE') ?? '');
  const viewOf = (definition: SourceDefinition, typed: StreamSchema | undefined): View => ({
    types: (typed?.columns ?? []).map(({name, type}) => `${name} ${ddlTypeName(type)}`).join(),
    properties: confKeys.sourceProperties(sourceType(definition), definition.options.get('CONF_KEY')),
  });
  const emit = (name: string) => {
    for (const listener of listeners) listener(name);
  };
  const tablesChanged = (kind: SourceKind) => {
    if (kind === 'table') for (const listener of tableListeners) listener();
  };
  /** Tells of the streams that rules would see otherwise than when they were planned. */
  const review = (cause: ChangeCause) => {
    for (const [name, before] of views) {
      const definition = sources.get(name);
      if (!definition) {
        views.delete(name);
        continue;
      }
      try {
        const after = viewOf(definition, typedSchema(definition));
        // A confKey changed over REST reaches rules when they start next, as in eKuiper; new column types at once.
        const changed = before.types !== after.types || (cause === 'file' && !sameProperties(before.properties, after.properties));
        if (!changed) continue;
        views.set(name, after);
        emit(name);
      } catch (thrown) {
        logger.error('stream keeps its columns: its configuration is faulty', {stream: name, error: messageOf(thrown)});
      }
    }
  };
  const refresh = async (cause: ChangeCause) => {
    await typings.refresh(sources.all());
    review(cause);
  };
  confKeys.onFileChange(() => {
    refresh('file').catch(thrown => logger.error('changed configuration does not take effect', {error: messageOf(thrown)}));
  });

  return {
    source: (name, kind) => sources.get(name, kind),
    sources: kind => sources.list(kind),
    async createSource(statement, sql) {
      const definition = await sources.create(statement, sql);
      await typings.prepare(definition);
      tablesChanged(definition.kind);
      return definition;
    },
    async replaceSource(statement, sql) {
      const definition = await sources.replace(statement, sql);
      await typings.prepare(definition);
      tablesChanged(definition.kind);
      emit(definition.name);
      return definition;
    },
    async dropSource(name, kind) {
      views.delete(name);
      await sources.drop(name, kind);
      tablesChanged(kind);
    },
    statement: ({sql}) => parseCreate(sql),

    rules: () => rules.list(),
    rule: id => rules.get(id),
    putRule: (id, text) => rules.put(id, text),
    dropRule: id => rules.drop(id),

    sourceProperties: (type, confKey) => confKeys.sourceProperties(type, confKey),
    connection: (type, selector) => confKeys.connection(type, selector),
    confKeys: (category, type) => confKeys.list(category, type),
    async putConfKey(category, type, key, properties) {
      await confKeys.put(category, type, key, properties);
      await refresh('stored');
    },
    async dropConfKey(category, type, key) {
      await confKeys.drop(category, type, key);
      await refresh('stored');
    },

    deviceTyping: definition => typings.get(definition),
    schema,

    onSourceChanged(listener) {
      listeners.add(listener);
    },
    onTablesChanged(listener) {
      tableListeners.add(listener);
    },
    async close() {
      await Promise.all([confKeys.close(), typings.close()]);
    },
  };
}

/** Device model settings are left out: what they change shows in the types. */
function sameProperties(a: Properties, b: Properties): boolean {
  if (a === b) return true;
  const text = (properties: Properties) =>
    JSON.stringify(Object.entries(properties).filter(([name]) => !/^(kubeedge|onbadvalue)/i.test(name)));
  return text(a) === text(b);
}
