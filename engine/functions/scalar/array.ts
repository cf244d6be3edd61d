import {EvaluationError} from '#engine/base/errors.ts';
import {untyped} from '#engine/values/coercion.ts';
import {any, arrayOf} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {checkCall} from '../check-call.ts';
import {family, param, scopedScalar} from '../define.ts';
import type {FunctionDefinition, FunctionFamily, ScalarFunction, Scope} from '../function.ts';
import {array} from './array-arguments.ts';
import {arrayMakeFunctions} from './array-make.ts';
import {arrayOrderFunctions} from './array-order.ts';
import {arraySearchFunctions} from './array-search.ts';
import {arraySetFunctions} from './array-set.ts';

/** `find` gives the function of a name, exactly as written: the functions array_map may call. */
export function arrayFunctions(find: (name: string) => FunctionDefinition | undefined): FunctionFamily {
  return family('Array functions', [
    ...arraySearchFunctions,
    ...arraySetFunctions,
    ...arrayOrderFunctions,
    ...arrayMakeFunctions,
    arrayMap(find),
  ]);
}

function arrayMap(find: (name: string) => FunctionDefinition | undefined): ScalarFunction {
  return scopedScalar({
    name: 'array_map',
    summary: 'An array with the results of a function for each element.',
    params: [param('function', 'string', 'The name, in lower case, of a scalar function that takes one argument.'), array],
    examples: [
      ["array_map('round', a)", [0.0, 0.0, 1.0], {a: [0.0, 0.4, 1.2]}],
      ["array_map('length', a)", [3n, 2n], {a: ['fan', '温度']}],
    ],
    returns: arrayOf(any),
    call: (scope: Scope, name: Value, list: Value) => {
      const definition = typeof name === 'string' ? find(name) : undefined;
      if (definition === undefined) throw new EvaluationError(`unknown built-in function: ${toText(name)}.`);
      if (definition.kind !== 'scalar') throw new EvaluationError('first argument should be a scalar function.');
      if (definition.params[0]?.type === 'reference' || checkCall(definition, [undefined]) !== undefined)
        throw new EvaluationError(`validate ${name} arguments failed: expected a function of one argument`);
      if (!Array.isArray(list)) throw new EvaluationError('second argument should be array of interface{}');
      const type = definition.returns([any]);
      return list.map(item => untyped(callOn(definition, scope, item), type));
    },
  });
}

/** The function itself sees a null or empty element, whatever its null rule, as in eKuiper: what it cannot take is an error. */
function callOn(definition: ScalarFunction, scope: Scope, item: Value): Value {
  const call = definition.call as unknown as (...values: readonly unknown[]) => Value;
  try {
    return definition.usesScope ? call(scope, item) : call(item);
  } catch (thrown) {
    // No function but those of null rule `seen` promises anything for a null.
    const reason = thrown instanceof EvaluationError ? thrown.message : `expected a value, not ${describe(item)}`;
    throw new EvaluationError(`call func ${definition.name} error: ${reason}`);
  }
}
