import {EvaluationError} from '#engine/base/errors.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';
import {define, from, type TemplateFamily} from './template-function.ts';

const noOrder = 'incompatible types for comparison';

function equal(left: TemplateValue, right: TemplateValue): boolean {
  if (isNothing(left) || isNothing(right)) return isNothing(left) && isNothing(right);
  if (goTypeOf(left) !== goTypeOf(right)) {
    if (isBasic(left) || isBasic(right))
      throw new EvaluationError(`${noOrder}: ${goTypeOf(left)} and ${goTypeOf(right)} (write 30.0 for a float)`);
    return false;
  }
  if (!isBasic(left)) throw new EvaluationError(`${goTypeOf(left)} cannot be compared`);
  return left === right;
}

function less(left: TemplateValue, right: TemplateValue): boolean {
  if (!isOrdered(left) || !isOrdered(right))
    throw new EvaluationError(`invalid type for comparison: ${goTypeOf(isOrdered(left) ? right : left)}`);
  if (typeof left !== typeof right)
    throw new EvaluationError(`${noOrder}: ${goTypeOf(left)} and ${goTypeOf(right)} (write 30.0 for a float)`);
  return typeof left === 'string' ? compareBytes(left, right as string) < 0 : left < (right as typeof left);
}

function isNothing(value: TemplateValue): boolean {
  return value === undefined || value === null;
}

function isBasic(value: TemplateValue): boolean {
  return typeof value !== 'object' && value !== undefined;
}

function isOrdered(value: TemplateValue): value is bigint | number | string {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string';
}

/** The comparisons of text/template: int with float is an error. */
export const comparisons: TemplateFamily = {
  title: 'Comparisons',
  functions: {
    eq: define(
      'Whether the first value equals one of the others.',
      '{{eq "b" "a" "b"}}',
      from(2),
      (first, ...others) => others.some(other => equal(first, other)),
      {seesMissing: true},
    ),
    ne: define('Whether two values differ.', '{{ne 1 2}}', 2, (left, right) => !equal(left, right), {seesMissing: true}),
    lt: define('Whether the first is less.', '{{lt 1.5 2.0}}', 2, (left, right) => less(left, right), {seesMissing: true}),
    le: define('Whether the first is less or equal.', '{{le 2 2}}', 2, (left, right) => less(left, right) || equal(left, right), {
      seesMissing: true,
    }),
    gt: define('Whether the first is greater.', '{{gt 31.5 30.0}}', 2, (left, right) => !(less(left, right) || equal(left, right)), {
      seesMissing: true,
    }),
    ge: define('Whether the first is greater or equal.', '{{ge "b" "a"}}', 2, (left, right) => !less(left, right), {seesMissing: true}),
  },
};
