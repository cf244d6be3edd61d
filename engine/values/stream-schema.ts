import {any, type DataType} from './data-type.ts';
import type {Value} from './value.ts';

/** One column of a stream or table. The optional facts come from a device model. */
export interface Column {
  readonly name: string;
  readonly type: DataType;
  /** DEFAULT of the DDL; used by strict validation when the column is absent. */
  readonly defaultValue?: Value;
  readonly description?: string;
  readonly unit?: string;
  readonly accessMode?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * What is known of a stream's rows.
 *
 * `open: true`: rows may have further columns, of type `any` (a schemaless stream has no columns and is open; a stream typed by a device
 * model is open too). `open: false`: declared in the DDL; undeclared payload fields disappear.
 */
export interface StreamSchema {
  readonly columns: readonly Column[];
  readonly open: boolean;
  /** Members of a row that a star leaves out though a rule can name them: the envelope of a device's message. */
  readonly hidden?: readonly string[];
}

export const schemaless: StreamSchema = {columns: [], open: true};

/** The schema of rows that come as they are, without a decoder that enforces the declared types: names hold, types do not. */
export function untypedColumns(schema: StreamSchema): StreamSchema {
  return {...schema, columns: schema.columns.map(column => ({...column, type: any}))};
}
