import {EvaluationError} from '#engine/base/errors.ts';
import {goTypeOf, type TemplateValue} from '../template-value.ts';

type Call = (...values: TemplateValue[]) => TemplateValue;

/** A function of templates. Errors are EvaluationErrors; the caller puts the name before them. */
export interface TemplateFunction {
  readonly summary: string;
  /** A template that shows it; the reference gives its output. */
  readonly example: string;
  readonly aliases: readonly string[];
  readonly least: number;
  readonly most: number;
  /** Whether a missing member reaches it as undefined; others see null. */
  readonly seesMissing: boolean;
  /** Whether it walks all that its arguments hold, which is charged for. */
  readonly isDeep: boolean;
  /** Whether it changes its first argument: the data are then copied before the template runs. */
  readonly mutates: boolean;
  readonly call: Call;
  /** In place of `call`, where the result depends on the present. */
  readonly atTime?: (now: () => number) => Call;
  /** Steps that a call takes beyond those for the length of its arguments. */
  readonly steps?: (...values: TemplateValue[]) => number;
}

export interface TemplateFamily {
  readonly title: string;
  readonly functions: Readonly<Record<string, TemplateFunction>>;
}

type Traits = Partial<Pick<TemplateFunction, 'aliases' | 'seesMissing' | 'isDeep' | 'mutates' | 'steps'>>;

/** Any number of arguments from `least` on. */
export function from(least: number): readonly [number, number] {
  return [least, Number.POSITIVE_INFINITY];
}

/** A function that takes `arity` arguments, or from the first to the second number of it. */
export function define(
  summary: string,
  example: string,
  arity: number | readonly [least: number, most: number],
  call: Call,
  traits: Traits = {},
): TemplateFunction {
  const [least, most] = typeof arity === 'number' ? [arity, arity] : arity;
  return {summary, example, aliases: [], least, most, seesMissing: false, isDeep: false, mutates: false, ...traits, call};
}

/** A function that needs to know the present, in milliseconds since 1970. */
export function defineAtTime(
  summary: string,
  example: string,
  arity: number | readonly [least: number, most: number],
  atTime: (now: () => number) => Call,
  traits: Traits = {},
): TemplateFunction {
  return {...define(summary, example, arity, () => null, traits), atTime};
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
