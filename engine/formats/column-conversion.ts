import {EvaluationError} from '#engine/base/errors.ts';
import type {DataType} from '#engine/values/data-type.ts';
import {floatText} from '#engine/values/float-text.ts';
import {defineMember} from '#engine/values/member.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Row, Value} from '#engine/values/value.ts';

/**
 * Converts a decoded value to a column's type (without strict validation); `path` names it in errors. Whole numbers come as
 * bigint when they were read exactly, or as a number that is known to have been written without fraction.
 */
type Convert = (value: Value, path: string) => Value;

/** Where decoded objects come from. */
export interface RowConversionOptions {
  /** Whether every whole number is a bigint; otherwise a number without fraction is known to have been written as one. */
  readonly isExact: boolean;
  /** Applied to what has no declared type: undeclared columns of an open schema, members of an open struct. It may change its argument. */
  readonly untyped: (value: Value) => Value;
}

/**
 * Makes rows of a schema out of decoded objects. A closed schema keeps the declared columns only; an open one converts them and passes the
 * others. null fits every type. Throws an EvaluationError at the first value that does not fit.
 */
export function compileRowConversion(
  schema: StreamSchema,
  options: RowConversionOptions = {isExact: false, untyped: same},
): (object: Row) => Row {
  const {untyped} = options;
  if (schema.columns.length === 0) {
    if (!schema.open) return () => ({});
    return untyped === same ? object => object : object => untyped(object) as Row;
  }
  const columns = schema.columns.map(({name, type}) => ({
    name,
    convert: conversionTo(type, true, options),
    isSafeName: !(name in Object.prototype),
  }));
  const read = (object: Row, column: (typeof columns)[number]): Value | undefined => {
    const value = column.isSafeName || Object.hasOwn(object, column.name) ? object[column.name] : undefined;
    return value === undefined || value === null ? value : column.convert(value, column.name);
  };

  if (!schema.open) {
    return object => {
      const row: Row = {};
      for (const column of columns) {
        const value = read(object, column);
        if (value === undefined) continue;
        if (column.isSafeName) row[column.name] = value;
        else defineMember(row, column.name, value);
      }
      return row;
    };
  }
  return object => {
    const converted = columns.map(column => read(object, column));
    const row = untyped(object) as Row;
    for (const [i, value] of converted.entries()) if (value !== undefined) defineMember(row, columns[i]!.name, value);
    return row;
  };
}

/** Whether a value of the type may depend on how a number was written. */
export function needsExactNumbers(type: DataType): boolean {
  if (type.kind === 'array') return needsExactNumbers(type.element);
  if (type.kind === 'struct') return type.fields?.some(field => needsExactNumbers(field.type)) ?? false;
  return type.kind === 'int';
}

const same = (value: Value): Value => value;

/** `isColumn`: the slot has a static type; elements and members have none, so that their ints stay bigint. */
function conversionTo(type: DataType, isColumn: boolean, options: RowConversionOptions): Convert {
  switch (type.kind) {
    case 'int':
      return options.isExact ? (isColumn ? exactToIntColumn : exactToIntElement) : isColumn ? toIntColumn : toIntElement;
    case 'float':
      return toFloat;
    case 'string':
      return toText;
    case 'boolean':
      return toBoolean;
    case 'datetime':
      return toDatetime;
    case 'bytea':
      return toBytes;
    case 'array':
      return arrayConversion(type.element, options);
    case 'struct':
      return structConversion(type, options);
    case 'any':
      return options.untyped;
  }
}

function toIntColumn(value: Value, path: string): Value {
  // + 0 turns −0 into 0.
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : exactToIntColumn(value, path);
}

function exactToIntColumn(value: Value, path: string): Value {
  if (typeof value !== 'bigint') throw notInt(value, path);
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : checkRange(value, path);
}

function toIntElement(value: Value, path: string): Value {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : exactToIntElement(value, path);
}

function exactToIntElement(value: Value, path: string): Value {
  if (typeof value !== 'bigint') throw notInt(value, path);
  return checkRange(value, path);
}

function notInt(value: Value, path: string): EvaluationError {
  if (typeof value !== 'number') return wrongType(value, path, 'bigint');
  return new EvaluationError(`${path}: ${value} has a fraction, an exponent or too many digits, expect:bigint`);
}

function checkRange(value: bigint, path: string): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new EvaluationError(`${path}: ${value} is beyond the 64 bits of a bigint`);
  return value;
}

function toFloat(value: Value, path: string): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw wrongType(value, path, 'float');
}

function toText(value: Value, path: string): Value {
  if (typeof value === 'string') return value;
  // eKuiper prints every number as a float here: 100000000 becomes 1e+08.
  if (typeof value === 'number' || typeof value === 'bigint') return floatText(Number(value));
  throw wrongType(value, path, 'string');
}

const booleanTexts = new Map<string, boolean>([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map(text => [text, false] as const),
]);

function toBoolean(value: Value, path: string): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  const read = typeof value === 'string' ? booleanTexts.get(value) : undefined;
  if (read === undefined) throw wrongType(value, path, 'boolean');
  return read;
}

/** Numbers and text stay: strict validation or the date functions make instants of them. */
function toDatetime(value: Value, path: string): Value {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  throw wrongType(value, path, 'datetime');
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function toBytes(value: Value, path: string): Value {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value, base64.test(value) ? 'base64' : 'utf8');
  throw wrongType(value, path, 'bytea');
}

function arrayConversion(element: DataType, options: RowConversionOptions): Convert {
  const convert = conversionTo(element, false, options);
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongType(value, path, 'array');
    return value.map((item: Value, i) => (item === null ? null : convert(item, `${path}[${i}]`)));
  };
}

function structConversion({fields}: Extract<DataType, {kind: 'struct'}>, options: RowConversionOptions): Convert {
  const members = fields?.map(({name, type}) => ({name, convert: conversionTo(type, false, options)}));
  return (value, path) => {
    if (!isObject(value)) throw wrongType(value, path, 'struct');
    if (members === undefined) return options.untyped(value);
    const kept: Row = {};
    for (const {name, convert} of members) {
      if (!Object.hasOwn(value, name)) continue;
      const member = value[name]!;
      defineMember(kept, name, member === null ? null : convert(member, `${path}.${name}`));
    }
    return kept;
  };
}

/** The sentence eKuiper's JSON reader says, with its names of the types. */
function wrongType(value: Value, path: string, expected: string): EvaluationError {
  return new EvaluationError(`${path} has wrong type:${jsonTypeName(value)}, expect:${expected}`);
}

function jsonTypeName(value: Value): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? String(value) : typeof value;
}

function isObject(value: Value): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}
