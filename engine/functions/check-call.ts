import type {Value} from '#engine/values/value.ts';
import type {FunctionDefinition, Parameter, ParameterType} from './function.ts';

/**
 * What is wrong with a call before it runs, in eKuiper's words, or undefined: the number of arguments, the types of literal ones, then the
 * function's own check. `literals` has one element per argument: the value of a literal in the untyped form, the path of a reference,
 * undefined for any other expression.
 */
export function checkCall(definition: FunctionDefinition, literals: readonly (Value | undefined)[]): string | undefined {
  const {params} = definition;
  const wrongCount = checkCount(params, literals.length);
  if (wrongCount !== undefined) return wrongCount;
  for (const [i, value] of literals.entries()) {
    const parameter = params[i] ?? params.at(-1)!;
    if (parameter.type === 'reference') continue;
    if (value === undefined) {
      if (parameter.literal) return `Expect a constant for parameter ${i + 1}`;
    } else if (value !== null && !accepts(parameter.type, value)) return `Expect ${typeNames[parameter.type]} type for parameter ${i + 1}`;
  }
  return definition.check?.(literals);
}

function checkCount(params: readonly Parameter[], found: number): string | undefined {
  const least = params.filter(parameter => !parameter.optional).length;
  const most = params.at(-1)?.repeated ? Number.POSITIVE_INFINITY : params.length;
  if (found >= least && found <= most) return undefined;
  if (most === least) return `Expect ${least} arguments but found ${found}.`;
  if (most !== Number.POSITIVE_INFINITY)
    return `Expect ${least}${most === least + 1 ? ' or ' : ' to '}${most} arguments but found ${found}.`;
  return least === 1 ? 'The arguments should be at least one.' : `Expect at least ${least} arguments but found ${found}.`;
}

function accepts(type: ParameterType, value: Exclude<Value, null>): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'int':
      return typeof value === 'bigint';
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'datetime':
      return typeof value !== 'boolean';
    default:
      return true;
  }
}

const typeNames: Readonly<Record<ParameterType, string>> = {
  any: 'any',
  number: 'number - float or int',
  int: 'int',
  string: 'string',
  boolean: 'bool',
  datetime: 'datetime',
  array: 'array',
  object: 'object',
  reference: 'meta reference',
};
