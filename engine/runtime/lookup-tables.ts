import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import {readSettings} from '#engine/base/settings.ts';
import type {Catalog, SourceDefinition} from '#engine/catalog/catalog.ts';
import type {ConnectorEnvironment, ConnectorRegistry, LookupSource} from '#engine/connectors/connector.ts';
import type {Find} from '#engine/operators/lookup-join.ts';
import {ConnectionLog} from './connection-log.ts';
import {withCache} from './lookup-cache.ts';

interface OpenTable {
  readonly key: string;
  readonly source: LookupSource;
  readonly connectionLog: ConnectionLog;
  users: number;
}

/** One rule's use of a lookup table. */
export interface LookupUse {
  readonly find: (fields: readonly string[] | undefined, keys: readonly string[]) => Find;
  /** Of the system that is asked; undefined before `open`. */
  readonly connectionLog: ConnectionLog | undefined;
  /** Before the first question. */
  open(): void;
  close(): Promise<void>;
}

/**
 * The running lookup tables, one for each distinct (type, address, key, properties). Those that collect their rows run from when they are
 * declared until they are dropped; the others while a rule uses them.
 */
export class LookupTables {
  readonly #catalog: Catalog;
  readonly #connectors: ConnectorRegistry;
  readonly #environment: ConnectorEnvironment;
  readonly #open = new Map<string, OpenTable>();
  /** Declared tables that collect, and the key each runs under. */
  readonly #collecting = new Map<string, string>();

  constructor(catalog: Catalog, connectors: ConnectorRegistry, environment: ConnectorEnvironment) {
    this.#catalog = catalog;
    this.#connectors = connectors;
    this.#environment = environment;
  }

  static isLookup({kind, options}: SourceDefinition): boolean {
    return kind === 'table' && options.get('KIND') === 'lookup';
  }

  /** Starts and ends the tables that collect, so that they are those that are declared. */
  follow(): void {
    const declared = new Map<string, SourceDefinition>();
    for (const definition of this.#catalog.sources('table')) {
      if (LookupTables.isLookup(definition) && this.#connector(definition)?.accumulates) declared.set(definition.name, definition);
    }
    const before = [...this.#collecting];
    for (const [name, definition] of declared) {
      try {
        const key = this.#resolve(definition).key;
        if (this.#collecting.get(name) === key) continue;
        this.#use(definition);
        this.#collecting.set(name, key);
      } catch (thrown) {
        this.#collecting.delete(name);
        this.#environment.logger.error('lookup table does not start', {table: name, error: messageOf(thrown)});
      }
    }
    // What was running is left after what runs now is taken up: a table that is declared anew under the same address keeps its rows.
    for (const [name, key] of before) {
      if (declared.has(name) && this.#collecting.get(name) === key) continue;
      if (!declared.has(name)) this.#collecting.delete(name);
      void this.#leave(key);
    }
  }

  /** Throws an ArrokothError when the table's type, properties or address cannot work. Opens nothing. */
  check(definition: SourceDefinition): void {
    this.#resolve(definition).create();
  }

  use(definition: SourceDefinition): LookupUse {
    const {properties, where} = this.#resolve(definition);
    let open: OpenTable | undefined;
    return {
      get connectionLog() {
        return open?.connectionLog;
      },
      find: (fields, keys) =>
        withCache(
          values => {
            if (open === undefined) throw new Error(`lookup table "${definition.name}" is not open`);
            return open.source.lookup({fields, keys, values});
          },
          properties['lookup'],
          `lookup of ${where}`,
          this.#environment.clock,
        ),
      open: () => {
        open ??= this.#use(definition);
      },
      close: async () => {
        const key = open?.key;
        open = undefined;
        if (key !== undefined) await this.#leave(key);
      },
    };
  }

  async close(): Promise<void> {
    const running = [...this.#open.values()];
    this.#open.clear();
    this.#collecting.clear();
    await Promise.all(running.map(({source}) => source.close()));
  }

  #use(definition: SourceDefinition): OpenTable {
    const {key, create} = this.#resolve(definition);
    let table = this.#open.get(key);
    if (table === undefined) {
      const connectionLog = new ConnectionLog(this.#environment.clock);
      table = {key, source: create(), connectionLog, users: 0};
      this.#open.set(key, table);
      const logger = this.#environment.logger.child({table: definition.name});
      table.source.open({
        connection: status => {
          connectionLog.record(status);
          if (status.state === -1) logger.warn('lookup table is not connected', {reason: status.message});
        },
      });
    }
    table.users++;
    return table;
  }

  async #leave(key: string): Promise<void> {
    const table = this.#open.get(key);
    if (table === undefined || --table.users > 0) return;
    this.#open.delete(key);
    await table.source.close();
  }

  #connector(definition: SourceDefinition) {
    return this.#connectors.lookups?.find(one => one.name === typeOf(definition));
  }

  #resolve(definition: SourceDefinition) {
    const type = typeOf(definition);
    const connector = this.#connector(definition);
    if (connector === undefined) {
      const names = (this.#connectors.lookups ?? []).map(one => one.name);
      const suggestion = nearest(type, names);
      throw new ArrokothError(
        `lookup type "${type}" of table "${definition.name}" is not known${suggestion === undefined ? '' : `, did you mean "${suggestion}"`}`,
        {code: errorCode.executor, hint: `Known types: ${names.join(', ')}.`},
      );
    }
    const {options} = definition;
    const properties: Readonly<Record<string, unknown>> = {
      ...this.#catalog.sourceProperties(type, options.get('CONF_KEY')),
      ...(options.has('EXTRA') ? (JSON.parse(options.get('EXTRA')!) as Record<string, unknown>) : {}),
    };
    const address = {datasource: options.get('DATASOURCE') ?? '', key: options.get('KEY') ?? ''};
    const where = `${type} lookup table "${definition.name}"`;
    const {values: settings} = readSettings(connector.settings, properties, where);
    const {lookup: _, ...shared} = properties;
    const key = JSON.stringify([type, address, shared]);
    return {key, properties, where, create: () => connector.create(address, settings, this.#environment)};
  }
}

function typeOf({options}: SourceDefinition): string {
  return (options.get('TYPE') ?? '').toLowerCase();
}
