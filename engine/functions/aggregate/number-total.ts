import {EvaluationError} from '#engine/base/errors.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';

/**
 * What `sum` and `avg` keep of values whose type is known only at run time. The type of the result is the first value's:
 * after an int, later floats are cut to ints; after a float, a later int is an error. An error shows in the result, not in `add`: it costs
 * the window, not the rule.
 *
 * A pane of floats alone may be merged behind one that begins with an int, so that the cut floats are summed beside the floats. To keep
 * that off the usual path, they are added up as a number while every partial sum is safe.
 */
export interface NumberTotal {
  first: 'int' | 'float' | undefined;
  count: number;
  /** The floats. */
  real: number;
  /** The ints, and the floats beyond `cutSafely`, cut; wraps at 64 bits. */
  whole: bigint;
  /** Floats cut to whole numbers, while the sum is a safe one. */
  cutSafely: number;
  /** One of the ints, for the error. */
  someInt: bigint | undefined;
  /** The first value that is no number, described. */
  invalid: string | undefined;
}

export function emptyTotal(): NumberTotal {
  return {first: undefined, count: 0, real: 0, whole: 0n, cutSafely: 0, someInt: undefined, invalid: undefined};
}

export function addToTotal(total: NumberTotal, value: Value): NumberTotal {
  if (typeof value === 'number') {
    total.first ??= 'float';
    total.count++;
    total.real += value;
    addCut(total, Math.trunc(value));
  } else if (typeof value === 'bigint') {
    total.first ??= 'int';
    total.count++;
    total.whole = BigInt.asIntN(64, total.whole + value);
    total.someInt ??= value;
  } else if (value !== null) total.invalid ??= describe(value);
  return total;
}

export function mergeTotals(earlier: NumberTotal, later: NumberTotal): NumberTotal {
  const total: NumberTotal = {
    first: earlier.first ?? later.first,
    count: earlier.count + later.count,
    real: earlier.real + later.real,
    whole: BigInt.asIntN(64, earlier.whole + later.whole),
    cutSafely: earlier.cutSafely,
    someInt: earlier.someInt ?? later.someInt,
    invalid: earlier.invalid ?? later.invalid,
  };
  addCut(total, later.cutSafely);
  return total;
}

/** The sum with the type of the first value; null of no value. `name` is the function's, for errors. */
export function resultOfTotal(total: NumberTotal, name: string): bigint | number | null {
  if (total.invalid !== undefined) throw new EvaluationError(`run ${name} function error: found invalid arg ${total.invalid}`);
  if (total.first === undefined) return null;
  if (total.first === 'int') return BigInt.asIntN(64, total.whole + BigInt(total.cutSafely));
  if (total.someInt !== undefined)
    throw new EvaluationError(`run ${name} function error: requires float64 but found int64(${total.someInt})`);
  return total.real;
}

function addCut(total: NumberTotal, whole: number): void {
  const sum = total.cutSafely + whole;
  if (Number.isSafeInteger(sum)) total.cutSafely = sum;
  else if (Number.isFinite(whole)) total.whole = BigInt.asIntN(64, total.whole + BigInt(whole));
}
