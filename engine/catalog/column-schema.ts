import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {Expression} from '#engine/language/ast/expression.ts';
import type {ColumnDefinition, ColumnType} from '#engine/language/ast/statement.ts';
import {toBoolean, toFloat, toInt, toStringValue} from '#engine/values/coercion.ts';
import {arrayOf, boolean, bytea, type DataType, datetime, float, int, string, struct} from '#engine/values/data-type.ts';
import {narrow} from '#engine/values/int.ts';
import type {Column, StreamSchema} from '#engine/values/stream-schema.ts';
import {schemaless} from '#engine/values/stream-schema.ts';
import type {Value} from '#engine/values/value.ts';

const scalars = {bigint: int, float, string, datetime, boolean, bytea} as const;

/** The columns of a CREATE statement; `()` is open. Throws an ArrokothError for a DEFAULT that is not of its column's type. */
export function declaredSchema(columns: readonly ColumnDefinition[]): StreamSchema {
  return columns.length === 0 ? schemaless : {columns: columns.map(declaredColumn), open: false};
}

function declaredColumn({name, type, defaultValue}: ColumnDefinition): Column {
  const column = {name, type: dataType(type)};
  return defaultValue === undefined ? column : {...column, defaultValue: defaultOf(column, literal(defaultValue))};
}

/** The literal after DEFAULT as a value of the column's type: `DEFAULT "5"` is an int of a bigint column. */
function defaultOf({name, type}: Column, value: Value): Value {
  try {
    switch (type.kind) {
      case 'int':
        return narrow(toInt(value, typeof value === 'number' ? 'strict' : 'all'));
      case 'float':
        return toFloat(value, 'all');
      case 'string':
        return toStringValue(value, 'all');
      case 'boolean':
        return toBoolean(value, 'all');
      default:
        return value;
    }
  } catch (thrown) {
    throw new ArrokothError(`the DEFAULT of column "${name}" is not of its type: ${messageOf(thrown)}`, {code: errorCode.streamProcessor});
  }
}

function dataType(type: ColumnType): DataType {
  switch (type.kind) {
    case 'array':
      return arrayOf(dataType(type.element));
    case 'struct':
      return struct(type.fields.map(({name, type: member}) => ({name, type: dataType(member)})));
    default:
      return scalars[type.kind];
  }
}

function literal(expression: Expression): Value {
  switch (expression.kind) {
    case 'integer':
    case 'float':
    case 'string':
    case 'boolean':
      return expression.value;
    default:
      // The grammar allows nothing else after DEFAULT.
      return null;
  }
}
