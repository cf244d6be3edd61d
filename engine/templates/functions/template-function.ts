import {EvaluationError} from '#engine/base/errors.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';

/** A function of templates. Errors are EvaluationErrors; the caller puts the name before them. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  /** Whether a missing member reaches it as undefined; others see null. */
  readonly seesMissing: boolean;
  readonly call: (...values: TemplateValue[]) => TemplateValue;
}

/** A function with a fixed number of arguments, or up to `most`. */
export function templateFunction(least: number, call: TemplateFunction['call'], most = least): TemplateFunction {
  return {least, most, seesMissing: false, call};
}

/** A function of any number of arguments from `least` on. */
export function variadic(least: number, call: TemplateFunction['call']): TemplateFunction {
  return templateFunction(least, call, Number.POSITIVE_INFINITY);
}

/** The same function, told when a member is missing. */
export function seeingMissing(one: TemplateFunction): TemplateFunction {
  return {...one, seesMissing: true};
}

/** The argument as a text; numbers and others are refused, as Go does. */
export function textArgument(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  throw new EvaluationError(`expected string, found ${goTypeOf(value)}`);
}

/** The argument as a whole number of reasonable size. */
export function intArgument(value: TemplateValue): number {
  if (typeof value === 'bigint') return Number(value);
  throw new EvaluationError(`expected int, found ${goTypeOf(value)}`);
}

/** The argument as a list. */
export function listArgument(value: TemplateValue): readonly Exclude<TemplateValue, undefined>[] {
  if (Array.isArray(value)) return value;
  throw new EvaluationError(`expected a list, found ${goTypeOf(value)}`);
}
