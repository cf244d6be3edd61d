import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Row} from '#engine/values/value.ts';

/** Options of a FORMAT from the stream or the action. */
export interface FormatOptions {
  readonly delimiter: string;
  readonly fields: readonly string[];
  readonly hasHeader: boolean;
  /** JSON: decode whole numbers of untyped columns as int (bigint). */
  readonly wholeNumbersAsInt: boolean;
}

/**
 * Turns payloads into rows. A payload that does not fit throws an EvaluationError that says where (`a has wrong type:string, expect:bigint`);
 * it costs that payload only. Made once per shared source and reused for every payload.
 */
export interface Decoder {
  decode(payload: Uint8Array): readonly Row[];
}

/** Turns one sink message (a row, or a collection) into bytes or text. */
export interface Encoder {
  encode(data: Row | readonly Row[]): string | Uint8Array;
}

export interface Format {
  /** Lower case name of FORMAT. */
  readonly name: string;
  readonly summary: string;
  /** With an open schema every column passes; declared columns are converted, values come in the form the column's type asks. */
  decoder(schema: StreamSchema, options: FormatOptions): Decoder;
  encoder(options: FormatOptions): Encoder;
}
