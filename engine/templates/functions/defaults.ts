import {EvaluationError} from '#engine/base/errors.ts';
import {goTypeOf, isTrue} from '../template-value.ts';
import {define, from, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's defaults and decisions. */
export const defaultFunctions: TemplateFamily = {
  title: 'Defaults and decisions',
  functions: {
    default: define('The second value, the first where that counts as false.', '{{default "none" ""}}', [1, 2], (fallback, value) =>
      isTrue(value) ? value : fallback,
    ),
    empty: define('Whether a value counts as false.', '{{empty (list)}}', 1, value => !isTrue(value)),
    coalesce: define(
      'The first value that counts as true.',
      '{{coalesce 0 "" "a" "b"}}',
      from(0),
      (...values) => values.find(isTrue) ?? null,
    ),
    all: define('Whether all values count as true.', '{{all 1 "a" ""}}', from(0), (...values) => values.every(isTrue)),
    any: define('Whether a value counts as true.', '{{any 0 "a" ""}}', from(0), (...values) => values.some(isTrue)),
    ternary: define(
      'The first value where the third is true, else the second.',
      '{{true | ternary "yes" "no"}}',
      3,
      (whenTrue, whenFalse, condition) => {
        if (typeof condition !== 'boolean') throw new EvaluationError(`expected bool, found ${goTypeOf(condition)}`);
        return condition ? whenTrue : whenFalse;
      },
    ),
    fail: define('Gives up with a message: nothing is sent for these rows.', '{{if false}}{{fail "no value"}}{{end}}ok', 1, message => {
      throw new EvaluationError(textArgument(message));
    }),
    hello: define('A greeting, to try templates with.', '{{hello}}', 0, () => 'Hello!'),
  },
};
