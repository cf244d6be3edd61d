import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import type {Value} from '#engine/values/value.ts';

type Call = (...values: never[]) => Value;

/** By function, then by number of arguments. */
const named = new WeakMap<Call, Call[]>();

/**
 * A function of the registry, or a kernel of one, whose errors tell its name. One object for each function and number of
 * arguments, so that all rules share it.
 */
export function namedCall(name: string, call: Call, count: number): Call {
  let forms = named.get(call);
  if (forms === undefined) named.set(call, (forms = []));
  return (forms[count] ??= withName(name, call as (...values: unknown[]) => Value, count));
}

/** Written out for few arguments: collecting them in an array costs more than most functions. */
function withName(name: string, call: (...values: unknown[]) => Value, count: number): Call {
  const fail = (thrown: unknown) => new EvaluationError(`call func ${name} error: ${messageOf(thrown)}`);
  switch (count) {
    case 1:
      return (a: unknown) => {
        try {
          return call(a);
        } catch (thrown) {
          throw fail(thrown);
        }
      };
    case 2:
      return (a: unknown, b: unknown) => {
        try {
          return call(a, b);
        } catch (thrown) {
          throw fail(thrown);
        }
      };
    case 3:
      return (a: unknown, b: unknown, c: unknown) => {
        try {
          return call(a, b, c);
        } catch (thrown) {
          throw fail(thrown);
        }
      };
    default:
      return (...values: unknown[]) => {
        try {
          return call(...values);
        } catch (thrown) {
          throw fail(thrown);
        }
      };
  }
}
