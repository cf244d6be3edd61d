import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import {readSettings} from '#engine/base/settings.ts';
import type {Catalog, SourceDefinition} from '#engine/catalog/catalog.ts';
import type {ConnectorEnvironment, ConnectorRegistry} from '#engine/connectors/connector.ts';
import type {FormatOptions} from '#engine/formats/format.ts';
import {findFormat} from '#engine/formats/registry.ts';
import {compileStrictValidation} from '#engine/formats/strict-validation.ts';
import {type DataType, struct} from '#engine/values/data-type.ts';
import {type StreamSchema, schemaless} from '#engine/values/stream-schema.ts';
import {selectedConnection} from './selected-connection.ts';
import {SharedSource} from './shared-source.ts';
import type {Columns} from './subscription.ts';

/**
 * The running sources, one for each distinct (type, properties, topic, format, columns): streams and rules that agree on all of these share
 * one, whatever their SHARED option says.
 */
export class SourcePool {
  readonly #catalog: Catalog;
  readonly #environment: ConnectorEnvironment;
  readonly #connectors: ConnectorRegistry;
  readonly #open = new Map<string, SharedSource>();

  readonly #timeZone: string;

  constructor(catalog: Catalog, connectors: ConnectorRegistry, environment: ConnectorEnvironment, timeZone: string) {
    this.#timeZone = timeZone;
    this.#catalog = catalog;
    this.#connectors = connectors;
    this.#environment = environment;
  }

  /** Throws an ArrokothError when the stream's type, properties, address or format cannot work. */
  source(definition: SourceDefinition): SharedSource {
    const {connector, datasource, settings, format, options, key} = this.#resolve(definition);
    const running = this.#open.get(key);
    if (running) return running;
    const {logger, clock} = this.#environment;
    const typing = this.#catalog.deviceTyping(definition);
    const address =
      typing === undefined ? datasource : unique(datasource.split(',').flatMap(filter => typing.topicFilters(filter.trim()))).join(',');
    const shared: SharedSource = new SharedSource({
      source: connector.create(address, settings, this.#environment),
      reading: columns => ({
        decoder:
          connector.delivers === 'bytes'
            ? format.decoder(some(decodedSchema(definition, typing !== undefined), columns), options)
            : undefined,
        validate: isStrict(definition)
          ? compileStrictValidation(some(definition.declared, columns), {
              pattern: definition.options.get('TIMESTAMP_FORMAT') ?? '',
              zone: this.#timeZone,
              present: clock,
            })
          : undefined,
      }),
      typing,
      typingScope: {topicFilter: datasource, declared: definition.declared.columns},
      clock,
      logger: logger.child({stream: definition.name}),
      onIdle: (): Promise<void> => {
        if (this.#open.get(key) === shared) this.#open.delete(key);
        return shared.close();
      },
    });
    this.#open.set(key, shared);
    return shared;
  }

  /** Whether the stream's rows come as they are, from other rules, without being decoded by its declared columns. */
  givesRows(definition: SourceDefinition): boolean {
    return this.#connectors.sources.find(one => one.name === typeOf(definition))?.delivers === 'rows';
  }

  /** Checks without opening anything: also what only the making of the source finds, such as a certificate that is not there. */
  check(definition: SourceDefinition): void {
    const {connector, datasource, settings, key} = this.#resolve(definition);
    if (!this.#open.has(key)) connector.create(datasource, settings, this.#environment);
  }

  #resolve(definition: SourceDefinition) {
    const type = typeOf(definition);
    const connector = this.#connectors.sources.find(one => one.name === type);
    if (!connector) {
      const suggestion = nearest(
        type,
        this.#connectors.sources.map(one => one.name),
      );
      throw new ArrokothError(
        `source type "${type}" of stream "${definition.name}" is not known${suggestion === undefined ? '' : `, did you mean "${suggestion}"`}`,
        {
          code: errorCode.executor,
        },
      );
    }
    const datasource = definition.options.get('DATASOURCE') ?? '';
    const fault = connector.checkDatasource?.(datasource);
    if (fault !== undefined) throw new ArrokothError(`stream "${definition.name}": ${fault}`, {code: errorCode.executor});
    const properties = {
      ...this.#catalog.sourceProperties(type, definition.options.get('CONF_KEY')),
      ...(definition.options.has('EXTRA') ? (JSON.parse(definition.options.get('EXTRA')!) as Record<string, unknown>) : {}),
    };
    selectedConnection(this.#catalog, type, properties, `${type} source of stream "${definition.name}"`);
    const {values: settings} = readSettings(connector.settings, properties, `${type} source of stream "${definition.name}"`);
    const formatName = (definition.options.get('FORMAT') ?? 'json').toLowerCase();
    const format = findFormat(formatName);
    if (!format) throw new ArrokothError(`format type ${formatName} not supported`, {code: errorCode.executor});
    const options: FormatOptions = {
      delimiter: definition.options.get('DELIMITER') ?? (typeof properties['delimiter'] === 'string' ? properties['delimiter'] : ','),
      fields: Array.isArray(properties['fields']) ? properties['fields'].map(String) : [],
      hasHeader: properties['hasHeader'] === true,
      wholeNumbersAsInt: properties['useInt64ForWholeNumber'] === true,
    };
    const strict = isStrict(definition) ? ['strict', definition.options.get('TIMESTAMP_FORMAT')] : [];
    const key = JSON.stringify([type, datasource, properties, formatName, options, definition.declared, strict], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    return {connector, datasource, settings, format, options, key};
  }
}

function isStrict(definition: SourceDefinition): boolean {
  return definition.options.get('STRICT_VALIDATION')?.toUpperCase() === 'TRUE' && definition.declared.columns.length > 0;
}

/**
 * Under a device model the payload's own members are read beside the declared columns. Strict validation sees texts of the text formats as
 * texts: it does not guess.
 */
function decodedSchema({declared, options}: SourceDefinition, hasModel: boolean): StreamSchema {
  if (options.get('STRICT_VALIDATION')?.toUpperCase() === 'TRUE' && (options.get('FORMAT') ?? 'json').toLowerCase() !== 'json')
    return schemaless;
  return hasModel ? {...declared, open: true} : declared;
}

/** Of the declared columns those that are read, with the members that are. */
function some(schema: StreamSchema, reads: Columns): StreamSchema {
  return reads === 'all' ? schema : {...schema, columns: readOf(schema.columns, reads)};
}

/** A path that ends at a name reads all of it. */
function readOf<T extends {readonly name: string; readonly type: DataType}>(
  slots: readonly T[],
  paths: readonly (readonly string[])[],
): T[] {
  return slots.flatMap(slot => {
    const below = paths.filter(([first]) => first === slot.name).map(path => path.slice(1));
    if (below.length === 0) return [];
    const {type} = slot;
    if (type.kind !== 'struct' || type.fields === undefined || below.some(path => path.length === 0)) return [slot];
    return [{...slot, type: struct(readOf(type.fields, below))}];
  });
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

function typeOf({kind, options}: SourceDefinition): string {
  return (options.get('TYPE') ?? (kind === 'table' ? 'file' : 'mqtt')).toLowerCase();
}
