/** GET /streamdetails, /tabledetails. */
export interface SourceDetail {
  readonly name: string;
  readonly type: string;
  readonly format: string;
}

/** GET /streams/{name}, /tables/{name}. */
export interface SourceDescription {
  readonly Name: string;
  /** Null without columns. */
  readonly StreamFields: readonly FieldDescription[] | null;
  readonly Options: Readonly<Record<string, string | number | boolean>>;
  /** 0 stream, 1 table. */
  readonly StreamType: 0 | 1;
  readonly Statement: null;
}

/** The facts after DefaultClause come from a device model and are absent without one. */
export interface FieldDescription {
  readonly FieldType: FieldType;
  readonly Name: string;
  readonly DefaultClause?: string;
  readonly Description?: string;
  readonly Unit?: string;
  readonly AccessMode?: string;
  readonly Minimum?: number;
  readonly Maximum?: number;
}

export type FieldType =
  | string
  | {readonly Type: 'array'; readonly ElementType: FieldType}
  | {readonly Type: 'struct'; readonly Fields: readonly {readonly FieldType: FieldType; readonly Name: string}[]};

/** GET /streams/{name}/schema: by column. */
export type SchemaAnswer = Readonly<Record<string, SchemaField>>;

export interface SchemaField {
  readonly type?: string;
  readonly items?: SchemaField;
  readonly properties?: SchemaAnswer;
  readonly index: number;
  readonly description?: string;
  readonly unit?: string;
  readonly accessMode?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
