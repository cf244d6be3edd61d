import {any, type DataType} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import type {
  AggregateFunction,
  AggregateKernel,
  AnalyticFunction,
  ColumnsFunction,
  FunctionDefinition,
  FunctionFamily,
  NullRule,
  Parameter,
  ParameterType,
  ScalarFunction,
  Scope,
  TableFunction,
  TriggerFunction,
  WindowFunction,
} from './function.ts';

type Returns = DataType | FunctionDefinition['returns'];

/** What an entry may leave out: no aliases, no parameters, null of null, any result. */
interface Defaults {
  readonly aliases?: readonly string[];
  readonly params?: readonly Parameter[];
  readonly nullRule?: NullRule;
  readonly returns?: Returns;
}

type Entry<T> = Omit<T, 'kind' | 'pure' | 'usesScope' | 'call' | keyof Defaults> & Defaults;

/** A required parameter. */
export function param(name: string, type: ParameterType, summary: string): Parameter {
  return {name, type, summary, optional: false, repeated: false, literal: false};
}

/** A parameter that may be left out. */
export function optional(parameter: Parameter): Parameter {
  return {...parameter, optional: true};
}

/** The last parameter, given any number of times: once at least, unless optional. */
export function repeated(parameter: Parameter): Parameter {
  return {...parameter, repeated: true};
}

/** A parameter whose argument must be a constant. */
export function literal(parameter: Parameter): Parameter {
  return {...parameter, literal: true};
}

/** A function of its arguments alone: the same ones give the same result. */
export function scalar(entry: Entry<ScalarFunction> & {readonly call: ScalarFunction['call']}): ScalarFunction {
  return {...complete(entry), kind: 'scalar', pure: true, usesScope: false};
}

/** A function of its arguments and of the rule, row or moment; `call` takes the scope first. */
export function scopedScalar(entry: Entry<ScalarFunction> & {readonly call: (scope: Scope, ...values: never[]) => Value}): ScalarFunction {
  return {...complete(entry), kind: 'scalar', pure: false, usesScope: true, call: entry.call as ScalarFunction['call']};
}

/** A function that gives something else each time. */
export function impureScalar(entry: Entry<ScalarFunction> & {readonly call: ScalarFunction['call']}): ScalarFunction {
  return {...complete(entry), kind: 'scalar', pure: false, usesScope: false};
}

/** An aggregate; its null rule is its own business: `add` sees every value. */
export function aggregate<State>(entry: Entry<AggregateFunction<State>>): AggregateFunction {
  return {...complete(entry), kind: 'aggregate', usesScope: false} as AggregateFunction<State> as unknown as AggregateFunction;
}

/** A form of an aggregate for one static kind of argument; its state is its own. */
export function kernel<State>(form: AggregateKernel<State>): AggregateKernel<never> {
  return form as unknown as AggregateKernel<never>;
}

export function analytic<State>(entry: Entry<AnalyticFunction<State>>): AnalyticFunction {
  return {...complete(entry), kind: 'analytic'} as AnalyticFunction<State> as unknown as AnalyticFunction;
}

export function table(entry: Entry<TableFunction> & {readonly call: TableFunction['call']}): TableFunction {
  return {...complete(entry), kind: 'table'};
}

export function columns<State>(entry: Entry<ColumnsFunction<State>>): ColumnsFunction {
  return {...complete(entry), kind: 'columns'} as ColumnsFunction<State> as unknown as ColumnsFunction;
}

export function windowFunction(entry: Entry<WindowFunction>): WindowFunction {
  return {...complete(entry), kind: 'window'};
}

export function trigger(entry: Entry<TriggerFunction>): TriggerFunction {
  return {...complete(entry), kind: 'trigger'};
}

/** Functions that belong together on one reference page, in its order. */
export function family(title: string, functions: readonly FunctionDefinition[]): FunctionFamily {
  return {title, functions};
}

/** The type of the argument at `position`: for functions that give back what they are given. */
export function typeOfArgument(position: number): FunctionDefinition['returns'] {
  return types => types[position] ?? any;
}

function complete<T extends Defaults>(
  entry: T,
): Omit<T, keyof Defaults> & Required<Omit<Defaults, 'returns'>> & Pick<FunctionDefinition, 'returns'> {
  const {aliases = [], params = [], nullRule = 'null', returns = any, ...rest} = entry;
  return {...rest, aliases, params, nullRule, returns: typeof returns === 'function' ? returns : () => returns};
}
