import {EvaluationError} from '#engine/base/errors.ts';
import {decimalText} from '#engine/values/float-text.ts';
import {toGoJson} from '#engine/values/json-text.ts';
import {isDateTime} from '#engine/values/type-name.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';
import {type TemplateFunction, templateFunction} from './template-function.ts';

const json = templateFunction(1, value => toGoJson(value ?? null));

/** JSON and base64. */
export const encodingFunctions: Readonly<Record<string, TemplateFunction>> = {
  json,
  toJson: json,
  base64: templateFunction(1, value => Buffer.from(textToEncode(value)).toString('base64')),
};

function textToEncode(value: TemplateValue): string {
  if (value === null || value === undefined) throw new EvaluationError('based64 error for nil');
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return decimalText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) || value instanceof Uint8Array || isDateTime(value))
    throw new EvaluationError(`Unsupported data type ${goTypeOf(value)} for base64 function.`);
  return toGoJson(value);
}
