import {EvaluationError} from '#engine/base/errors.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {compileRowConversion} from './column-conversion.ts';

const wholeNumber = /^[+-]?\d{1,19}$/;
const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * As `compileRowConversion` for formats whose values are all text: text that spells a number is read where the column is one. (eKuiper
 * leaves it text, which then fails in the first expression that uses the column.)
 */
export function compileTextConversion(schema: StreamSchema): (row: Row) => Row {
  const convert = compileRowConversion(schema);
  const numeric = schema.columns.filter(({type}) => type.kind === 'int' || type.kind === 'float');
  if (numeric.length === 0) return convert;
  return row => {
    for (const {name, type} of numeric) {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      if (typeof value === 'string') row[name] = type.kind === 'int' ? readInt(value, name) : readFloat(value, name);
    }
    return convert(row);
  };
}

function readInt(text: string, name: string): Value {
  if (!wholeNumber.test(text)) throw new EvaluationError(`${name} has wrong type:string, expect:bigint`);
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}

function readFloat(text: string, name: string): Value {
  if (!decimalNumber.test(text)) throw new EvaluationError(`${name} has wrong type:string, expect:float`);
  return Number(text);
}
