import type {ColumnType} from '../ast/statement.ts';

/** Keys of WITH, in the order of the reference. */
export const optionKeys = [
  'DATASOURCE',
  'FORMAT',
  'KEY',
  'CONF_KEY',
  'SHARED',
  'STRICT_VALIDATION',
  'TYPE',
  'TIMESTAMP',
  'TIMESTAMP_FORMAT',
  'RETAIN_SIZE',
  'SCHEMAID',
  'EXTRA',
  'VERSION',
  'TEMP',
  'KIND',
  'DELIMITER',
] as const;

/** The column types that stand alone; ARRAY(T) and STRUCT(name T, …) are the others. */
export const basicTypes = ['bigint', 'float', 'string', 'datetime', 'boolean', 'bytea'] as const satisfies readonly ColumnType['kind'][];

/** What other databases call the types. */
export const foreignTypes: Readonly<Record<string, string>> = {
  int: 'BIGINT',
  integer: 'BIGINT',
  smallint: 'BIGINT',
  long: 'BIGINT',
  double: 'FLOAT',
  real: 'FLOAT',
  decimal: 'FLOAT',
  number: 'FLOAT',
  numeric: 'FLOAT',
  text: 'STRING',
  varchar: 'STRING',
  char: 'STRING',
  bool: 'BOOLEAN',
  timestamp: 'DATETIME',
  date: 'DATETIME',
  time: 'DATETIME',
  bytes: 'BYTEA',
  binary: 'BYTEA',
  blob: 'BYTEA',
  list: 'ARRAY(T)',
  object: 'STRUCT(name T, …)',
  map: 'STRUCT(name T, …)',
  json: 'STRUCT(name T, …)',
};
