import {basename, dirname, join} from 'node:path';
import type {Environment} from '#engine/base/environment-overrides.ts';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {Settings} from '#engine/base/settings.ts';
import {watchPaths} from '#engine/base/watch-paths.ts';
import {KeySpace} from '#engine/store/key-space.ts';
import type {Store} from '#engine/store/store.ts';
import type {ConfCategory} from './catalog.ts';
import {readSections, type Sections} from './conf-file.ts';
import {normaliseProperties} from './conf-properties.ts';
import {checkIdentifier} from './identifier.ts';
import {mergeProperties, type Properties} from './merge-properties.ts';

export interface ConfKeysParts {
  readonly store: Store;
  readonly etcDirectory: string;
  /** Where `<type>.yaml` of the sources other than mqtt stand: etc/sources, or a directory of its own. */
  readonly sourcesDirectory: string;
  readonly environment: Environment;
  readonly logger: Logger;
  /** The properties that sources of a type know; files of other types are not checked. */
  readonly sourceSettings?: ((type: string) => Settings | undefined) | undefined;
}

const defaultKey = 'default';

/**
 * Named sets of properties of sources, sinks and connections: sections of the files in etc, and those stored over REST. A stored key keeps its
 * case and wins over the section of the same name in lower case.
 *
 * Files are re-read when they change. A file that became unreadable or disappeared leaves the last good one in force.
 */
export class ConfKeys {
  readonly #parts: ConfKeysParts;
  readonly #space: KeySpace;
  /** By `category.type`, then key. */
  readonly #stored = new Map<string, Map<string, Properties>>();
  /** By path; undefined for a file that is not there. */
  readonly #files = new Map<string, Sections | undefined>();
  readonly #effective = new Map<string, Properties>();
  readonly #listeners = new Set<() => void>();
  #watch: {close(): Promise<void>} | undefined;

  private constructor(parts: ConfKeysParts) {
    this.#parts = parts;
    this.#space = new KeySpace(parts.store, 'confkey');
  }

  /** Reads etc/mqtt_source.yaml at once, so that a fault in it is known at the start. */
  static async open(parts: ConfKeysParts): Promise<ConfKeys> {
    const keys = new ConfKeys(parts);
    for await (const [name, json] of keys.#space.entries()) {
      const [category, type, key] = name.split('/') as [string, string, string];
      keys.#of(`${category}.${type}`).set(key, JSON.parse(json) as Properties);
    }
    const {etcDirectory, sourcesDirectory} = parts;
    keys.#sections('sources', 'mqtt');
    keys.#watch = watchPaths(
      [join(etcDirectory, 'mqtt_source.yaml'), join(etcDirectory, 'connections', 'connection.yaml'), sourcesDirectory],
      () => keys.#reload(),
    );
    return keys;
  }

  /** Calls `listener` after a file of etc changed. */
  onFileChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  /** Defaults ← the key's section ← the stored key ← the connection it selects. An unknown key gives the defaults. */
  sourceProperties(type: string, confKey = defaultKey): Properties {
    const name = `${type}/${confKey}`;
    const known = this.#effective.get(name);
    if (known) return known;
    const sections = this.#sections('sources', type);
    let properties = sections?.get(defaultKey) ?? {};
    for (const layer of [sections?.get(confKey.toLowerCase()), this.#stored.get(`sources.${type}`)?.get(confKey)]) {
      if (layer) properties = mergeProperties(properties, layer);
    }
    const selector = Object.entries(properties).find(([property]) => property.toLowerCase() === 'connectionselector')?.[1];
    if (typeof selector === 'string' && selector !== '') properties = mergeProperties(properties, this.connection(type, selector) ?? {});
    this.#effective.set(name, properties);
    return properties;
  }

  /** Every key of a type with its own properties: sections of the file, stored keys over them. */
  list(category: ConfCategory, type: string): Readonly<Record<string, Properties>> {
    const keys = new Map(this.#sections(category, type) ?? []);
    for (const [key, properties] of this.#stored.get(`${category}.${type}`) ?? []) {
      keys.set(key, mergeProperties(keys.get(key) ?? {}, properties));
    }
    return Object.fromEntries(keys);
  }

  async put(category: ConfCategory, type: string, key: string, properties: Properties): Promise<void> {
    checkIdentifier(key);
    checkIdentifier(type);
    const normalised = normaliseProperties(type, properties);
    await this.#space.put(`${category}/${type}/${key}`, JSON.stringify(normalised));
    this.#of(`${category}.${type}`).set(key, normalised);
    this.#effective.clear();
  }

  async drop(category: ConfCategory, type: string, key: string): Promise<void> {
    checkIdentifier(key);
    const stored = this.#stored.get(`${category}.${type}`);
    if (!stored?.has(key)) {
      const inFile = this.#sections(category, type)?.has(key.toLowerCase());
      throw new ArrokothError(
        inFile
          ? `confKey "${key}" of ${category} "${type}" stands in a file of the etc directory and can be removed there only`
          : `confKey "${key}" of ${category} "${type}" is not found`,
        {code: errorCode.configuration},
      );
    }
    await this.#space.delete(`${category}/${type}/${key}`);
    stored.delete(key);
    this.#effective.clear();
  }

  /**
   * Properties of a named connection, of connection.yaml or stored; undefined when there is none. `edgex.redisMsgBus` names one with its
   * type, `redisMsgBus` one of this type.
   */
  connection(type: string, selector: string): Properties | undefined {
    const [first, ...rest] = selector.split('.');
    const [kind, id] = rest.length === 0 ? [type, first!] : [first!, rest.join('.')];
    const inFile = this.#connections()?.get(kind.toLowerCase());
    const section = Object.entries(inFile ?? {}).find(([name]) => name.toLowerCase() === id.toLowerCase())?.[1] as Properties | undefined;
    const stored = this.#stored.get(`connections.${kind}`)?.get(id);
    return section === undefined && stored === undefined ? undefined : mergeProperties(section ?? {}, stored ?? {});
  }

  #sections(category: ConfCategory, type: string): Sections | undefined {
    // The type is part of a path, and may come from a statement.
    if (!/^[a-zA-Z0-9_-]+$/.test(type)) return undefined;
    const {etcDirectory, sourcesDirectory} = this.#parts;
    switch (category) {
      case 'sources':
        return this.#file(type === 'mqtt' ? join(etcDirectory, 'mqtt_source.yaml') : join(sourcesDirectory, `${type}.yaml`));
      case 'sinks':
        return this.#file(join(etcDirectory, 'sinks', `${type}.yaml`));
      case 'connections': {
        const sections = this.#connections()?.get(type.toLowerCase());
        return sections && new Map(Object.entries(sections) as [string, Properties][]);
      }
    }
  }

  #connections(): Sections | undefined {
    return this.#file(join(this.#parts.etcDirectory, 'connections', 'connection.yaml'));
  }

  #file(path: string): Sections | undefined {
    if (!this.#files.has(path)) {
      const read = this.#read(path);
      this.#files.set(path, read?.sections);
      this.#warn(read?.warnings);
    }
    return this.#files.get(path);
  }

  /** The file's own name begins the names of the variables that override it. */
  #read(path: string): ReturnType<typeof readSections> {
    const {etcDirectory, sourcesDirectory, environment, sourceSettings} = this.#parts;
    const name = basename(path, '.yaml');
    const type = path === join(etcDirectory, 'mqtt_source.yaml') ? 'mqtt' : dirname(path) === sourcesDirectory ? name : undefined;
    return readSections(path, name, environment, type === undefined ? undefined : sourceSettings?.(type));
  }

  #warn(warnings: readonly string[] = []): void {
    for (const warning of warnings) this.#parts.logger.warn(warning);
  }

  #reload(): void {
    const {logger} = this.#parts;
    let changed = false;
    for (const [path, present] of this.#files) {
      try {
        const read = this.#read(path);
        const next = read?.sections;
        if (same(present, next)) continue;
        if (next === undefined) {
          logger.warn('configuration file disappeared; its last content stays in force', {file: path});
          continue;
        }
        this.#files.set(path, next);
        changed = true;
        this.#warn(read?.warnings);
        logger.info('configuration file read again', {file: path});
      } catch (thrown) {
        logger.error('configuration file is faulty; its last good content stays in force', {file: path, error: messageOf(thrown)});
      }
    }
    if (!changed) return;
    this.#effective.clear();
    for (const listener of this.#listeners) listener();
  }

  #of(categoryAndType: string): Map<string, Properties> {
    let keys = this.#stored.get(categoryAndType);
    if (!keys) this.#stored.set(categoryAndType, (keys = new Map()));
    return keys;
  }
}

function same(a: Sections | undefined, b: Sections | undefined): boolean {
  return JSON.stringify(a && [...a]) === JSON.stringify(b && [...b]);
}
