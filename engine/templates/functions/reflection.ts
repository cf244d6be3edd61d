import {isDateTime} from '#engine/values/type-name.ts';
import {deepEqual} from '../deep.ts';
import {goTypeOf, Opaque, type TemplateValue} from '../template-value.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's functions on types. There is one type of int, int64. */
export const reflectionFunctions: TemplateFamily = {
  title: 'Types',
  functions: {
    typeOf: define('The type of a value in Go.', '{{typeOf 1.5}} {{typeOf (list)}}', 1, goTypeOf),
    typeIs: define('Whether a value is of a type.', '{{typeIs "string" "a"}}', 2, (name, value) => goTypeOf(value) === textArgument(name)),
    typeIsLike: define(
      'Whether a value is of a type or points to it.',
      '{{typeIsLike "float64" 1.5}}',
      2,
      (name, value) => goTypeOf(value).replace(/^\*/, '') === textArgument(name).replace(/^\*/, ''),
    ),
    kindOf: define('The kind of a value in Go.', '{{kindOf (dict)}} {{kindOf "a"}}', 1, kindOf),
    kindIs: define(
      'Whether a value is of a kind.',
      '{{kindIs "slice" (list 1)}}',
      2,
      (name, value) => kindOf(value) === textArgument(name),
    ),
    deepEqual: define(
      'Whether two values are equal all through.',
      '{{deepEqual (list 1 2) (list 1 2)}}',
      2,
      (left, right) => deepEqual(left ?? null, right ?? null),
      {
        isDeep: true,
      },
    ),
  },
};

function kindOf(value: TemplateValue): string {
  if (typeof value !== 'object' && value !== undefined) return goTypeOf(value);
  if (value === null || value === undefined) return 'invalid';
  if (Array.isArray(value) || value instanceof Uint8Array) return 'slice';
  if (value instanceof Opaque) return 'ptr';
  return isDateTime(value) ? 'struct' : 'map';
}
