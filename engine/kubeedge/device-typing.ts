import type {Column, StreamSchema} from '#engine/values/stream-schema.ts';
import type {Metadata, Row} from '#engine/values/value.ts';

/**
 * What device models make of one stream: its columns, and each message as a typed row. One object per conf key; shared by every stream and
 * rule that uses it.
 */
export interface DeviceTyping {
  /** Columns of all devices a topic filter can reach; open. */
  schema(topicFilter: string): StreamSchema;
  /** Topic filters to subscribe to instead of `topicFilter`: both device layouts unless `kubeedgeTopics: exact`. */
  topicFilters(topicFilter: string): readonly string[];
  /**
   * Rows of one message: the original members, the typed columns beside them. Adds device, namespace, event_id, timestamp and expected to
   * `metadata`. `decode` turns the payload into rows when it is not a text line of mapper-framework; those are not changed. Throws an
   * EvaluationError for a message that `onBadValue: error` refuses.
   *
   * `scope` is the stream the rows are for: pass the same object with every message. Without it columns are typed by the device's own model
   * alone, which is right as long as the stream declares no columns and all its devices type a column alike.
   */
  rows(
    payload: Uint8Array,
    topic: string,
    metadata: Metadata,
    decode: (payload: Uint8Array) => readonly Row[],
    scope?: TypingScope,
  ): readonly Row[];
  /** Columns a star gives: typed columns only (`twin`, `data` and the envelope stay readable by name). */
  hiddenColumns(): readonly string[];
  /** Counts since start: bad values per device and property, unknown devices and properties, unresolved text lines. */
  report(): DeviceReport;
}

/** What of a stream decides the form of its typed columns. */
export interface TypingScope {
  /** Its DATASOURCE: the devices it can reach share its columns. */
  readonly topicFilter: string;
  /** Columns of its DDL, which win over the model's. */
  readonly declared: readonly Column[];
}

export interface DeviceReport {
  readonly badValues: readonly {
    readonly device: string;
    readonly property: string;
    readonly reason: string;
    readonly count: number;
    readonly last: string;
  }[];
  readonly unknownDevices: number;
  readonly unknownProperties: number;
  readonly unresolvedLines: number;
  /** What the model files say that cannot be used, and columns that stay untyped because models type them differently. */
  readonly warnings: readonly string[];
  /** The model file's fault while the last good one stays in force, or undefined. */
  readonly fault: string | undefined;
}
