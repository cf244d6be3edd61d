/**
 * The static type of an expression or column. `any` means known only at run time.
 * Wire names of DDL (bigint, boolean, bytea …) are mapped in `ddlTypeName`.
 */
export type DataType =
  | {readonly kind: 'int' | 'float' | 'string' | 'boolean' | 'datetime' | 'bytea' | 'any'}
  | {readonly kind: 'array'; readonly element: DataType}
  | {readonly kind: 'struct'; readonly fields: readonly StructField[] | undefined};

export interface StructField {
  readonly name: string;
  readonly type: DataType;
}

export const int: DataType = {kind: 'int'};
export const float: DataType = {kind: 'float'};
export const string: DataType = {kind: 'string'};
export const boolean: DataType = {kind: 'boolean'};
export const datetime: DataType = {kind: 'datetime'};
export const bytea: DataType = {kind: 'bytea'};
export const any: DataType = {kind: 'any'};
export const arrayOf = (element: DataType): DataType => ({kind: 'array', element});
export const struct = (fields?: readonly StructField[]): DataType => ({kind: 'struct', fields});

/** Whether two types are the same, element by element. */
export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'array') return sameType(a.element, (b as typeof a).element);
  if (a.kind !== 'struct') return true;
  const other = (b as typeof a).fields;
  if (a.fields === undefined || other === undefined) return a.fields === other;
  return (
    a.fields.length === other.length && a.fields.every((field, i) => field.name === other[i]!.name && sameType(field.type, other[i]!.type))
  );
}

/** The type's name in DDL and REST answers: `bigint`, `float`, `array(bigint)` … */
export function ddlTypeName(type: DataType): string {
  switch (type.kind) {
    case 'int':
      return 'bigint';
    case 'array':
      return `array(${ddlTypeName(type.element)})`;
    case 'struct':
      return `struct(${(type.fields ?? []).map(field => `${field.name} ${ddlTypeName(field.type)}`).join(', ')})`;
    default:
      return type.kind;
  }
}
