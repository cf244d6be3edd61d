import {EvaluationError} from '#engine/base/errors.ts';
import type {Value} from '#engine/values/value.ts';
import {param} from '../define.ts';

export const array = param('array', 'array', 'An array.');

/** The argument at `position` (first, second …) as an array. */
export function arrayOfArgument(value: Value, position: 'first' | 'second'): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new EvaluationError(`${position} argument should be array of interface{}`);
}

/** How many elements a function makes at most: a number from a message must not fill the memory. */
export const mostElements = 1_000_000;
