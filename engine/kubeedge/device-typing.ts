import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Metadata, Row} from '#engine/values/value.ts';

/**
 * What device models make of one stream: its columns, and each message as a typed row. One object per conf key; shared by every stream and
 * rule that uses it.
 */
export interface DeviceTyping {
  /** Columns of all devices a topic filter can reach (spec kubeedge §3.3, 3a–3c); open. */
  schema(topicFilter: string): StreamSchema;
  /** Topic filters to subscribe to instead of `topicFilter`: both device layouts unless `kubeedgeTopics: exact`. */
  topicFilters(topicFilter: string): readonly string[];
  /**
   * Rows of one message: the original members, the typed columns beside them. Adds device, namespace, event_id, timestamp and expected to
   * `metadata`. `decode` turns the payload into rows when it is not a text line of mapper-framework. Throws an EvaluationError for a message
   * that `onBadValue: error` refuses.
   */
  rows(payload: Uint8Array, topic: string, metadata: Metadata, decode: (payload: Uint8Array) => readonly Row[]): readonly Row[];
  /** Columns a star gives: typed columns only (`twin`, `data` and the envelope stay readable by name). */
  hiddenColumns(): readonly string[];
  /** Counts since start: bad values per device and property, unknown devices and properties, unresolved text lines. */
  report(): DeviceReport;
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
  /** The model file's fault while the last good one stays in force, or undefined. */
  readonly fault: string | undefined;
}
