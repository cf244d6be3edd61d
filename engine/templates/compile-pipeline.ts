import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {templateFunctions} from './functions/registry.ts';
import type {TemplateFunction} from './functions/template-function.ts';
import type {RenderState} from './render-state.ts';
import {TemplateError} from './template-error.ts';
import {isTrue, memberOf, type TemplateValue} from './template-value.ts';
import type {Command, Operand, Pipeline} from './tree.ts';

/** Gives the value of a pipeline or operand on the data. */
export type Evaluate = (state: RenderState, dot: TemplateValue) => TemplateValue;

/** What a template is compiled in. */
export interface Setting {
  /** The template, for errors. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Set when a call changes an object, which may belong to the data. */
  mutates: boolean;
}

/** Turns a pipeline into a function; its variables are set by `setVariables`. */
export function compilePipeline(pipeline: Pipeline, setting: Setting): Evaluate {
  const evaluate = pipeline.commands.reduce<Evaluate | undefined>((fed, command) => compileCommand(command, fed, setting), undefined)!;
  const [variable] = pipeline.variables;
  if (variable === undefined) return evaluate;
  return (state, dot) => (state.variables[variable] = evaluate(state, dot));
}

/** As `compilePipeline`, for a range, whose loop sets the variables. */
export function compileRangePipeline(pipeline: Pipeline, setting: Setting): Evaluate {
  return compilePipeline({...pipeline, variables: []}, setting);
}

function compileCommand({operands}: Command, fed: Evaluate | undefined, setting: Setting): Evaluate {
  const [first, ...rest] = operands;
  if (first.kind !== 'function') return compileOperand(first, setting);
  const values = rest.map(operand => compileOperand(operand, setting));
  if (fed) values.push(fed);
  return withPath(compileCall(first, values, setting), first.path);
}

function compileOperand(operand: Operand, setting: Setting): Evaluate {
  switch (operand.kind) {
    case 'literal': {
      const {value} = operand;
      return () => value;
    }
    case 'dot':
      return withPath((_, dot) => dot, operand.path);
    case 'variable': {
      const {variable} = operand;
      return withPath(state => state.variables[variable], operand.path);
    }
    case 'group':
      return withPath(compilePipeline(operand.pipeline, setting), operand.path);
    case 'function':
      return withPath(compileCall(operand, [], setting), operand.path);
  }
}

function withPath(evaluate: Evaluate, path: readonly string[]): Evaluate {
  return path.reduce<Evaluate>((target, name) => (state, dot) => memberOf(target(state, dot), name), evaluate);
}

function compileCall(operand: Extract<Operand, {kind: 'function'}>, values: readonly Evaluate[], setting: Setting): Evaluate {
  const {name} = operand;
  const {text} = setting;
  // These two decide as soon as they can.
  if (name === 'and' || name === 'or') {
    if (values.length === 0) throw wrongCount(operand, 'at least 1', 0, text);
    return compileShortCut(values, name === 'or');
  }
  const definition = templateFunctions.get(name)!;
  const {least, most} = definition;
  if (values.length < least || values.length > most) throw wrongCount(operand, expectedCount(definition), values.length, text);
  if (definition.mutates) setting.mutates = true;
  const call = guarded(name, definition, definition.atTime?.(setting.now) ?? definition.call);
  return (state, dot) => {
    state.budget.spend(1);
    return call(
      state,
      values.map(value => value(state, dot)),
    );
  };
}

function compileShortCut(values: readonly Evaluate[], stopsAt: boolean): Evaluate {
  return (state, dot) => {
    let result: TemplateValue;
    for (const value of values) {
      result = value(state, dot);
      if (isTrue(result) === stopsAt) break;
    }
    return result;
  };
}

/** Charges for arguments and result, names the function in errors, and gives null for what is missing to functions that do not tell. */
function guarded(
  name: string,
  {seesMissing, isDeep, mutates, steps}: TemplateFunction,
  call: TemplateFunction['call'],
): (state: RenderState, values: TemplateValue[]) => TemplateValue {
  return ({budget}, values) => {
    for (let i = 0; i < values.length; i++) {
      if (values[i] === undefined && !seesMissing) values[i] = null;
      budget.charge(values[i]);
      if (isDeep) budget.spend(budget.weigh(values[i]) >> 4);
    }
    if (steps) budget.spend(steps(...values));
    let result: TemplateValue;
    try {
      result = call(...values);
    } catch (thrown) {
      if (!(thrown instanceof EvaluationError)) throw thrown;
      throw new EvaluationError(`${name}: ${messageOf(thrown)}`);
    }
    if (mutates) budget.forgetWeights();
    budget.charge(result);
    if (typeof result === 'object') budget.weigh(result);
    return result;
  };
}

function expectedCount({least, most}: TemplateFunction): string {
  if (least === most) return String(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
}

function wrongCount({name, at}: Extract<Operand, {kind: 'function'}>, expected: string, found: number, text: string): TemplateError {
  return new TemplateError(`"${name}" takes ${expected} arguments, found ${found}`, text, at, at + name.length);
}
