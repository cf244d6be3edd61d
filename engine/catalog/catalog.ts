import type {DeviceTyping} from '#engine/kubeedge/device-typing.ts';
import type {CreateStatement, SourceKind} from '#engine/language/ast/statement.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';

/** A stream or table as declared. `options` are the effective ones with upper-case keys; absent keys were not written. */
export interface SourceDefinition {
  readonly name: string;
  readonly kind: SourceKind;
  /** The CREATE statement, verbatim. */
  readonly sql: string;
  readonly options: ReadonlyMap<string, string>;
  /** Columns as declared; `declared.columns` empty and open for `()`. */
  readonly declared: StreamSchema;
  readonly temporary: boolean;
}

/** What is declared. Reads are synchronous and in memory; writes resolve when they are on disk. */
export interface Catalog {
  source(name: string, kind?: SourceKind): SourceDefinition | undefined;
  sources(kind: SourceKind): readonly SourceDefinition[];
  /** Throws when the name exists (`Item demo already exists.`) or an option is wrong. */
  createSource(statement: CreateStatement, sql: string): Promise<SourceDefinition>;
  replaceSource(statement: CreateStatement, sql: string): Promise<SourceDefinition>;
  dropSource(name: string, kind: SourceKind): Promise<void>;
  /** The tree of a declared source, parsed again from its text. */
  statement(definition: SourceDefinition): CreateStatement;

  /** Stored rule texts in the order they were created. */
  rules(): readonly {readonly id: string; readonly text: string}[];
  rule(id: string): string | undefined;
  putRule(id: string, text: string): Promise<void>;
  dropRule(id: string): Promise<void>;

  /** Effective properties of a source type's conf key: defaults ← etc file ← stored confKey. Unknown key: the defaults. */
  sourceProperties(type: string, confKey: string | undefined): Readonly<Record<string, unknown>>;
  /** Properties of the connection that `connectionSelector` names, or undefined. */
  connection(type: string, selector: string): Readonly<Record<string, unknown>> | undefined;
  confKeys(category: ConfCategory, type: string): Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  putConfKey(category: ConfCategory, type: string, key: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
  dropConfKey(category: ConfCategory, type: string, key: string): Promise<void>;

  /** The device typing of a stream's conf key, or undefined when it names no model. Shared by all streams of the key. */
  deviceTyping(definition: SourceDefinition): DeviceTyping | undefined;
  /** The schema a rule sees: declared columns over the device model's. */
  schema(definition: SourceDefinition): StreamSchema;
}

export type ConfCategory = 'sources' | 'sinks' | 'connections';
